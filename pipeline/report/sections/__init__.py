"""The sections of the page: each one file that holds its `SECTION`, with its SQL beside it as `<section>.<query>.sql`.

Belongs here: what is said, drawn and listed. What several sections need stands in `charts`, `text` and `section`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from pipeline.report.section import Section

FOLDER = Path(__file__).parent


def sections() -> dict[str, Section]:
    """Every section by the name of its file, in the order of the page."""
    found = {module.name: import_module(f"{__name__}.{module.name}").SECTION for module in iter_modules(__path__)}
    return dict(sorted(found.items(), key=lambda named: named[1].place))


def query(section: str, name: str, words: Mapping[str, object]) -> str:
    """The SQL of a section's figure or table, with words in place of its braces."""
    sql = (FOLDER / f"{section}.{name}.sql").read_text().strip()
    for key, value in words.items():
        sql = sql.replace(f"{{{key}}}", str(value))
    return sql
