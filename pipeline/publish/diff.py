"""Which facts differ between two releases, by primary key.

Only the releases' own files are read. A fact is a row of a market table that a source stands behind; a row that a
model of ours made is a forecast, whatever its table.
"""

import filecmp
from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline.publish.reader import Release

# Columns that say where a fact is from, not what it says.
PROVENANCE = (
    "source_id", "source_row", "source_url", "source_citation", "url_status", "reported_on", "reported_on_basis",
    "confidence", "retrieved_at",
)  # fmt: skip
# Columns that pass with the days though nobody revised anything: what is newest or current, and who lists it.
PASSING = (
    "is_current",
    "is_announced",
    "is_latest_vintage",
    "is_newest_state",
    "observed_on",
    "listed_names",
    "used_in",
)
# Where one of these outside the key is later, another estimate or price followed: what was said before still holds.
EDITIONS = ("estimate_vintage", "valid_from")
# The end of what had none, such as a price that another followed.
END = "valid_to"
# What the pipeline says about sources is no fact of the market.
NO_FACTS = ("market.sources",)
# Sums run in any order: figures this close are equal.
TOLERANCE = 1e-9
EXAMPLES = 5


@dataclass(frozen=True)
class TableDiff:
    """Rows of one table that are new, gone or changed; `resourced` ones changed only in where they are from,
    or in what passes with the days. `followed`: those of the revised that are a later edition."""

    table: str
    rows_before: int
    added: int
    removed: int
    revised: int
    resourced: int
    examples: tuple[dict[str, Any], ...]
    followed: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.revised or self.resourced)


def facts(connection: duckdb.DuckDBPyConnection, old: Release, new: Release) -> list[TableDiff]:
    """What came, went or changed in every market table that both have and that sources stand behind."""
    found = []
    for table, key in new.keys.items():
        comparable = table in old.columns and set(key) <= set(old.columns[table])
        if table.startswith("market.") and table not in NO_FACTS and comparable and _has_facts(new, table):
            found.append(_table(connection, old, new, table, key))
    return found


def vanished(connection: duckdb.DuckDBPyConnection, new: Release) -> list[str]:
    """A line per broken rule of a row that the release before held."""
    table = "quality.rejected_rows"
    if "was_published" not in new.columns.get(table, []):
        return []
    line = "source_id || ', row ' || row_number || ': ' || field || ' ' || coalesce(value, '') || ' ' || reason"
    return [
        row
        for (row,) in connection.execute(
            f"select distinct {line} from {new.parquet(table)} where was_published order by 1"
        ).fetchall()
    ]


def schema(old: Release, new: Release) -> list[str]:
    """A line per table or column that came or went."""
    lines = [f"{table} is gone" for table in old.columns if table not in new.columns]
    lines += [f"{table} is new" for table in new.columns if table not in old.columns]
    for table, columns in new.columns.items():
        had = old.columns.get(table, columns)
        lines += [f"{table}.{name} is gone" for name in had if name not in columns]
        lines += [f"{table}.{name} is new" for name in columns if name not in had]
    return lines


def _has_facts(release: Release, table: str) -> bool:
    """Whether sources stand behind the table's rows: it says which, or no forecast is among what it is made of."""
    above = (release.lineage["nodes"].get(name, {"kind": ""})["kind"] for name in release.ancestors(table))
    return "source_id" in release.columns[table] or "forecast" not in above


def _rows(release: Release, table: str) -> str:
    """The facts of a table: rows of our own models, which name no source of the release, are left out."""
    sources = [
        name.split(".")[1] for name, node in release.lineage.get("nodes", {}).items() if node["kind"] == "source"
    ]
    if "source_id" not in release.columns[table] or not sources:
        return f"from {release.parquet(table)}"
    listed = ", ".join(f"'{source}'" for source in sources)
    return f"from {release.parquet(table)} where source_id in ({listed})"


def pairs(old: Release, new: Release, table: str, key: list[str]) -> str:
    """SQL clause `pairs`: each fact before (`a`) and after (`b`), and whether it is new, gone, revised, resourced."""
    shared = [name for name in new.columns[table] if name in old.columns[table]]
    on = " and ".join(f'a."{name}" = b."{name}"' for name in key)
    values = [name for name in shared if name not in key]
    numbers = new.numbers(table) & old.numbers(table)
    passing = (*PROVENANCE, *PASSING)
    ended = f'a."{END}" is not null and '
    revised = [(ended if name == END else "") + _differs(name, numbers) for name in values if name not in passing]
    resourced = [_differs(name, numbers) for name in values if name in (*passing, END)]
    followed = [f'coalesce(b."{name}" > a."{name}", false)' for name in values if name in EDITIONS]
    is_revised, is_resourced = " or ".join(revised) or "false", " or ".join(resourced) or "false"
    is_followed = " or ".join(followed) or "false"
    was, now = f'a."{key[0]}" is not null', f'b."{key[0]}" is not null'
    return f"""
        with a as (select * {_rows(old, table)}), b as (select * {_rows(new, table)}), pairs as (
            select a, b, {was} as was_there, not ({was}) as is_new, not ({now}) as is_gone,
                {was} and {now} and ({is_revised}) as is_revised,
                {was} and {now} and ({is_followed}) as is_followed,
                {was} and {now} and ({is_resourced}) and not ({is_revised}) as is_resourced
            from a full join b on {on}
        )
    """


def _table(connection: duckdb.DuckDBPyConnection, old: Release, new: Release, table: str, key: list[str]) -> TableDiff:
    if _is_untouched(old, new, table):
        ((rows,),) = connection.execute(f"select count(*) {_rows(old, table)}").fetchall()
        return TableDiff(table, rows, 0, 0, 0, 0, ())
    clause = pairs(old, new, table, key)
    kinds = ("was_there", "is_new", "is_gone", "is_revised", "is_resourced", "is_followed")
    counted = ", ".join(f"count(*) filter ({kind})" for kind in kinds)
    before, added, removed, changed, moved, followed = connection.execute(
        f"{clause} select {counted} from pairs"
    ).fetchall()[0]
    revised = f"{clause} select a, b from pairs where is_revised order by all limit {EXAMPLES}"
    rows = connection.execute(revised).fetchall() if changed else []
    examples = tuple(_example(key, was, now) for was, now in rows)
    return TableDiff(table, before, added, removed, changed, moved, examples, followed)


def _is_untouched(old: Release, new: Release, table: str) -> bool:
    """Whether both hold the same bytes, of which the same rows are facts: most tables of most releases."""
    was, now = (_rows(release, table).removeprefix(f"from {release.parquet(table)}") for release in (old, new))
    before, after = (release.folder / release.resource(table)["path"] for release in (old, new))
    return was == now and filecmp.cmp(before, after, shallow=False)


def _differs(name: str, numbers: set[str]) -> str:
    a, b = f'a."{name}"', f'b."{name}"'
    close = f" and not coalesce(abs({a} - {b}) <= {TOLERANCE} * abs({a}), false)" if name in numbers else ""
    return f"({a} is distinct from {b}{close})"


def _example(key: list[str], was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    changed = [name for name in now if name in was and was[name] != now[name] and name not in (*PROVENANCE, *PASSING)]
    return {
        "key": ", ".join(str(now[name]) for name in key),
        "columns": {name: [was[name], now[name]] for name in changed},
    }
