"""`chipcast snapshot`: tidy tables out of a folder of gathered facts, shown with one small source."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline import files
from pipeline.ingest import snapshot
from pipeline.settings import UserError
from pipeline.sources.base import Provenance, Source, amount, text

CHIPS = Source(
    id="chips", title="", description="", licence="", credit="", cadence="daily",
    files=("chips/chips.csv",), key=("name",),
    columns={"name": text(source="Name"), "watts": amount(nullable=True, source="TDP")},
    provenance=Provenance("{Source}", confidence="verified", released="2024-01-01"),
)  # fmt: skip
PRICES = replace(
    CHIPS, id="prices", files=("prices/usd.csv", "prices/more.csv"), columns={"name": text(), "usd": amount()}
)


@pytest.fixture
def gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of gathered facts in the form of ../shared/data, and the small source as the only one."""
    monkeypatch.setattr(snapshot, "all_sources", lambda: (CHIPS,))
    folder = tmp_path / "gathered"
    for name, day in (("chips", "2026-01-15"), ("prices", "2026-02-01")):
        (folder / name).mkdir(parents=True)
        (folder / name / "SOURCE.md").write_text(f"# Facts\n- Retrieved: {day} (from stored copies)\n")
    (folder / "chips" / "chips.csv").write_text("Name,TDP,Source\nH100,700,sheet\nA100,400,sheet\nTPU,-5,sheet\n")
    return folder


def test_rows_are_sorted_by_key_and_bad_ones_are_kept_for_the_refresh_to_quarantine(gathered, tmp_path):
    assert snapshot.build(gathered, tmp_path / "data") == [("chips", 3)]
    rows = pd.read_csv(tmp_path / "data" / "chips.csv")
    assert rows["name"].tolist() == ["A100", "H100", "TPU"] and rows["watts"].tolist() == [400, 700, -5]
    assert list(rows.columns) == ["source_id", *CHIPS.all_columns]
    assert set(rows["source_id"]) == {"chips"}


def test_the_record_has_rows_and_hash_and_the_day_of_the_newest_retrieval(gathered, tmp_path):
    snapshot.build(gathered, tmp_path / "data")
    record = json.loads((tmp_path / "data" / "SNAPSHOT.json").read_text())
    sha256 = files.sha256(tmp_path / "data" / "chips.csv")
    assert record == {"snapshot_date": "2026-02-01", "sources": {"chips": {"rows": 3, "sha256": sha256}}}
    assert set(pd.read_csv(tmp_path / "data" / "chips.csv")["retrieved_at"]) == {"2026-01-15"}


