"""Every published table built by dbt on Apache Spark, from the same raw and forecast Parquet files, equals DuckDB's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import pytest
from sandbox import ROOT, Sandbox

from pipeline.build import declared

# Engines add up in other orders, so the last bits of a double differ.
RELATIVE_TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def on_spark(refreshed: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of tables that dbt left on Spark, its data tests passed: market tables first, as in a refresh."""
    folder = tmp_path_factory.mktemp("spark")
    for inputs in ("raw", "forecasts"):
        (folder / inputs).symlink_to(refreshed.state / inputs)
    # Two cores and small tables: two hundred partitions would be two hundred small files' worth of waiting.
    settings = "--master local[2] --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=2 pyspark-shell"
    environment = {**os.environ, "DO_NOT_TRACK": "1", "PYSPARK_SUBMIT_ARGS": settings}
    project = ["--project-dir", str(ROOT / "dbt"), "--profiles-dir", str(ROOT / "dbt"), "--target", "spark"]
    project += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    for stage in (["--exclude", "tag:forecast_stage"], ["--select", "tag:forecast_stage"]):
        command = [
            str(Path(sys.executable).with_name("dbt")),
            "--no-use-colors",
            "build",
            "--exclude-resource-type",
            "unit_test",
            *stage,
            *project,
        ]
        run = subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True)
        assert run.returncode == 0, run.stdout[-5000:]
    return folder / "spark" / "warehouse"


@pytest.fixture
def both(refreshed: Sandbox, on_spark: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB's warehouse, with Spark's tables of one schema as tables of a schema `spark_<schema>`."""
    connection = duckdb.connect()
    connection.execute(f"attach '{refreshed.state / 'warehouse.duckdb'}' as warehouse (read_only)")
    for schema in declared.SCHEMAS:
        connection.execute(f"create schema spark_{schema}")
        for table in sorted((on_spark / f"{schema}.db").iterdir()):
            rows = f"read_parquet('{table}/*.parquet')"
            connection.execute(f"create table spark_{schema}.{table.name} as from {rows}")
    return connection


# Columns in which the engines may differ, and why.
UNEQUAL = {("quality.unknown_names", "nearest_known_names"): "each engine has its own Jaro-Winkler similarity"}


def columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    return [row[:2] for row in connection.execute(f"describe from {table}").fetchall()]


def differ(name: str, kind: str) -> str:
    ours, theirs = f'ours."{name}"', f'theirs."{name}"'
    if kind != "DOUBLE":
        return f"{ours} is distinct from {theirs}"
    far = f"abs({ours} - {theirs}) > {RELATIVE_TOLERANCE} * greatest(abs({ours}), abs({theirs}))"
    # Where one is null, infinite or no number, the other must be the same.
    return f"case when isfinite({ours}) and isfinite({theirs}) then {far} else {ours} is distinct from {theirs} end"


def differences(connection: duckdb.DuckDBPyConnection, table: str, key: Iterable[str]) -> list[str]:
    """What differs between two engines' versions of a table, as messages; `key` is unique, as dbt checks on both."""
    ours, theirs = f"warehouse.{table}", f"spark_{table}"
    kinds, other = columns(connection, ours), columns(connection, theirs)
    if kinds != other:
        return [f"columns differ: {set(kinds) ^ set(other) or 'in their order'}"]
    on = " and ".join(f'ours."{name}" is not distinct from theirs."{name}"' for name in key)
    pairs = f"{ours} as ours full join {theirs} as theirs on {on}"
    counts = [connection.execute(f"select count(*) from {name}").fetchall()[0][0] for name in (ours, theirs)]
    found = [] if counts[0] == counts[1] else [f"{counts[0]} rows in DuckDB, {counts[1]} in Spark"]
    for name, kind in kinds:
        if (table, name) in UNEQUAL:
            continue
        query = f'select ours."{name}", theirs."{name}", ours, theirs from {pairs} where {differ(name, kind)} limit 3'
        found += [f"{name}: {row}" for row in connection.execute(query).fetchall()]
    return found


def test_every_table_is_equal(both: duckdb.DuckDBPyConnection, record_property: Callable[[str, object], None]) -> None:
    listed = "select schema_name || '.' || table_name from duckdb_tables() where database_name = '{}'"
    ours = {row[0] for row in both.execute(listed.format("warehouse")).fetchall()}
    ours = {name for name in ours if name.split(".")[0] in declared.SCHEMAS}
    theirs = {row[0].removeprefix("spark_") for row in both.execute(listed.format("memory")).fetchall()}
    tables = declared.tables()
    assert ours == theirs == tables.keys()
    wrong, lines = {}, []
    for table in sorted(ours):
        rows = both.execute(f"select count(*) from warehouse.{table}").fetchall()[0][0]
        wrong[table] = differences(both, table, tables[table].key.columns)
        lines.append(f"{rows:>10,} rows  {table}: {'differs' if wrong[table] else 'equal'}")
    equal = sum(not found for found in wrong.values())
    lines.append(
        f"{equal} of {len(ours)} tables equal on DuckDB and Spark; doubles may differ by {RELATIVE_TOLERANCE:g} of their size"
    )
    record_property("table", "\n".join(lines))
    assert not {table: found for table, found in wrong.items() if found}


@pytest.mark.parametrize(
    "change",
    [
        "update spark_market.chips set chip_name = chip_name || '.' where chip_id = 'nvidia-h100-sxm'",
        "update spark_market.chips set tdp_w = tdp_w * (1 + 2e-9) where chip_id = 'nvidia-h100-sxm'",
        "update spark_market.chips set tdp_w = null where chip_id = 'nvidia-h100-sxm'",
        "delete from spark_market.chips where chip_id = 'nvidia-h100-sxm'",
        "alter table spark_market.chips rename tdp_w to tdp",
    ],
)
def test_one_planted_difference_is_seen(both: duckdb.DuckDBPyConnection, change: str) -> None:
    assert not differences(both, "market.chips", ["chip_id"])
    both.execute(change)
    assert differences(both, "market.chips", ["chip_id"])
