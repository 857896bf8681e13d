"""The floor of a refresh: dbt's compiled SQL in one DuckDB connection, and the forecasting functions called directly."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from pipeline.build import backtesting, dbt, forecasting
from pipeline.settings import Settings


def _in_order(names: Iterable[str] | None) -> Iterator[dict]:
    """Models and seeds, parents first."""
    nodes = {uid: node for uid, node in dbt.load_manifest()["nodes"].items() if node["resource_type"] != "test"}
    wanted = {uid for uid, node in nodes.items() if names is None or node["name"] in names}
    done: set[str] = set()

    def visit(uid: str) -> Iterator[dict]:
        if uid in nodes and uid not in done:
            done.add(uid)
            for parent in nodes[uid]["depends_on"].get("nodes", []):
                yield from visit(parent)
            if uid in wanted:
                yield nodes[uid]

    for uid in nodes:
        yield from visit(uid)


def statements(state: Path, names: Iterable[str] | None = None) -> list[str]:
    """`create` statements from what dbt compiled in `state`, to be run with `state` as working directory."""
    found = []
    for node in _in_order(names):
        name = f'"{node["schema"]}"."{node["name"]}"'
        schema = f'create schema if not exists "{node["schema"]}"; '
        if node["resource_type"] == "seed":
            file = dbt.PROJECT_DIR / node["original_file_path"]
            found.append(f"{schema}create table {name} as from read_csv('{file}', header = true)")
        else:
            compiled = state / "dbt_target" / "compiled" / "chipcast" / node["original_file_path"]
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            query = compiled.read_text().replace('"warehouse".', "")
            found.append(f"{schema}create {kind} {name} as {query}")
    return found


def sql(state: Path) -> None:
    """Every table and view of the warehouse, into a new file."""
    target = state / "floor.duckdb"
    target.unlink(missing_ok=True)
    with contextlib.chdir(state), duckdb.connect(str(target)) as connection:
        for statement in statements(state):
            connection.execute(statement)


def whole(state: Path) -> dict[str, float]:
    """Seconds of the SQL and of each forecasting step, one after the other."""
    settings = Settings(state=state)
    start = time.perf_counter()
    sql(state)
    seconds = {"sql": time.perf_counter() - start}
    for step, (names, compute) in forecasting.STEPS.items():
        tables = backtesting.read_tables(settings, names)
        start = time.perf_counter()
        compute(tables, settings)
        seconds[step] = time.perf_counter() - start
    return seconds
