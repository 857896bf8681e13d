"""A first look at every upstream, a second with nothing changed, a third with one revised fact; and what was kept."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from cases import CORE, Case, chip_sales
from cases_prices import PRICES
from server import Upstreams, quick
from shapes import Csv, zipped

from pipeline import catalogue, http, landing, raw
from pipeline.settings import PROJECT, Settings, UserError

CASES = [*CORE, *PRICES]
HARDWARE = next(case for case in CASES if case.source_id == "epoch_ml_hardware")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(tmp_path / "var", tmp_path / "published", tmp_path / "data", live=True)
    found.data.mkdir()
    (found.data / "SNAPSHOT.json").write_text('{"snapshot_date": "2026-11-23", "sources": {}}')
    return found


def alone(case: Case):
    """The source without embedded rows: what the local server says is all there is."""
    return replace(quick(case.source), files=())


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def serve(case: Case, upstreams: Upstreams, patch: pytest.MonkeyPatch, **changed: bytes) -> None:
    patch.setenv(f"CHIPCAST_{case.source_id.upper()}_URL", f"{upstreams.url}/{case.source_id}")
    upstreams.serve(case.source, {**case.answers, **changed})


def hotter(content: bytes) -> bytes:
    """The hardware table with one fact revised."""

    def change(record: dict) -> dict:
        return {**record, "TDP (W)": "701"} if record["Hardware name"] == "NVIDIA H200 SXM" else record

    return Csv().each(content, change)


def test_three_looks_at_every_upstream(settings, upstreams, monkeypatch):
    for case in CASES:
        serve(case, upstreams, monkeypatch)
    first = {case.source_id: raw.ingest(alone(case), settings) for case in CASES}
    assert all(report.passed and not report.stale and report.mode == "live" for report in first.values()), first
    landed = files_in(settings.state / "landing")
    tables = files_in(settings.raw)

    upstreams.statuses.clear()
    second = {case.source_id: raw.ingest(alone(case), settings) for case in CASES}
    assert second == first
    assert set(upstreams.statuses) == {304}, "every request was conditional and nothing was sent again"
    assert files_in(settings.state / "landing") == landed, "nothing new landed"
    assert files_in(settings.raw) == tables

    (name, content), *_ = HARDWARE.answers.items()
    serve(HARDWARE, upstreams, monkeypatch, **{name: hotter(content)})
    third = {case.source_id: raw.ingest(alone(case), settings) for case in CASES}
    assert {name for name in third if third[name] != first[name]} == {"epoch_ml_hardware"}
    catalogue.write([alone(case) for case in CASES], settings)
    (revision,) = pd.read_parquet(settings.raw / "quality_revisions.parquet").to_dict("records")
    assert revision["source_id"] == "epoch_ml_hardware" and revision["row_key"] == "name=NVIDIA H200 SXM"
    assert (revision["field"], revision["old_value"], revision["new_value"]) == ("tdp_w", "700", "701")
    assert pd.Timestamp(revision["revised_on"]).date() == settings.as_of
    rows = pd.read_parquet(settings.raw / "epoch_ml_hardware.parquet").query("name == 'NVIDIA H200 SXM'")
    assert rows["tdp_w"].tolist() == [700.0, 701.0], "both versions are kept"
    assert rows["superseded_on"].notna().tolist() == [True, False]
    assert rows["superseded_on"].iloc[0] == rows["reported_on"].iloc[1] == pd.Timestamp(settings.as_of)


def test_everything_is_rebuilt_from_landing_bit_for_bit_without_a_request(settings, upstreams, monkeypatch):
    for case in CASES:
        serve(case, upstreams, monkeypatch)
        raw.ingest(alone(case), settings)
    upstreams.faults["runpod_offers"] = "500"
    broken = next(case for case in CASES if case.source_id == "runpod_offers")
    assert raw.ingest(alone(broken), settings).stale
    catalogue.write([alone(case) for case in CASES], settings)
    made = files_in(settings.raw)
    upstreams.faults.clear()
    upstreams.asked.clear()
    again = replace(settings, state=settings.state.parent / "again", from_landing=True)
    (again.state).mkdir()
    (settings.state / "landing").rename(again.state / "landing")
    for case in CASES:
        raw.ingest(alone(case), again)
    catalogue.write([alone(case) for case in CASES], again)
    assert not upstreams.asked
    assert files_in(again.raw) == made


def test_a_landed_answer_is_what_was_sent_with_where_and_when(settings, upstreams, monkeypatch):
    upstreams.last_modified["epoch_ml_hardware"] = "Thu, 23 Jul 2026 08:00:00 GMT"
    serve(HARDWARE, upstreams, monkeypatch)
    raw.ingest(alone(HARDWARE), settings)
    del upstreams.last_modified["epoch_ml_hardware"]
    (path,) = (settings.state / "landing" / "epoch_ml_hardware").glob("*.json")
    record = json.loads(path.read_text())
    (response,) = record["responses"]
    assert record["licence"] == "CC BY 4.0" and record["retrieved_at"].startswith(str(settings.as_of))
    assert response["url"] == f"{upstreams.url}/epoch_ml_hardware/data/ml_hardware.csv"
    assert response["status"] == 200 and response["published"] == "2026-07-23" and response["etag"]
    assert response["source_version"] == response["etag"]
    retrieval = landing.history("epoch_ml_hardware", settings)[0]
    upstream = landing.upstream(retrieval, settings)
    assert upstream.files[response["name"]] == HARDWARE.answers[response["name"]]
    assert retrieval.known_on.isoformat() == "2026-07-23"
    blob = landing.blob("epoch_ml_hardware", response["sha256"], settings)
    assert oct(blob.stat().st_mode)[-3:] == "444"
    blob.chmod(0o644)
    good = blob.read_bytes()
    for bytes_, problem in {
        good[:-9]: "is damaged",
        good[:40] + b"\xff" * 40 + good[80:]: "is damaged",
        gzip.compress(b"name\nsomething else\n"): "was changed",
    }.items():
        blob.write_bytes(bytes_)
        with pytest.raises(UserError, match=rf"epoch_ml_hardware: the landed copy of .* {problem}"):
            upstream.files[response["name"]]
    blob.unlink()
    with pytest.raises(UserError, match=r"epoch_ml_hardware: the landed copy of .* is missing .*Restore landing/"):
        upstream.files[response["name"]]


def test_a_required_source_stops_the_release_only_when_it_failed_and_is_older_than_its_limit(
    settings, upstreams, monkeypatch
):
    serve(HARDWARE, upstreams, monkeypatch)
    source = replace(alone(HARDWARE), required=True)
    assert raw.ingest(source, settings).passed
    upstreams.faults["epoch_ml_hardware"] = "500"
    young = raw.ingest(source, settings)
    assert young.passed and young.stale
    late = replace(settings)
    late.__dict__["as_of"] = settings.as_of + timedelta(days=source.max_age_days + 1)
    old = raw.ingest(source, late)
    upstreams.faults.clear()
    assert not old.passed and "is required" in old.message and "181 days old; at most 180" in old.message
    assert "500" in old.message
    assert raw.ingest(replace(source, required=False), late).passed


def test_a_source_without_its_contact_says_which_variable_it_lacks(settings, upstreams, monkeypatch):
    case = next(case for case in CASES if case.source_id == "xbrl_facts")
    serve(case, upstreams, monkeypatch)
    monkeypatch.delenv("CHIPCAST_CONTACT")
    upstreams.asked.clear()
    report = raw.ingest(alone(case), settings)
    assert report.passed and "CHIPCAST_CONTACT is not set" in report.stale and not upstreams.asked["xbrl_facts"]
    monkeypatch.setenv("CHIPCAST_CONTACT", "somebody@example.org")
    assert not raw.ingest(alone(case), settings).stale


def test_a_file_in_the_inbox_counts_like_an_answer(settings, upstreams, monkeypatch):
    (content,) = HARDWARE.answers.values()
    upstreams.faults["epoch_ml_hardware"] = "500"
    serve(HARDWARE, upstreams, monkeypatch)
    inbox = settings.state / "inbox" / "epoch_ml_hardware"
    inbox.mkdir(parents=True)
    (inbox / "ml_hardware.csv").write_bytes(content)
    report = raw.ingest(alone(HARDWARE), settings)
    assert report.mode == "live" and report.rows_accepted == 30 and "500" in report.stale
    landed = files_in(settings.state / "landing")
    raw.ingest(alone(HARDWARE), settings)
    assert files_in(settings.state / "landing") == landed, "a file is landed once"
    (inbox / "notes.txt").write_text("?")
    upstreams.faults.clear()
    wrong = raw.ingest(alone(HARDWARE), settings)
    assert "inbox/epoch_ml_hardware/notes.txt is none of its files" in wrong.stale and wrong.rows_accepted == 30


def test_vintages_of_chip_sales_stand_side_by_side(settings, upstreams, monkeypatch):
    case = next(case for case in CASES if case.source_id == "epoch_chip_shipments")
    source = replace(quick(case.source), files=case.source.files)
    for name in ("epoch_chip_shipments.csv",):
        (settings.data / name).write_bytes((PROJECT / "data" / name).read_bytes())
    embedded = len(pd.read_csv(settings.data / "epoch_chip_shipments.csv"))
    serve(case, upstreams, monkeypatch)
    report = raw.ingest(source, settings)
    table = pd.read_parquet(settings.raw / "epoch_chip_shipments.parquet")
    assert not report.stale and len(table) == embedded + report.rows_accepted
    assert table["estimate_vintage"].value_counts().to_dict() == {"2026-04": embedded, "2026-08": report.rows_accepted}
    assert table["superseded_on"].isna().all(), "a later estimate never replaces an earlier one"
    again = zipped("timelines_by_chip.csv", chip_sales("epoch_chip_shipments", "11-02-2026 09:00"))
    serve(case, upstreams, monkeypatch, **{"ai_chip_sales.zip": again})
    raw.ingest(source, settings)
    table = pd.read_parquet(settings.raw / "epoch_chip_shipments.parquet")
    assert sorted(table["estimate_vintage"].unique()) == ["2026-04", "2026-08", "2026-11"]
    assert table["superseded_on"].isna().all()


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("https://elsewhere.example/ml_hardware.csv", "redirected to https://elsewhere.example"),
        ("http://example.org/x", "redirected to http://example.org"),
        ("/epoch_ml_hardware/loop", "redirected more than"),
    ],
)
def test_a_redirect_leads_to_the_expected_host_only(location, message, upstreams, tmp_path, monkeypatch):
    handler_answers = {"/epoch_ml_hardware/loop": location}
    monkeypatch.setattr(upstreams, "redirects", handler_answers, raising=False)
    call = http.Call(f"{upstreams.url}/epoch_ml_hardware/loop", ("text/csv",), 1000, per_second=10_000)
    with pytest.raises(http.FetchError, match=message):
        http.fetch(call, tmp_path)


def test_only_https_is_asked_but_on_this_machine(tmp_path):
    with pytest.raises(http.FetchError, match="only https is asked"):
        http.fetch(http.Call("http://example.org/x.csv", ("text/csv",), 1000), tmp_path)


def test_requests_to_one_host_keep_their_pace(upstreams, tmp_path, monkeypatch):
    serve(HARDWARE, upstreams, monkeypatch)
    url = f"{upstreams.url}/epoch_ml_hardware/data/ml_hardware.csv"
    call = http.Call(url, ("text/csv",), 100_000, per_second=20)
    started = time.monotonic()
    for _ in range(5):
        http.fetch(call, tmp_path)
    assert time.monotonic() - started >= 4 / 20


def test_a_wait_that_is_asked_for_is_kept_and_too_long_a_one_is_told(upstreams, tmp_path, monkeypatch):
    serve(HARDWARE, upstreams, monkeypatch)
    url = f"{upstreams.url}/epoch_ml_hardware/data/ml_hardware.csv"
    upstreams.faults["epoch_ml_hardware"] = "429"
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    with pytest.raises(http.FetchError, match=r"429 .*tried 2 times"):
        http.fetch(http.Call(url, ("text/csv",), 1000, per_second=10_000), tmp_path)
    monkeypatch.setattr(http, "LONGEST_WAIT_S", -1)
    with pytest.raises(http.FetchError, match=r"asks to wait 0 s. Refresh again after that"):
        http.fetch(http.Call(url, ("text/csv",), 1000, per_second=10_000), tmp_path)
    upstreams.faults.clear()


@pytest.mark.slow
def test_three_refreshes_of_the_whole_pipeline(upstreams, tmp_path):
    """LIVE=1 through the command line: the second takes less than half, the third has one row in quality.revisions."""
    import duckdb

    whole = {case.source_id: case for case in PRICES}
    env = {**os.environ, "LIVE": "1", "CHIPCAST_STATE": str(tmp_path / "var")}
    env |= {"CHIPCAST_PUBLISHED": str(tmp_path / "published"), "CHIPCAST_CONTACT": "test@example.org"}
    full = {"epoch_ml_hardware": {"epoch_ml_hardware/ml_hardware.csv": _whole_hardware()}}
    for case in CASES:
        env[f"CHIPCAST_{case.source_id.upper()}_URL"] = f"{upstreams.url}/{case.source_id}"
        if case.source_id in whole or case.source_id in ("edgar_filings", "epoch_chip_shipments", "segment_filings"):
            upstreams.serve(case.source, dict(case.answers))
        elif case.source_id in full:
            upstreams.serve(case.source, full[case.source_id])

    def refresh(*options: str) -> float:
        started = time.monotonic()
        command = [sys.executable, "-m", "pipeline.cli", "refresh", "--quiet", *options]
        run = subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return time.monotonic() - started

    def ask(query: str) -> list[tuple]:
        with duckdb.connect(str(tmp_path / "published" / "latest" / "chipcast.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    first = refresh()
    landed = files_in(tmp_path / "var" / "landing")
    filed = ask(
        "select vendor_id, segment_id, value_usd_m from market.vendor_quarters where source_id = 'segment_filings'"
    )
    assert {("nvidia", "data-center"), ("amd", "data-center"), ("amazon", "aws")} <= {row[:2] for row in filed}
    # The filings here state the gathered figures: a wrong period, unit or segment would differ from them.
    assert ask("select * from quality.source_differences where 'segment_filings' in (source_a, source_b)") == []
    assert ask("select status from market.sources where source_id = 'segment_filings'") == [("fresh",)]
    second = refresh()
    assert second < first / 2, (first, second)
    assert files_in(tmp_path / "var" / "landing") == landed
    before = ask("select count(*) from quality.revisions")
    upstreams.serve(HARDWARE.source, {"epoch_ml_hardware/ml_hardware.csv": hotter(_whole_hardware())})
    refresh()
    assert ask("select count(*) from quality.revisions")[0][0] == before[0][0] + 1
    assert ask("select field, old_value, new_value from quality.revisions where source_id = 'epoch_ml_hardware'") == [
        ("tdp_w", "700", "701")
    ]
    assert ask("select mode, status from market.sources where source_id = 'epoch_ml_hardware'") == [("live", "fresh")]
    stale = ask("select message from market.sources where source_id = 'epoch_gpu_clusters' and status = 'stale'")
    assert "404" in stale[0][0], "what the server does not have is marked, and the release happens"
    tables = files_in((tmp_path / "published" / "latest").resolve() / "parquet")
    refresh("--from-landing", "--force")
    assert files_in((tmp_path / "published" / "latest").resolve() / "parquet") == tables


def _whole_hardware() -> bytes:
    """The whole table as upstream writes it, out of the embedded rows."""
    from assets.sources.chips.epoch_ml_hardware import UPSTREAM

    rows = pd.read_csv(PROJECT / "data" / "epoch_ml_hardware.csv", dtype="string")
    names = {new: old for new, old in UPSTREAM.items() if new in rows}
    return rows[list(names)].rename(columns=names).assign(**{"Link to datasheet": rows["source_url"]}).to_csv(
        index=False
    ).encode()  # fmt: skip
