"""The raw stage, shown with one small source: what passes, what stops, what is kept and what is read again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline import files
from pipeline.ingest import raw_tables, run_tables
from pipeline.settings import Settings, UserError
from pipeline.sources import contract
from pipeline.sources.base import Source, SourceError, Upstream, amount, day, text


def parse(upstream: Upstream) -> pd.DataFrame:
    raise AssertionError("a refresh reads the snapshot and never parses upstream")


PRICES = Source(
    id="prices", title="Prices", description="", licence="MIT", credit="us", cadence="daily",
    files=("prices.csv",), parse=parse, key=("chip", "priced_on"),
    columns={"chip": text(choices=("H100", "A100")), "priced_on": day(past=True), "usd": amount(high=100)},
)  # fmt: skip
COLUMNS = ["source_id", *PRICES.all_columns]


def rows(number: int = 20, **changes: str | None) -> pd.DataFrame:
    """Good rows, one per day from 2026-01-01; the fields named are changed in the third row."""
    days = pd.date_range("2026-01-01", periods=number).strftime("%Y-%m-%d")
    frame = pd.DataFrame(
        {
            "source_id": "prices",
            "chip": "H100",
            "priced_on": days,
            "usd": "2.5",
            "source_url": None,
            "source_citation": "a list",
            "reported_on": days,
            "reported_on_basis": "price_date",
            "confidence": "verified",
            "retrieved_at": "2026-11-23",
        },
        dtype="string",
    )[COLUMNS]
    for field, value in changes.items():
        frame.loc[2, field] = value
    return frame


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A sandbox that knows the source's facts up to 2026-06-30."""
    found = Settings(state=tmp_path / "var", published=tmp_path / "published", data=tmp_path / "data")
    found.data.mkdir()
    (found.data / "SNAPSHOT.json").write_text('{"snapshot_date": "2026-06-30", "sources": {}}')
    return found


def ingest(settings: Settings, frame: pd.DataFrame) -> raw_tables.Report:
    (settings.data / "prices.csv").write_text(frame.to_csv(index=False))
    return raw_tables.ingest(PRICES, settings)


def test_good_rows_become_a_typed_table(settings):
    report = ingest(settings, rows())
    table = pd.read_parquet(settings.raw / "prices.parquet")
    assert (report.passed, report.rows_in, report.rows_accepted, report.rows_rejected) == (True, 20, 20, 0)
    assert report.message == "20 rows in = 20 accepted + 0 rejected"
    assert report.newest_fact == "2026-01-20" and report.mode == "embedded"
    assert list(table.columns) == [*COLUMNS, "superseded_on", "source_row"] and table["superseded_on"].isna().all()
    assert table["source_row"][0] == "chip=H100; priced_on=2026-01-01"
    assert table["usd"].dtype == "float64" and str(table["priced_on"].dtype).startswith("datetime64")
    assert pd.read_parquet(settings.raw / "rejected" / "prices.parquet").empty


def test_one_bad_row_is_quarantined_whole_and_the_others_pass(settings):
    report = ingest(settings, rows(usd="-1", chip="H1000"))
    assert (report.passed, report.rows_accepted, report.rows_rejected) == (True, 19, 1)
    rejected = pd.read_parquet(settings.raw / "rejected" / "prices.parquet")
    assert rejected[["source_id", "row_number", "field", "value", "reason"]].to_numpy().tolist() == [
        ["prices", 4, "chip", "H1000", "is none of H100, A100"],
        ["prices", 4, "usd", "-1", "is below 0"],
    ]
    row = json.loads(rejected["row_json"].iloc[0])
    assert row["priced_on"] == "2026-01-03" and row["source_url"] is None
    kept = pd.read_parquet(settings.raw / "prices.parquet")
    assert "2026-01-03" not in kept["priced_on"].dt.strftime("%Y-%m-%d").tolist() and len(kept) == 19


@pytest.mark.parametrize(("bad", "passed"), [(2, True), (3, False)])
def test_more_than_a_tenth_of_bad_rows_stops_the_source(settings, bad, passed):
    frame = rows(20)
    frame.loc[: bad - 1, "usd"] = "cheap"
    report = ingest(settings, frame)
    assert report.passed == passed and report.rows_rejected == bad
    assert passed or report.message == (
        "3 of 20 rows broke the contract; at most 10% may; the first: row 2, field usd, value 'cheap': is not a number"
    )
    assert (settings.raw / "prices.parquet").exists() == passed


