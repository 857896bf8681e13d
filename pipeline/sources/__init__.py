"""One file per upstream source, in the folder of its domain: where it comes from, licence, parse and contract.

A file here defines one `SOURCE`; `all_sources()` finds it. Nothing here knows Dagster, dbt or the forecasts.
"""

import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipeline.sources.base import Source

FOLDER = Path(__file__).parent
DOMAINS = ("chips", "pricing", "earnings", "usage")


@cache
def all_sources() -> tuple[Source, ...]:
    """Every source, ordered by domain and id, which its folder and file name."""
    found = []
    for domain in DOMAINS:
        package = importlib.import_module(f"pipeline.sources.{domain}")
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
            source = importlib.import_module(f"{package.__name__}.{info.name}").SOURCE
            found.append(replace(source, id=info.name, domain=domain))
    return tuple(found)
