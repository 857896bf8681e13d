"""What a forecast rests on: the facts known at its origin, the assumptions, the files that state it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.publish.same_entity import about

if TYPE_CHECKING:
    from pipeline.read.explain.chain import Chain, Json

# A claim rests on forecasts, and these on facts; nothing published is further away.
DEPTH = 2
# Rows shown of each table that a forecast reads, by depth.
SHOWN = (3, 1)


def behind(chain: Chain, table: str, row: Json, steps: Sequence[str], depth: int) -> Json:
    """Origin, steps, inputs with their own chains, assumptions and committed statements of one forecast row."""
    if "target_id" in row and row["target_id"] in chain.graph["targets"] and len(steps) > 1:
        steps = [chain.graph["targets"][row["target_id"]]]
    reads = dict.fromkeys(parent for step in steps for parent in chain.nodes[step]["parents"])
    if row.get("tables_used"):
        reads = dict.fromkeys(name for name in row["tables_used"].replace(",", " ").split() if name in chain.tables)
    origin = row.get("origin_date") or row.get("judged_as_of") or row.get("reported_on")
    return {
        "origin_date": origin,
        "steps": [{"name": step, "path": chain.nodes[step]["path"]} for step in steps],
        "inputs": [found for name in reads if (found := _input(chain, name, row, origin, depth))],
        "assumptions": _assumptions(chain, table, row, reads, steps),
        "committed": _committed(chain, table, row),
    }


def _input(chain: Chain, name: str, row: Json, origin: Any, depth: int) -> Json | None:
    if name not in chain.tables:
        return _unpublished(chain, name, origin)
    columns = set(chain.tables[name])
    known, values = ("reported_on <= ?", [origin]) if origin and "reported_on" in columns else ("true", [])
    total = chain.rows(f"select count(*) as n from {name} where {known}", values)[0]["n"]
    if not total:
        return None
    order = "order by reported_on desc" if "reported_on" in columns else ""
    shown: list[Json] = []
    own = 0
    for wanted in about(row, columns):
        of_it = " and ".join([known, *(f"{key} = ?" for key in wanted)])
        own += chain.rows(f"select count(*) as n from {name} where {of_it}", [*values, *wanted.values()])[0]["n"]
        shown += chain.rows(f"select * from {name} where {of_it} {order} limit 1", [*values, *wanted.values()])
    if not shown:
        shown = chain.rows(f"select * from {name} where {known} {order} limit {SHOWN[depth]}", values)
    return {
        "table": name,
        "rows_known_at_origin": total,
        "rows_of_the_same_entity": own or None,
        "shown": [chain.row(name, found, list(found), depth + 1) for found in shown],
    }


def _unpublished(chain: Chain, name: str, origin: Any) -> Json:
    """An intermediate table is in no release; the sources behind it are."""
    sources = []
    for parent in chain.ancestors(name):
        if parent["kind"] == "source":
            until, values = ("reported_on <= ?", [origin]) if origin else ("true", [])
            known = f"from {chain.release.source(parent['name'])} where {until}"
            count = chain.rows(f"select count(*) as n {known}", values)[0]["n"]
            newest = chain.rows(f"select * {known} order by reported_on desc limit {SHOWN[1]}", values)
            sources.append({**chain.file(parent["name"]), "whole": True, "rows_found": count, "rows": newest})
    return {"table": name, "sources": sources}


def _assumptions(chain: Chain, table: str, row: Json, reads: dict[str, None], steps: Sequence[str]) -> list[Json]:
    """The assumptions that the tables name for this one; of a single parameter where the row is about one."""
    if "forecast.assumptions" not in chain.tables:
        return []
    listed = chain.rows("select * from forecast.assumptions order by parameter_id")
    if row.get("parameter_id"):
        return [each for each in listed if each["parameter_id"] == row["parameter_id"]]
    moved = {each["parameter_id"]: set(each["used_by"].split(", ")) for each in listed}
    # A row of the long table belongs to the table that its target is called after, or to the step that gave it.
    families = {name for name in set().union(*moved.values()) if (row.get("target_id") or "").startswith(name)}
    if not families and "forecasts.vendor_quantiles" in steps:
        families = {"vendor_revenue"}
    families = families or {name.split(".")[1] for name in (table, *reads)}
    return [each for each in listed if moved[each["parameter_id"]] & families]


def _committed(chain: Chain, table: str, row: Json) -> list[Json]:
    """Committed files that state the figure itself: assumptions, scenarios, claims, the card of a model."""
    name = table.split(".")[1]
    wanted = (f"forecasts/{name}.yml", f"data/{name}.csv", f"forecasts/cards/{row.get('model_id')}.yml")
    committed = chain.graph["committed"]
    return [{"file": path, "sha256": committed[path]} for path in wanted if path in committed]
