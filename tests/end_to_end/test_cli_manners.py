"""What the command line says to a person: mistakes, interrupts, wide answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pytest
from sandbox import ROOT, Sandbox

from assets import refresh
from pipeline.build import repair
from pipeline.read import results
from pipeline.settings import Settings, UserError


def test_a_selection_of_nothing_is_one_sentence(grown: Sandbox) -> None:
    run = grown.here("refresh", "--select", "nope")
    assert run.returncode == 1
    assert run.stderr.startswith("chipcast: SELECT='nope' matches no asset.")
    assert run.stderr.count("\n") == 1
    settings = Settings(grown.state, grown.published, grown.data)
    with pytest.raises(UserError, match=re.escape("SELECT='((' matches no asset.")):
        refresh.run(settings, select="((")


# The command line with commands that never finish loading.
LOADING = """
import os, sys, time
from pathlib import Path

class Slow:
    def find_spec(self, name, *_):
        if name == "assets.commands":
            Path(os.environ["CHIPCAST_STATE"]).mkdir()
            time.sleep(600)

sys.meta_path.insert(0, Slow())
from assets import cli
cli.main()
"""


REFRESH = ["-m", "assets.cli", "refresh", "--quiet"]
MOMENTS = {
    "the commands load": (["-c", LOADING], "var"),
    "Dagster and the workers load": (REFRESH, "var/dagster"),
    "tables are built": (REFRESH, "var/warehouse.duckdb"),
}
# The first two moments and both signals in `make test`, every pair of them in `make test-all`.
FEW = {("Dagster and the workers load", "SIGINT")}


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        pytest.param(
            moment, number, marks=[] if "commands" in moment or (moment, number.name) in FEW else pytest.mark.slow
        )
        for moment in MOMENTS
        for number in (signal.SIGINT, signal.SIGTERM)
    ],
)
def test_an_interrupted_refresh_ends_at_once_in_one_line(
    refreshed: Sandbox, tmp_path: Path, moment: str, number: signal.Signals
) -> None:
    command, begun = MOMENTS[moment]
    sandbox = Sandbox(tmp_path)
    if begun == "var/warehouse.duckdb":  # sooner than from nothing
        shutil.copytree(refreshed.folder / "seed" / "raw", sandbox.state / "raw")
        repair.note(Settings(state=sandbox.state))
    started = subprocess.Popen(
        [sys.executable, *command],
        env=sandbox.env,
        cwd=ROOT,
        text=True,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # What a script starts in the background would ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with started as process:
        while not (tmp_path / begun).exists():
            assert process.poll() is None
            time.sleep(0.01)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (128 + number, "\nchipcast: stopped; the last release stays current.\n")
    assert not sandbox.latest.exists()


def test_the_format_follows_the_files_ending(refreshed: Sandbox, tmp_path: Path) -> None:
    query = "select chip_id from market.chips order by chip_id"
    for kind in ("csv", "json", "parquet"):
        out = tmp_path / f"chips.{kind}"
        assert refreshed.here("sql", query, "--out", str(out)).returncode == 0
        assert len(duckdb.sql(f"from '{out}'").fetchall()) > 100
    run = refreshed.here("sql", query, "--out", str(tmp_path / "chips.xls"))
    assert run.returncode == 1 and "chips.xls names no format" in run.stderr


def test_short_names_are_enough(refreshed: Sandbox) -> None:
    assert refreshed.here("describe", "chips").stdout == refreshed.here("describe", "market.chips").stdout
    newest = refreshed.latest.resolve().name
    assert f"{newest}" in refreshed.here("diff", newest, "latest").stdout


def test_a_row_too_wide_for_the_screen_stands_line_by_line(refreshed: Sandbox) -> None:
    shown = refreshed.here("sql", "select * from market.chips where chip_id = 'nvidia-h100-sxm'").stdout
    assert "── row 1 of 1" in shown
    assert any(line.split() == ["chip_id", "nvidia-h100-sxm"] for line in shown.splitlines())


def test_what_needs_a_look_is_counted_last(refreshed: Sandbox) -> None:
    ((stale,),) = refreshed.query("select count(*) from market.sources where status = 'stale'")
    found = json.loads(refreshed.here("status", "--json").stdout)["needs_a_look"]
    assert found == {"stale": stale, "failed": 0, "vanished": 0, "checks": len(json.loads(checks(refreshed)))}
    last = refreshed.here("status").stdout.splitlines()[-1]
    assert last == f"Needs a look: stale sources {stale}, checks that did not pass {found['checks']}."
    assert results.verdict(dict.fromkeys(found, 0)) == "Every check passed, and no source is stale or failed."
    assert results.verdict({**dict.fromkeys(found, 0), "vanished": 2}).endswith(
        "rejected rows that the last release had 2."
    )


def checks(refreshed: Sandbox) -> str:
    return refreshed.here("sql", "select 1 from quality.checks where status <> 'pass'", "--json").stdout


def test_a_held_file_is_one_sentence_with_its_holder(refreshed: Sandbox, tmp_path: Path) -> None:
    copy = tmp_path / "published" / "releases" / "held"
    copy.mkdir(parents=True)
    for name in ("chipcast.duckdb", "datapackage.json"):
        (copy / name).write_bytes((refreshed.latest / name).read_bytes())
    (tmp_path / "published" / "latest").symlink_to(copy)
    code = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, copy / "chipcast.duckdb"], stdout=subprocess.PIPE) as holder:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        for command in (["sql", "select 1"], ["describe", "chips"], ["status"]):
            run = Sandbox(tmp_path).here(*command)
            assert run.returncode == 1
            assert f"process {holder.pid}" in run.stderr and run.stderr.count("\n") == 1
        holder.kill()


def test_nobody_can_write_into_a_release(refreshed: Sandbox) -> None:
    files = [path for path in refreshed.latest.resolve().rglob("*") if path.is_file()]
    assert len(files) > 100
    assert not [path for path in files if path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)]
    # Root may do anything, so another user (nobody) tries, on a copy in a folder that this user may enter.
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "chipcast.duckdb"
        shutil.copy(refreshed.latest / "chipcast.duckdb", target)
        Path(folder).chmod(0o755)
        code = (
            "import duckdb, os, sys; os.getuid() or os.setuid(65534); c = duckdb.connect(sys.argv[1], read_only=True); "
            "print(c.sql('select count(*) > 0 from market.chips').fetchall()); c.close(); duckdb.connect(sys.argv[1])"
        )
        run = subprocess.run([sys.executable, "-c", code, target], capture_output=True, text=True, cwd="/")
    assert run.stdout == "[(True,)]\n" and "Permission denied" in run.stderr
