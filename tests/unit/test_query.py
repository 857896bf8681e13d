"""One query on a release: it changes nothing, and its answer keeps its values in every format."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from sandbox import Sandbox

from pipeline import files
from pipeline.read import query
from pipeline.settings import UserError

HOSTILE = ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK('http://evil','x')"]
HARMLESS = ["cmd()", "a\rb", " plain", "a=b", "<script>alert(1)</script>", "100%", "", 'say "no"', "two\nlines", "a,b"]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "chipcast.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema market")
        connection.execute("create table market.chips as select 'h100' as chip_id, 1.5::double as value")
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "drop table market.chips",
        "DROP SCHEMA market CASCADE",
        "select 1; drop table market.chips",
        "delete from market.chips",
        "update market.chips set value = 0",
        "insert into market.chips values ('x', 1)",
        "create table market.mine as select 1 as a",
        "create view market.mine as select 1 as a",
        "alter table market.chips rename to gone",
        "comment on table market.chips is 'mine'",
        "copy market.chips to '{folder}/stolen.csv'",
        "export database '{folder}/stolen'",
        "attach '{folder}/other.duckdb' as other",
        "attach '{database}' as again (read_only false)",
        "select * from read_csv('/etc/passwd')",
        "select * from '{folder}/secret.csv'",
        "set enable_external_access = true",
        "install httpfs",
    ],
)
def test_no_query_changes_or_leaves_the_release(database: Path, tmp_path: Path, statement: str) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    before, there = files.sha256(database), sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(UserError, match="The query failed"):
        query.run(database, statement.format(folder=tmp_path, database=database))
    assert files.sha256(database) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == there
    # control: a plain question is answered
    assert query.run(database, "from market.chips").to_pylist() == [{"chip_id": "h100", "value": 1.5}]


def test_a_mistake_is_told(database: Path) -> None:
    for statement, message in (
        ("select nope from market.chips", "nope"),
        ("select 1 as a, 2 as a", "Two columns are named 'a'"),
        ("-- nothing", "no rows"),
        ("select cast('x' as integer) as a", "convert"),
    ):
        with pytest.raises(UserError, match=message):
            query.run(database, statement)


def test_csv_cells_are_inert_and_others_are_as_they_were() -> None:
    table = pa.table({"=cmd()": [*HOSTILE, *HARMLESS], "n": range(-8, 9)})
    read = list(csv.reader(io.StringIO(query.as_csv(table), newline="")))
    assert read[0] == ["'=cmd()", "n"]
    assert [row[0] for row in read[1:]] == [*("'" + text for text in HOSTILE), *HARMLESS]
    assert [row[1] for row in read[1:]] == [str(n) for n in range(-8, 9)]  # a negative number is no formula
    assert not any(cell.startswith(query._FORMULA) for row in read for cell in row[:1])


def test_every_format_keeps_the_values(database: Path, tmp_path: Path) -> None:
    table = query.run(
        database,
        "select 1.5::decimal(4, 2) as d, 3::hugeint as h, 9007199254740993 as big, date '2026-11-23' as day, "
        "null::integer as gap, 'inf'::double as up, 'nan'::double as nan, true as b, [1, 2] as l, '=x' as text",
    )
    for kind in ("csv", "json", "parquet"):
        assert query.write(table, kind, tmp_path / kind) == ""
    assert json.loads((tmp_path / "json").read_text()) == [
        {
            "d": 1.5,
            "h": 3,
            "big": 9007199254740993,
            "day": "2026-11-23",
            "gap": None,
            "up": "INF",
            "nan": None,
            "b": True,
            "l": [1, 2],
            "text": "=x",
        }
    ]
    assert (tmp_path / "csv").read_text().splitlines()[1] == (
        '1.50,3,9007199254740993,"2026-11-23","",inf,nan,"true","[1, 2]","\'=x"'
    )
    assert pd.read_parquet(tmp_path / "parquet")["big"][0] == 9007199254740993
    with pytest.raises(UserError, match="--out"):
        query.write(table, "parquet", None)
    with pytest.raises(UserError, match=r"cannot be written: No such file"):
        query.write(table, "csv", tmp_path / "no" / "folder.csv")


def test_a_terminal_is_not_steered() -> None:
    assert query.printable("\x1b[31mred\x07") == "\\x1b[31mred\\x07"
    assert query.printable("a\nb é 芯片") == "a\nb é 芯片"
    assert query.printable(None) == ""


def test_the_command_line(refreshed: Sandbox, tmp_path: Path) -> None:
    out = tmp_path / "vendors.csv"
    run = refreshed.chipcast("sql", "--format", "csv", "--out", str(out), "from market.vendors")
    assert (run.returncode, run.stdout) == (0, "")
    assert len(pd.read_csv(out)) == refreshed.query("select count(*) from market.vendors")[0][0]
    run = refreshed.here("sql", "--format", "json", "select '[/x]' as a")
    assert json.loads(run.stdout) == [{"a": "[/x]"}]
    run = refreshed.here("sql", "select '[/x]' as a, E'\\x1b[2J' as b")  # rich's markup, a terminal's command
    assert (run.returncode, run.stdout.split()) == (0, ["a", "b", "[/x]", "\\x1b[2J"])
    run = refreshed.here("sql", "drop table market.chips")
    assert run.returncode == 1 and "read-only" in run.stderr and "Traceback" not in run.stderr


def test_the_shell_changes_nothing_and_reaches_nothing(refreshed: Sandbox, tmp_path: Path) -> None:
    before = files.sha256(refreshed.latest / "chipcast.duckdb")
    (tmp_path / "secret.txt").write_text("hush")
    asked = (
        ("drop table market.chips;", "read-only"),
        (f"select content from read_text('{tmp_path}/secret.txt');", "disabled by configuration"),
        (f"copy market.chips to '{tmp_path}/stolen.csv';", "disabled by configuration"),
        (f".read {tmp_path}/secret.txt", "cannot be used"),
        (".shell echo hush", "cannot be used"),
        ("set enable_external_access = true;", "has been locked"),
        ("select 'still ' || 'there' as a from market.chips limit 1;", "still there"),  # no number: a path may hold it
    )
    command, lines = [sys.executable, "-m", "assets.cli", "sql"], "\n".join(statement for statement, _ in asked)
    run = subprocess.run(command, input=lines, env=refreshed.env, text=True, capture_output=True)
    told = run.stdout + run.stderr
    assert "hush" not in run.stdout
    for answer, times in Counter(answer for _, answer in asked).items():
        assert told.count(answer) == times, told
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]
    assert files.sha256(refreshed.latest / "chipcast.duckdb") == before
