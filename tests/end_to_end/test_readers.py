"""Many readers while releases follow one another, and an analyst who writes into a release and dies."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from sandbox import ROOT, Sandbox

from pipeline.client import open_release
from pipeline.publish import release
from pipeline.settings import Settings, UserError

TABLES = (
    "market.vendors",
    "market.sources",
    "market.chips",
    "quality.checks",
    "forecast.quantiles",
    release.RELEASE_CHANGES,
)
# Reads the stamp of two tables in three ways until told to stop; says how often it read, or what was wrong.
READER = """
import sys
import time
from pathlib import Path

import duckdb

from pipeline.client import open_release

published, stop = Path(sys.argv[1]), Path(sys.argv[2])
both = "select vendor_name as stamp from market.vendors union select title from market.sources"
reads, last, told = 0, 0, False
while not told:
    told = stop.exists()  # the last read begins after the last release
    with duckdb.connect(str(published / "latest" / "chipcast.duckdb"), read_only=True) as connection:
        first = {row[0] for row in connection.execute(both).fetchall()}
    opened = open_release(published)
    second = set(opened.sql(both)["stamp"])
    second |= set(opened.table("market.vendors")["vendor_name"]) | set(opened.table("market.sources")["title"])
    if len(first) != 1 or len(second) != 1:
        sys.exit(f"mixed: {first} {second}")
    if not last <= int(*first) <= int(*second):
        sys.exit(f"back in time: {last} {first} {second}")
    reads, last = reads + 1, int(*second)
    time.sleep(0.3)
print(reads, last)
"""


@pytest.fixture
def settings(refreshed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse with six of the release's tables, of past forecasts none. What else a release holds is left out: it is
    written before the folder gets its name, so it has no part in what readers meet."""
    for part in ("report", "hub", "explain_inputs"):
        monkeypatch.setattr(f"pipeline.publish.release.{part}.write", lambda *_: None)
    made = Settings(
        state=tmp_path / "var", published=tmp_path / "published", data=refreshed.data, accept_revisions="stamps"
    )
    made.state.mkdir()
    source = f"attach '{refreshed.latest.resolve() / 'chipcast.duckdb'}' as source (read_only)"
    with duckdb.connect() as connection:
        connection.execute(source)
        listed = connection.execute(release.TABLES, ["source"]).fetchall()
    with duckdb.connect(str(made.warehouse)) as connection:
        connection.execute(source)
        for schema, table in listed:
            if f"{schema}.{table}" in TABLES:
                connection.execute(f"create schema if not exists {schema}")
                connection.execute(f"create table {schema}.{table} as from source.{schema}.{table}")
        past = "delete from forecast.quantiles where origin_date < (select max(origin_date) from forecast.quantiles)"
        connection.execute(past)
    return made


def publish(settings: Settings, stamp: int, other: int | None = None) -> Path:
    """A release with `stamp` in both tables (or `other` in the second), made as a refresh makes it."""
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(f"update market.vendors set vendor_name = '{stamp}'")
        connection.execute(f"update market.sources set title = '{stamp if other is None else other}'")
    folder, _ = release.write(settings)
    assert release.make_current(settings, folder)
    release.prune(settings)
    return folder


def test_a_release_that_rewrites_the_past_is_refused_and_the_last_stays(settings: Settings) -> None:
    last = publish(settings, 1)
    with pytest.raises(release.Refused, match=r"(?s)market\.vendors.*--accept-revisions"):
        publish(replace(settings, accept_revisions=""), 2)
    assert settings.latest.resolve() == last and release.listed(settings) == [last]


