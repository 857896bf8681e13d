"""Two releases beside each other: facts by primary key, and forecasts with what made them move."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipeline.publish import diff, diff_forecasts
from pipeline.publish.diff import TableDiff
from pipeline.publish.reader import Release


@dataclass
class Diff:
    """Two releases beside each other. `schema` has one line per table or column that came or went,
    `vanished` one per row that the earlier held and the later found broken."""

    before: str
    after: str
    is_live: bool = False
    facts: list[TableDiff] = field(default_factory=list)
    schema: list[str] = field(default_factory=list)
    forecasts: list[dict[str, Any]] = field(default_factory=list)
    causes: dict[str, list[str]] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)


def compare(before: Path, after: Path) -> Diff:
    """Compare the release in `before` with the later one in `after`."""
    old, new = Release(before), Release(after)
    is_live = new.package.get("mode") == "live"
    found = Diff(str(old.package["id"]), str(new.package["id"]), is_live, schema=diff.schema(old, new))
    with duckdb.connect() as connection:
        found.facts = diff.facts(connection, old, new)
        found.vanished = diff.vanished(connection, new)
        found.causes = diff_forecasts.causes(connection, old, new, found.facts)
        found.forecasts = diff_forecasts.moves(connection, old, new, found.facts, found.causes)
    return found
