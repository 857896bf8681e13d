"""Derived state heals by itself: what is damaged is put aside, what is whole is left alone, landed answers stay."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest

from pipeline.build import repair
from pipeline.settings import Settings, UserError

FILES = (
    "warehouse.duckdb",
    "raw/chips.parquet",
    "raw/versions/chips/1.parquet",
    "forecasts/scores.json",
    "then/lineage.json",
)
KEPT = ("landing/sec/blobs/1", "inbox/mine.csv", "pictures/1.svg", "refreshes/1.txt")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in (*FILES, *KEPT):
        path = tmp_path / "var" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"all of {name}")
    found = Settings(state=tmp_path / "var", published=tmp_path / "published")
    repair.note(found)
    return found


def _damage(path: Path, how: str) -> None:
    if how == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2] if how == "cut" else b"")


def test_whole_state_is_left_alone(settings: Settings) -> None:
    assert repair.mend(settings) == ""
    assert all((settings.state / name).exists() for name in FILES)


@pytest.mark.parametrize("how", ["cut", "emptied", "removed"])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_and_all_derived_state_goes(settings: Settings, name: str, how: str) -> None:
    _damage(settings.state / name, how)
    assert f"var/{name} was not as the last run left it" in repair.mend(settings)
    assert not any((settings.state / other).exists() for other in FILES)
    assert all((settings.state / other).exists() for other in KEPT)
    assert (settings.state / "put_aside" / name).exists() == (how != "removed")
    assert repair.mend(settings) == ""
    assert (settings.state / "put_aside" / name).exists() == (how != "removed")


def test_what_a_killed_run_left_is_not_trusted_and_swept(settings: Settings) -> None:
    (settings.state / "raw" / "new.parquet").write_text("half")
    left = settings.state / "raw" / ".chips.parquet.17.tmp"
    left.write_text("")
    assert "raw/new.parquet" in repair.mend(settings)
    assert not left.exists()


def test_a_damaged_or_missing_inventory_counts_as_damage(settings: Settings) -> None:
    inventory = settings.state / "derived.json"
    inventory.write_text('{"warehouse.du')
    assert "derived.json" in repair.mend(settings)
    assert repair.mend(settings) == ""
    inventory.unlink()
    assert repair.mend(settings) == "", "there is nothing to be damaged"
    (settings.state / "warehouse.duckdb").write_text("of whom?")
    assert "var/warehouse.duckdb was not as the last run left it" in repair.mend(settings)


def test_an_unreadable_history_of_runs_is_put_aside(settings: Settings) -> None:
    home = settings.state / "dagster"
    for name in ("history/runs.db", "schedules/schedules.db"):
        (home / name).parent.mkdir(parents=True)
        with sqlite3.connect(home / name) as connection:
            connection.executescript("create table t (x); insert into t values (hex(randomblob(40000)));")
        connection.close()
    assert repair.mend_history(settings, home) == ""
    _damage(home / "history/runs.db", "cut")
    assert "runs.db" in repair.mend_history(settings, home)
    assert not (home / "schedules").exists()


def test_a_full_disk_is_told_before_anything_begins(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    repair.check_room(settings)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 40_000_000))
    with pytest.raises(UserError, match=r"var has 40 MB free, and a refresh needs about \d+: make room"):
        repair.check_room(settings)
    assert "The disk is full" in repair.full_disk(settings, "[Errno 28] No space left on device")
    assert repair.full_disk(settings, "database is locked") == ""