def start_reader(settings: Settings, stop: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", READER, str(settings.published), str(stop)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_readers_meet_one_version_at_a_time(
    settings: Settings, tmp_path: Path, count: Callable[[str, int, int], int]
) -> None:
    releases, readers = count("releases while readers read", 4, 50), count("readers at the same time", 2, 20)
    publish(settings, 1)
    stop = tmp_path / "stop"
    running = [start_reader(settings, stop) for _ in range(readers)]
    time.sleep(2)  # let them start, so that they meet the changes
    for stamp in range(2, releases + 1):
        publish(settings, stamp)
    stop.touch()
    said = [reader.communicate() for reader in running]
    assert [reader.returncode for reader in running] == [0] * readers, said
    reads, last = zip(*(map(int, out.split()) for out, _ in said), strict=True)
    assert min(reads) >= 2
    assert set(last) == {releases}
    assert len(release.listed(settings)) == releases  # all were current within a day


def test_what_a_reader_may_have_open_and_what_is_named_stays(settings: Settings) -> None:
    ids = []
    made = publish(settings, 1)
    for days_ago in (9, 8, 7, 6, 5, 4, 3):
        folder = made.with_name(f"{made.name}-{days_ago}")
        shutil.copytree(made, folder)
        package = json.loads((folder / "datapackage.json").read_text()) | {"id": folder.name}
        package["created"] = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat(timespec="seconds")
        (folder / "datapackage.json").chmod(0o644)
        (folder / "datapackage.json").write_text(json.dumps(package))
        ids.append(folder.name)
    assert release.make_current(settings, folder)
    shutil.rmtree(made)
    (settings.published / release.KEEP).write_text(f"{ids[0]}\n")
    (settings.published / "as_of").mkdir()
    (settings.published / "as_of" / "2026-01-01").symlink_to(settings.published / "releases" / ids[1])

    def stays(**retention: float) -> list[str]:
        return [name for name in ids if name in release.kept(replace(settings, **retention))]

    assert stays() == ids  # the default: thirty
    assert stays(keep_releases=1, keep_days=0) == [ids[0], ids[1], ids[6]]
    assert stays(keep_releases=2, keep_days=0) == [ids[0], ids[1], ids[5], ids[6]]
    # the one of six days ago was current until five days ago
    assert stays(keep_releases=1, keep_days=5.5) == [ids[0], ids[1], *ids[3:]]
    assert release.prune(replace(settings, keep_releases=1, keep_days=0)) == ids[2:6]
    assert [path.name for path in release.listed(settings)] == [ids[0], ids[1], ids[6]]


def test_a_mixed_version_would_be_seen(settings: Settings, tmp_path: Path) -> None:
    publish(settings, 1, other=2)
    (tmp_path / "stop").touch()
    reader = start_reader(settings, tmp_path / "stop")
    _, wrong = reader.communicate()
    assert reader.returncode == 1 and "mixed" in wrong


def crash_while_writing(folder: Path) -> None:
    """An analyst opens the release for writing, changes it and is killed: DuckDB's log stays beside the file."""
    code = (
        "import duckdb, os, signal, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute(\"update market.vendors set vendor_name = 'mine'\"); os.kill(os.getpid(), signal.SIGKILL)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(folder / "chipcast.duckdb")])
    assert run.returncode == -9 and (folder / "chipcast.duckdb.wal").exists()


def vendors(settings: Settings) -> set[str]:
    return set(open_release(settings.published).sql("select distinct vendor_name as name from market.vendors")["name"])


def test_a_crashed_writer_does_not_stop_the_next_release(settings: Settings) -> None:
    folder = publish(settings, 1)
    assert release.verify(folder) == [] and release.find(settings) == settings.latest
    crash_while_writing(settings.latest)
    assert release.verify(folder) == ["chipcast.duckdb.wal would change what readers see"]
    with pytest.raises(UserError, match=r"opened release .* for writing"):
        release.find(settings)
    # the next facts give the next release, which knows nothing of it
    assert release.verify(publish(settings, 2)) == [] and vendors(settings) == {"2"}
    # the same facts again make the same release whole again
    crash_while_writing(settings.latest)
    again = publish(settings, 2)
    assert release.verify(again) == [] and vendors(settings) == {"2"}
    assert not list((settings.published / "releases").glob(".building-*"))