def test_rows_that_get_lost_are_a_failure():
    passed, message = raw_tables._judge(rows_in=10, accepted=8, rejected=1)
    assert not passed and message == "10 rows came in, but 8 accepted and 1 rejected rows went out"


def test_unchanged_input_is_not_read_again_and_changed_input_is(settings, monkeypatch):
    first = ingest(settings, rows())
    split, calls = contract.split, []
    monkeypatch.setattr(contract, "split", lambda *given: calls.append(1) or split(*given))
    assert ingest(settings, rows()) == first and not calls
    assert ingest(settings, rows(usd="3")).input_hash != first.input_hash and len(calls) == 1


@pytest.mark.parametrize("lost", ["prices.parquet", "prices.json"])
def test_a_lost_table_or_report_is_made_again(settings, lost):
    ingest(settings, rows())
    (settings.raw / lost).unlink()
    assert ingest(settings, rows()).passed and (settings.raw / lost).exists()


def test_a_failure_is_judged_anew_each_time_and_ends_with_the_good_file(settings):
    good = ingest(settings, rows())
    before = (settings.raw / "prices.parquet").read_bytes()
    for _ in range(2):
        assert not ingest(settings, rows(0)).passed
    assert (settings.raw / "prices.parquet").read_bytes() == before
    assert ingest(settings, rows()) == good


def test_a_source_that_cannot_be_read_leaves_table_and_report_of_the_last_good_run(settings):
    good = ingest(settings, rows())
    with pytest.raises(UserError, match=r"^Source prices: data/prices\.csv lacks the column\(s\) \[usd\]") as caught:
        ingest(settings, rows().drop(columns="usd"))
    assert isinstance(caught.value.__cause__, SourceError)
    assert raw_tables.read_report("prices", settings) == good
    assert len(pd.read_parquet(settings.raw / "prices.parquet")) == 20


def test_a_row_from_the_future_is_accepted_once_its_day_has_come(settings):
    later = {"priced_on": "2026-07-15", "reported_on": "2026-07-15"}
    assert ingest(settings, rows(**later)).rows_rejected == 1
    (settings.data / "SNAPSHOT.json").write_text('{"snapshot_date": "2026-07-31", "sources": {}}')
    assert ingest(replace(settings), rows(**later)).rows_rejected == 0


def test_code_that_sources_share_is_part_of_the_hash(settings, monkeypatch):
    digest, seen = files.digest, set()
    monkeypatch.setattr(files, "digest", lambda paths, *words: seen.update(paths) or digest(paths, *words))
    ingest(settings, rows())
    assert {"prices.csv", "raw_tables.py", "base.py", "epoch.py", "token_prices.py"} <= {p.name for p in seen}


def test_the_catalogue_counts_what_was_known_on_the_day_of_the_run(settings):
    ingest(settings, rows(usd="-1"))
    past = Settings(settings.state, settings.published, settings.data, requested_as_of=date(2026, 1, 10))
    assert run_tables.write([PRICES], past) == 1
    (row,) = pd.read_parquet(settings.raw / "source_catalogue.parquet").to_dict("records")
    assert (row["rows_in"], row["rows_accepted"], row["rows_rejected"]) == (20, 19, 1)
    assert row["rows_known"] == 9, "ten days less the quarantined third"
    assert row["newest_fact"] == pd.Timestamp("2026-01-10")
    context = pd.read_parquet(settings.raw / "run_context.parquet")
    assert pd.to_datetime(context["as_of"]).tolist() == [pd.Timestamp("2026-01-10")]
    rejected = pd.read_parquet(settings.raw / "quality_rejected_rows.parquet")
    assert rejected[["source_id", "row_number", "field"]].to_numpy().tolist() == [["prices", 4, "usd"]]


def test_a_source_that_never_ran_is_listed_with_no_rows(settings):
    run_tables.write([PRICES], settings)
    (row,) = pd.read_parquet(settings.raw / "source_catalogue.parquet").to_dict("records")
    assert row["source_id"] == "prices" and row["rows_in"] == row["rows_known"] == 0 and pd.isna(row["newest_fact"])
    assert pd.read_parquet(settings.raw / "quality_rejected_rows.parquet").columns.tolist() == [
        *raw_tables.REJECTED_COLUMNS,
        "was_published",
    ]
