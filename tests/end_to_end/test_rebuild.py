"""Published figures rebuilt out of the tables: every one answers, from facts and not from a constant."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import duckdb
import pytest
from sandbox import Sandbox

from pipeline.publish import release
from pipeline.report import sections

FIGURES = sorted((sections.FOLDER / "rebuilt.figures").glob("*.sql"))
SQL = sections.query("rebuilt", "figures", {})


def ours(connection: duckdb.DuckDBPyConnection) -> dict[str, dict]:
    found = connection.sql(SQL).to_arrow_table().to_pylist()
    return {row["figure"]: row for row in found}


def perturbed(database: Path, column: str) -> duckdb.DuckDBPyConnection:
    """The release's tables, one column of them changed by one to seven percent, by row."""
    schema, table, name = column.split(".")
    connection = duckdb.connect()
    connection.execute(f"attach '{database}' as release (read_only)")
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'release'"
    ).fetchall()
    for of, given in tables:
        changed = f"replace ({name} * (1.01 + row_number() over () % 7 / 100) as {name})"
        connection.execute(f"create schema if not exists {of}")
        connection.execute(
            f"create view {of}.{given} as select * {changed if (of, given) == (schema, table) else ''} "
            f"from release.{of}.{given}"
        )
    return connection


def test_every_figure_is_rebuilt_offline_in_a_minute_and_opens_a_document(refreshed: Sandbox) -> None:
    started = time.monotonic()
    run = refreshed.here("rebuild")
    assert run.returncode == 0 and time.monotonic() - started < 60, run.stderr
    lines = run.stdout.splitlines()
    assert len(lines) == len(FIGURES) >= 20
    assert [line.split()[0] for line in lines] == [path.stem for path in FIGURES]
    assert all("http" in line for line in lines), run.stdout


@pytest.fixture(scope="module")
def as_published(refreshed: Sandbox) -> dict[str, dict]:
    with duckdb.connect(str(refreshed.latest / release.DATABASE), read_only=True) as connection:
        return ours(connection)


@pytest.fixture(scope="module")
def moved(refreshed: Sandbox) -> Callable[[str], dict[str, dict]]:
    """The figures after one column of the release has moved: several rest on the same."""

    @cache
    def after(column: str) -> dict[str, dict]:
        with perturbed(refreshed.latest / release.DATABASE, column) as connection:
            return ours(connection)

    return after


@pytest.mark.parametrize("figure", [path.stem for path in FIGURES])
def test_a_figure_moves_with_its_input(
    as_published: dict[str, dict], moved: Callable[[str], dict[str, dict]], figure: str
) -> None:
    before = as_published[figure]
    after = moved(before["moved_by"])[figure]
    assert abs(after["ours"] / before["ours"] - 1) > 1e-4 and after["theirs"] == before["theirs"]
    assert before["bridge"] and before["explained_by"].split(":")[0].count(".") >= 1