def test_a_second_build_gives_the_same_bytes(gathered, tmp_path):
    for out in ("one", "two"):
        snapshot.build(gathered, tmp_path / out)
    for name in ("chips.csv", "SNAPSHOT.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_missing_file_is_named_with_its_source(gathered, tmp_path):
    (gathered / "chips" / "chips.csv").unlink()
    with pytest.raises(UserError, match=r"Source chips: chips/chips\.csv is missing from .*gathered"):
        snapshot.build(gathered, tmp_path / "data")


def test_a_folder_without_any_source_note_is_refused(gathered, tmp_path):
    for note in gathered.rglob("SOURCE.md"):
        note.unlink()
    with pytest.raises(UserError, match=r"holds no SOURCE\.md that says when"):
        snapshot.build(gathered, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_source_without_a_note_of_its_own_takes_the_newest_day(gathered, tmp_path):
    (gathered / "chips" / "SOURCE.md").unlink()
    snapshot.build(gathered, tmp_path / "data")
    assert set(pd.read_csv(tmp_path / "data" / "chips.csv")["retrieved_at"]) == {"2026-02-01"}


def test_a_renamed_upstream_column_is_named(gathered, tmp_path):
    path = gathered / "chips" / "chips.csv"
    path.write_text(path.read_text().replace("TDP", "Power"))
    with pytest.raises(
        UserError, match=r"Source chips: upstream no longer has the column\(s\) TDP; it has Name, Power"
    ):
        snapshot.build(gathered, tmp_path / "data")


def test_a_renamed_upstream_column_of_provenance_is_named_too(gathered, tmp_path):
    path = gathered / "chips" / "chips.csv"
    path.write_text(path.read_text().replace("Source", "Origin"))
    with pytest.raises(UserError, match=r"Source chips: .*Source"):
        snapshot.build(gathered, tmp_path / "data")


def test_a_build_that_fails_leaves_the_old_snapshot_whole(gathered, tmp_path, monkeypatch):
    data = tmp_path / "data"
    snapshot.build(gathered, data)
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    broken = replace(CHIPS, id="broken", files=("chips/absent.csv",))
    monkeypatch.setattr(snapshot, "all_sources", lambda: (CHIPS, broken))
    (gathered / "chips" / "chips.csv").write_text("Name,TDP,Source\nB200,1000,sheet\n")
    with pytest.raises(UserError, match=r"absent\.csv is missing"):
        snapshot.build(gathered, data)
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_the_day_of_retrieval_is_read_from_the_note(tmp_path):
    assert snapshot._retrieved(tmp_path) is None
    (tmp_path / "SOURCE.md").write_text("no day here")
    assert snapshot._retrieved(tmp_path) is None
    (tmp_path / "SOURCE.md").write_text("Retrieved: 2026-11-23 (stored)")
    assert snapshot._retrieved(tmp_path) == date(2026, 11, 23)


@pytest.fixture
def both(gathered, tmp_path, monkeypatch) -> Path:
    """A snapshot of two sources, and then a new price; the folder of chips is gone."""
    monkeypatch.setattr(snapshot, "all_sources", lambda: (CHIPS, PRICES))
    (gathered / "prices" / "usd.csv").write_text("name,usd,Source\nH100,2,list\n")
    (gathered / "prices" / "more.csv").write_text("name,usd,Source\nA100,1,list\n")
    snapshot.build(gathered, tmp_path / "data")
    shutil.rmtree(gathered / "chips")
    (gathered / "prices" / "usd.csv").write_text("name,usd,Source\nH100,3,list\nB200,5,list\n")
    return tmp_path / "data"


def test_one_source_is_rebuilt_out_of_its_own_folder(gathered, both):
    chips = (both / "chips.csv").read_bytes()
    assert snapshot.build(gathered, both, "prices") == [("prices", 3)]
    assert pd.read_csv(both / "prices.csv")["usd"].tolist() == [1, 5, 3]
    record = json.loads((both / "SNAPSHOT.json").read_text())
    assert record["snapshot_date"] == "2026-02-01" and list(record["sources"]) == ["chips", "prices"]
    assert record["sources"]["prices"] == {"rows": 3, "sha256": files.sha256(both / "prices.csv")}
    assert (both / "chips.csv").read_bytes() == chips and record["sources"]["chips"]["sha256"] == files.sha256(
        both / "chips.csv"
    )


def test_a_newer_retrieval_moves_the_day_of_the_snapshot_and_an_older_one_does_not(gathered, both):
    note = gathered / "prices" / "SOURCE.md"
    for day, then in (("2026-03-01", "2026-03-01"), ("2026-01-01", "2026-03-01")):
        note.write_text(f"Retrieved: {day}\n")
        snapshot.build(gathered, both, "prices")
        assert json.loads((both / "SNAPSHOT.json").read_text())["snapshot_date"] == then


def test_a_source_that_is_rebuilt_alone_needs_a_note_of_its_own(gathered, both):
    (gathered / "prices" / "SOURCE.md").unlink()
    with pytest.raises(UserError, match=r"prices holds no SOURCE\.md .*Retrieved: YYYY-MM-DD"):
        snapshot.build(gathered, both, "prices")


def test_an_unknown_source_is_named_with_the_nearest(gathered, both):
    with pytest.raises(UserError, match=r"No source 'price' has embedded rows\. Nearest: prices"):
        snapshot.build(gathered, both, "price")


def test_of_a_table_that_is_written_by_hand_the_record_alone_is_renewed(gathered, both, monkeypatch):
    monkeypatch.setattr(snapshot, "all_sources", lambda: (replace(CHIPS, files=()), PRICES))
    lines = (both / "chips.csv").read_text().splitlines(keepends=True)
    (both / "chips.csv").write_text("".join(lines[:3]))
    assert snapshot.build(gathered, both, "chips") == [("chips", 2)]
    assert (both / "chips.csv").read_text() == "".join(lines[:3])
    record = json.loads((both / "SNAPSHOT.json").read_text())
    assert record["snapshot_date"] == "2026-02-01"
    assert record["sources"]["chips"] == {"rows": 2, "sha256": files.sha256(both / "chips.csv")}
