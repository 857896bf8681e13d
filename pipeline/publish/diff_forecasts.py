"""Which forecasts moved between two releases, and what moved them: facts, assumptions, models or code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipeline.publish.diff import TableDiff, pairs
from pipeline.publish.reader import Release
from pipeline.publish.same_entity import about

# These tables say themselves how others moved.
CHANGES = ("forecast.changes", "forecast.compute_changes")
# Smaller moves are left out: simulated paths and rounding move medians by less.
LEAST_MOVE_PCT = 0.1
REASONS = ("new_truth", "revised_truth", "assumption", "model", "code")


def causes(connection: duckdb.DuckDBPyConnection, old: Release, new: Release, facts: Sequence[TableDiff]) -> dict:
    """What could have moved forecasts, by reason (REASONS): one line each for what is different."""
    found: dict[str, list[str]] = {reason: [] for reason in REASONS}
    for table in facts:
        if table.added:
            found["new_truth"].append(f"{table.table}: {table.added} new")
        if table.revised or table.removed:
            found["revised_truth"].append(f"{table.table}: {table.revised} revised, {table.removed} gone")
    found["assumption"] = _assumptions(connection, old, new)
    for reason, names in (("model", ("models",)), ("code", ("forecasts", "tables"))):
        was, now = old.lineage.get("code", {}), new.lineage.get("code", {})
        found[reason] = [f"code of {name} changed" for name in names if was.get(name) != now.get(name)]
    return found


def _assumptions(connection: duckdb.DuckDBPyConnection, old: Release, new: Release) -> list[str]:
    table = "forecast.assumptions"
    if table not in old.columns or table not in new.columns:
        return []
    rows = connection.execute(
        f"select coalesce(a.parameter_id, b.parameter_id), a.p50, b.p50 from {old.parquet(table)} a "
        f"full join {new.parquet(table)} b using (parameter_id) "
        "where (a.p10, a.p50, a.p90) is distinct from (b.p10, b.p50, b.p90) order by 1"
    ).fetchall()
    return [f"{name}: median {was} → {now}" for name, was, now in rows]


def moves(
    connection: duckdb.DuckDBPyConnection,
    old: Release,
    new: Release,
    facts: Sequence[TableDiff],
    causes: Mapping[str, list[str]],
) -> list[dict[str, Any]]:
    """Medians of the wide forecast tables that moved, base scenario, largest first, each with its reasons."""
    moved: list[dict[str, Any]] = []
    news = _News(connection, old, new, facts)
    assumed = new.lineage.get("nodes", {}).get("forecasts.assumptions", {}).get("path")

    def stated(table: str) -> list[str]:
        steps = {new.lineage["nodes"][name]["path"] for name in new.ancestors(table) if name.startswith("forecasts.")}
        rests = ["assumption"] if causes["assumption"] and assumed in steps else []
        return rests + [reason for reason in ("model", "code") if causes[reason]]

    for table, key in new.keys.items():
        columns = set(new.columns[table]) & set(old.columns.get(table, []))
        is_forecast = table.startswith("forecast.") and {"p50", "evidence_class", *key} <= columns
        if not is_forecast or table in CHANGES or "parameter_id" in key:
            continue
        base = "b.scenario_id = 'base'" if "scenario_id" in columns else "true"
        named_by = ", ".join(f"b.{name}" for name in key)
        unit = "b.unit" if "unit" in columns else "null"
        rows = connection.execute(
            f"select {named_by}, {unit}, a.p50, b.p50 from {old.parquet(table)} a "
            f"join {new.parquet(table)} b using ({', '.join(key)}) "
            f"where {base} and abs(b.p50 - a.p50) * 100 >= {LEAST_MOVE_PCT} * abs(a.p50) and a.p50 <> b.p50"
        ).fetchall()
        for row in rows:
            named = dict(zip(key, row, strict=False))
            unit, was, now = row[-3:]
            moved.append(
                {
                    "table": table,
                    "key": named,
                    "before": was,
                    "after": now,
                    "change_pct": 100 * (now / was - 1) if was else None,
                    "unit": unit,
                    "reasons": news(table, named) + stated(table),
                }
            )
    return sorted(moved, key=lambda each: -abs(each["change_pct"] or 0))


@dataclass
class _News:
    """Which facts that came or changed a forecast rests on; asked once for each table and entity."""

    connection: duckdb.DuckDBPyConnection
    old: Release
    new: Release
    facts: Sequence[TableDiff]
    known: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)

    def __call__(self, table: str, named: dict[str, Any]) -> list[str]:
        """`new_truth` and `revised_truth` for facts of its own; `truth_of_others` where only others' facts moved."""
        asked = table, named.get("entity_id")
        if asked not in self.known:
            reads = self.new.ancestors(table)
            touched = [each for each in self.facts if each.table in reads and not each.is_empty]
            own = [self._own(each, named) for each in touched]
            reasons = [reason for place, reason in enumerate(REASONS[:2]) if any(counts[place] for counts in own)]
            if not reasons and any(each.added or each.revised or each.removed for each in touched):
                reasons = ["truth_of_others"]
            self.known[asked] = reasons
        return self.known[asked]

    def _own(self, facts: TableDiff, named: dict[str, Any]) -> tuple[int, int]:
        """New, and revised or withdrawn, facts of a table that are about the entity; all of them if it has none."""
        if "entity_id" not in named:
            return facts.added, facts.revised + facts.removed
        clause = pairs(self.old, self.new, facts.table, self.new.keys[facts.table])
        added = changed = 0
        for wanted in about(named, set(self.new.columns[facts.table])):
            of_it = " and ".join(f"coalesce(b.{name}, a.{name}) = ?" for name in wanted)
            rows = self.connection.execute(
                f"{clause} select count(*) filter (is_new), count(*) filter (is_revised or is_gone) from pairs where {of_it}",
                list(wanted.values()),
            ).fetchall()
            added, changed = added + rows[0][0], changed + rows[0][1]
        return added, changed
