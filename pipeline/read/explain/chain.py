"""From one published row to the source rows behind it.

Which columns a cell is made of stands in the release's `lineage.json`, read from the SQL by sqlglot. Which rows of a
source those are stands in the row itself, `source_row`; one that rests on many has none, and is told so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipeline.publish.reader import Release
from pipeline.settings import UserError

# Of a source as a whole the newest rows are shown and the rest counted.
SHOWN = 5
# A row of a table, and what is said of it: all that `--json` can print.
Json = dict[str, Any]


@dataclass(frozen=True)
class Leaf:
    """A column of a source, crosswalk or forecast file behind a published column; `direct` if carried over as it is."""

    node: str
    column: str
    direct: bool


@dataclass
class Chain:
    """Follows lineage in one release."""

    release: Release
    connection: duckdb.DuckDBPyConnection
    _leaves: dict[tuple[str, str], tuple[Leaf, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises UserError where the release's rows do not name rows of sources."""
        # Lineage and its relations by name, as pipeline/build/lineage.py describes them; published tables with columns.
        self.graph: Mapping[str, Any] = self.release.lineage
        self.nodes: Mapping[str, Any] = self.graph.get("nodes", {})
        self.tables = self.release.columns
        if not self.graph or not any("source_row" in columns for columns in self.tables.values()):
            raise UserError(f"Release {self.release.id} was made before rows named their sources' rows: refresh.")

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[Json]:
        """Rows of a query on the release."""
        cursor = self.connection.execute(sql, list(values))
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def leaves(self, node: str, column: str) -> tuple[Leaf, ...]:
        """What a column is made of in the end, through every model between."""
        if (node, column) not in self._leaves:
            found: dict[tuple[str, str], bool] = {}
            for origin in self.nodes[node]["columns"].get(column, []):
                below: Iterable[Leaf] = [Leaf(origin["node"], origin["column"], True)]
                if self.nodes[origin["node"]]["kind"] == "model":
                    below = self.leaves(origin["node"], origin["column"])
                for leaf in below:
                    key = leaf.node, leaf.column
                    found[key] = found.get(key, False) or (leaf.direct and origin["direct"])
            self._leaves[node, column] = tuple(Leaf(*key, direct) for key, direct in found.items())
        return self._leaves[node, column]

    def row(self, table: str, row: Json, columns: Sequence[str], depth: int = 0) -> Json:
        """The chain behind one published row; `depth` counts the published tables already passed."""
        from pipeline.read.explain import forecast

        made_of = {column: self.leaves(table, column) for column in columns}
        used = {leaf.node for leaves in made_of.values() for leaf in leaves}
        ours = bool(row.get("source_id")) and f"raw.{row['source_id']}" not in self.nodes
        if ours or not any(self._kind(node) in ("source", "forecast") for node in used):
            # Made by a model of ours, or only literals and crosswalks are in these columns: what the whole row rests on.
            used |= {leaf.node for name in self.nodes[table]["columns"] for leaf in self.leaves(table, name)}
        found: Json = {
            "table": table,
            "row": row,
            "model": {"path": self.nodes[table]["path"], "description": self.release.resource(table)["description"]},
            "parents": self.ancestors(table),
            "columns": {
                column: [f"{leaf.node}.{leaf.column}" + ("" if leaf.direct else " (worked on)") for leaf in leaves]
                for column, leaves in made_of.items()
            },
        }
        facts = sorted(node for node in used if self._kind(node) in ("source", "seed"))
        if row.get("source_id"):
            named = f"raw.{row['source_id']}"
            facts = [named] if named in self.nodes and self._kind(named) == "source" else []
        found["facts"] = [self._facts(table, row, node) for node in facts]
        steps = sorted(node for node in used if self._kind(node) == "forecast")
        if not found["facts"] and steps and depth < forecast.DEPTH:
            found["forecast"] = forecast.behind(self, table, row, steps, depth)
        found["documents"] = documents(found)
        return found

    def ancestors(self, table: str) -> list[Json]:
        """Every relation that a table is made of, nearest first."""
        above = self.release.ancestors(table)
        return [{"name": name, **{key: self.nodes[name][key] for key in ("kind", "path")}} for name in above]

    def file(self, node: str) -> Json:
        """The file that the rows of a source or crosswalk stand in, with its hash, and what the source is."""
        entry, name = self.nodes[node], node.split(".")[1]
        known = self.rows("select title, licence, url from market.sources where source_id = ?", [name])
        about = known[0] if known else {"title": "crosswalk of this project", "licence": None, "url": None}
        return {"source_id": name, **about, "file": entry["path"], "sha256": entry["sha256"], "landed": entry["landed"]}

    def _kind(self, node: str) -> str:
        return self.nodes[node]["kind"]

    def _facts(self, table: str, row: Json, node: str) -> Json:
        """The source's rows that the row names by their keys, else those of the source as a whole, the newest shown."""
        rows = f"from {self.release.source(node)}"
        keys = row.get("source_row") or row.get("row_key")
        if self._kind(node) == "seed":
            found = self._entries(table, row, node)
        elif keys:
            found = self.rows(f"{rows} where list_contains(?, source_row)", [keys.split("\n")])
        else:
            count = self.rows(f"select count(*) as n {rows}")[0]["n"]
            newest = self.rows(f"{rows} order by reported_on desc, source_row limit {SHOWN}")
            return {**self.file(node), "whole": True, "rows_found": count, "rows": newest}
        return {**self.file(node), "whole": False, "rows_found": len(found), "rows": found}

    def _entries(self, table: str, row: Json, node: str) -> list[Json]:
        """The entries of a crosswalk that hold every value that the row carries over from it."""
        held = {
            leaf.column: row[name]
            for name in self.nodes[table]["columns"]
            for leaf in self.leaves(table, name)
            if leaf.node == node and leaf.direct and row.get(name) is not None
        }
        if not held:
            return []
        same = " and ".join(f'"{column}"::varchar = ?::varchar' for column in held)
        return self.rows(f"from {self.release.source(node)} where {same} limit {SHOWN}", held.values())


def documents(found: Json) -> list[Json]:
    """Where a chain ends: the distinct files and documents of every fact in it, those of the row itself first."""
    ends: dict[tuple, Json] = {}
    for fact in _every_fact(found):
        for row in fact["rows"]:
            landed = [one for one in fact["landed"] if one["retrieved_on"] == str(row.get("retrieved_at"))]
            at = landed[0] if landed else fact
            end = {
                "source_id": fact["source_id"],
                "file": at["file"],
                "sha256": at["sha256"],
                "source_citation": row.get("source_citation") or fact["title"],
                "source_url": row.get("source_url") or at.get("source_url"),
                "url_status": "recorded" if row.get("source_url") or landed else "not_recorded",
                "source_homepage_url": fact["url"],
                "reported_on": row.get("reported_on"),
                "confidence": row.get("confidence"),
            }
            ends.setdefault(tuple(end.values()), end)
    return list(ends.values())


def _every_fact(found: Json) -> list[Json]:
    facts = list(found.get("facts", []))
    for each in found.get("forecast", {}).get("inputs", []):
        facts += each.get("sources", [])
        for shown in each.get("shown", []):
            facts += _every_fact(shown)
    return facts
