"""One file per upstream source, in the folder of its domain: where it comes from, licence, parse and contract.

A file here defines one `SOURCE`; `all_sources()` finds it. Nothing here knows Dagster, dbt or the forecasts.
"""

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from pipeline.sources.base import Source

FOLDER = Path(__file__).parent
DOMAINS = ("chips", "pricing", "earnings", "usage")


@cache
def all_sources() -> tuple[Source, ...]:
    """Every source, ordered by domain and id.

    Raises ValueError where a file's name differs from the id of its source.
    """
    found = []
    for domain in DOMAINS:
        package = importlib.import_module(f"pipeline.sources.{domain}")
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
            source = importlib.import_module(f"{package.__name__}.{info.name}").SOURCE
            if source.id != info.name or source.domain != domain:
                raise ValueError(f"pipeline/sources/{domain}/{info.name}.py defines {source.domain}/{source.id}")
            found.append(source)
    return tuple(found)
