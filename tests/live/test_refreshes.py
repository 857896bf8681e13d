"""A first look at every upstream, a second with nothing changed, a third with one revised fact; and what was kept."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pandas as pd
import pytest
from cases import CORE, SOURCES, Case, chip_sales, whole_answers
from cases_prices import PRICES
from receivers import webhook
from server import Upstreams, quick, serving
from shapes import Csv, zipped

from assets import refresh
from pipeline.ingest import http, landing, raw_tables, run_tables
from pipeline.settings import PROJECT, Settings, UserError
from pipeline.sources import all_sources

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


def test_three_looks_at_every_upstream_and_all_is_rebuilt_from_landing(settings, upstreams, monkeypatch):
    for case in CASES:
        serve(case, upstreams, monkeypatch)
    first = {case.source_id: raw_tables.ingest(alone(case), settings) for case in CASES}
    assert all(report.passed and not report.stale and report.mode == "live" for report in first.values()), first
    landed = files_in(settings.state / "landing")
    tables = files_in(settings.raw)

    upstreams.statuses.clear()
    second = {case.source_id: raw_tables.ingest(alone(case), settings) for case in CASES}
    assert second == first
    assert set(upstreams.statuses) == {304}, "every request was conditional and nothing was sent again"
    assert files_in(settings.state / "landing") == landed, "nothing new landed"
    assert files_in(settings.raw) == tables

    (name, content), *_ = HARDWARE.answers.items()
    serve(HARDWARE, upstreams, monkeypatch, **{name: hotter(content)})
    third = {case.source_id: raw_tables.ingest(alone(case), settings) for case in CASES}
    assert {name for name in third if third[name] != first[name]} == {"epoch_ml_hardware"}
    run_tables.write([alone(case) for case in CASES], settings)
    (revision,) = pd.read_parquet(settings.raw / "quality_revisions.parquet").to_dict("records")
    assert revision["source_id"] == "epoch_ml_hardware" and revision["row_key"] == "name=NVIDIA H200 SXM"
    assert (revision["field"], revision["old_value"], revision["new_value"]) == ("tdp_w", "700", "701")
    assert pd.Timestamp(revision["revised_on"]).date() == settings.as_of
    rows = pd.read_parquet(settings.raw / "epoch_ml_hardware.parquet").query("name == 'NVIDIA H200 SXM'")
    assert rows["tdp_w"].tolist() == [700.0, 701.0], "both versions are kept"
    assert rows["superseded_on"].notna().tolist() == [True, False]
    assert rows["superseded_on"].iloc[0] == rows["reported_on"].iloc[1] == pd.Timestamp(settings.as_of)

    upstreams.faults["runpod_offers"] = "500"
    broken = next(case for case in CASES if case.source_id == "runpod_offers")
    assert raw_tables.ingest(alone(broken), settings).stale
    run_tables.write([alone(case) for case in CASES], settings)
    made = files_in(settings.raw)
    upstreams.faults.clear()
    upstreams.asked.clear()
    again = replace(settings, state=settings.state.parent / "again", from_landing=True)
    again.state.mkdir()
    (settings.state / "landing").rename(again.state / "landing")
    for case in CASES:
        raw_tables.ingest(alone(case), again)
    run_tables.write([alone(case) for case in CASES], again)
    assert not upstreams.asked
    assert files_in(again.raw) == made, "bit for bit"


def test_a_landed_answer_is_what_was_sent_with_where_and_when(settings, upstreams, monkeypatch):
    upstreams.last_modified["epoch_ml_hardware"] = "Thu, 23 Jul 2026 08:00:00 GMT"
    serve(HARDWARE, upstreams, monkeypatch)
    raw_tables.ingest(alone(HARDWARE), settings)
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
    assert raw_tables.ingest(source, settings).passed
    upstreams.faults["epoch_ml_hardware"] = "500"
    young = raw_tables.ingest(source, settings)
    assert young.passed and young.stale
    late = replace(settings)
    late.__dict__["as_of"] = settings.as_of + timedelta(days=raw_tables.REQUIRED_WITHIN_DAYS + 1)
    old = raw_tables.ingest(source, late)
    upstreams.faults.clear()
    assert not old.passed and "is required" in old.message and "185 days old; at most 184" in old.message
    assert "500" in old.message
    assert raw_tables.ingest(replace(source, required=False), late).passed


def test_a_source_without_its_contact_says_which_variable_it_lacks(settings, upstreams, monkeypatch):
    case = next(case for case in CASES if case.source_id == "xbrl_facts")
    serve(case, upstreams, monkeypatch)
    monkeypatch.delenv("CHIPCAST_CONTACT")
    upstreams.asked.clear()
    report = raw_tables.ingest(alone(case), settings)
    assert report.passed and "CHIPCAST_CONTACT is not set" in report.stale and not upstreams.asked["xbrl_facts"]
    monkeypatch.setenv("CHIPCAST_CONTACT", "somebody@example.org")
    assert not raw_tables.ingest(alone(case), settings).stale


def test_a_refresh_that_no_upstream_answered_is_none_and_is_told(settings, upstreams, monkeypatch):
    cases = CASES[:2]
    for case in cases:
        serve(case, upstreams, monkeypatch)
        upstreams.faults[case.source_id] = "500"
    monkeypatch.setattr(refresh, "all_sources", lambda: [alone(case) for case in cases])
    with webhook() as (address, taken):
        monkeypatch.setenv("CHIPCAST_ALERT_WEBHOOK", address)
        with pytest.raises(UserError, match=r"No upstream answered, of 2: .* The first: .* answered 500"):
            refresh.run(settings)
    assert (
        "chipcast: refresh failed" in taken[0]
        and "No upstream answered" in taken[0]
        and str(settings.state) in taken[0]
    )
    del upstreams.faults[cases[0].source_id]
    refresh.look_at_upstreams(settings)
    upstreams.faults[cases[0].source_id] = "500"
    (settings.state / "inbox" / "x").mkdir(parents=True)
    (settings.state / "inbox" / "x" / "x.csv").write_text("somebody was sent this")
    refresh.look_at_upstreams(settings)


def test_a_file_in_the_inbox_counts_like_an_answer(settings, upstreams, monkeypatch):
    (content,) = HARDWARE.answers.values()
    upstreams.faults["epoch_ml_hardware"] = "500"
    serve(HARDWARE, upstreams, monkeypatch)
    inbox = settings.state / "inbox" / "epoch_ml_hardware"
    inbox.mkdir(parents=True)
    (inbox / "ml_hardware.csv").write_bytes(content)
    report = raw_tables.ingest(alone(HARDWARE), settings)
    assert report.mode == "live" and report.rows_accepted == 30 and "500" in report.stale
    landed = files_in(settings.state / "landing")
    raw_tables.ingest(alone(HARDWARE), settings)
    assert files_in(settings.state / "landing") == landed, "a file is landed once"
    (inbox / "notes.txt").write_text("?")
    upstreams.faults.clear()
    wrong = raw_tables.ingest(alone(HARDWARE), settings)
    assert "inbox/epoch_ml_hardware/notes.txt is none of its files" in wrong.stale and wrong.rows_accepted == 30


def test_vintages_of_chip_sales_stand_side_by_side(settings, upstreams, monkeypatch):
    case = next(case for case in CASES if case.source_id == "epoch_chip_shipments")
    source = replace(quick(case.source), files=case.source.files)
    for name in ("epoch_chip_shipments.csv",):
        (settings.data / name).write_bytes((PROJECT / "data" / name).read_bytes())
    embedded = len(pd.read_csv(settings.data / "epoch_chip_shipments.csv"))
    serve(case, upstreams, monkeypatch)
    report = raw_tables.ingest(source, settings)
    table = pd.read_parquet(settings.raw / "epoch_chip_shipments.parquet")
    assert not report.stale and len(table) == embedded + report.rows_accepted
    assert table["estimate_vintage"].value_counts().to_dict() == {"2026-04": embedded, "2026-08": report.rows_accepted}
    assert table["superseded_on"].isna().all(), "a later estimate never replaces an earlier one"
    again = zipped("timelines_by_chip.csv", chip_sales("epoch_chip_shipments", "11-02-2026 09:00"))
    serve(case, upstreams, monkeypatch, **{"ai_chip_sales.zip": again})
    raw_tables.ingest(source, settings)
    table = pd.read_parquet(settings.raw / "epoch_chip_shipments.parquet")
    assert sorted(table["estimate_vintage"].unique()) == ["2026-04", "2026-08", "2026-11"]
    assert table["superseded_on"].isna().all()


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("https://elsewhere.example/ml_hardware.csv", "redirected to https://elsewhere.example"),
        ("http://example.org/x", "redirected to http://example.org"),
        ("/epoch_ml_hardware/loop", "redirected more than"),
        ("http://[nowhere", "cannot be asked"),
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


@pytest.mark.parametrize(
    ("url", "headers"), [("/epoch_ml_hardware/x\x00y", {}), ("/epoch_ml_hardware/x", {"User-Agent": "chipcast Jürgen"})]
)
def test_an_address_or_header_that_cannot_be_written_is_told(url, headers, upstreams, tmp_path):
    with pytest.raises(http.FetchError, match=r"cannot be asked \(.*Check its address and headers"):
        http.fetch(http.Call(upstreams.url + url, ("text/csv",), 1000, headers, per_second=10_000), tmp_path)


def test_an_answer_that_drips_ends_in_time(upstreams, tmp_path, monkeypatch):
    monkeypatch.setattr(http, "ANSWER_TIMEOUT_S", 0.2)
    drips = lambda: (time.sleep(0.05) or b"name\n" for _ in range(100))  # noqa: E731
    upstreams.streams["/drip"] = ({"Content-Type": "text/csv"}, drips)
    started = time.monotonic()
    with pytest.raises(http.FetchError, match=r"not complete within 0.2 s. Try again later"):
        http.fetch(http.Call(f"{upstreams.url}/drip", ("text/csv",), 1000, per_second=10_000), tmp_path)
    assert time.monotonic() - started < 3 and not list(tmp_path.iterdir())


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
    call = http.Call(url, ("text/csv",), 1000, per_second=10_000)
    for asked in ("30", format_datetime(datetime.now(UTC) + timedelta(seconds=31), usegmt=True)):
        waits.clear()
        monkeypatch.setattr(upstreams, "retry_after", asked)
        with pytest.raises(http.FetchError, match=r"429 .*tried 2 times"):
            http.fetch(call, tmp_path)
        assert 25 < max(waits) < 31
    monkeypatch.setattr(upstreams, "retry_after", "61")
    with pytest.raises(http.FetchError, match=r"asks to wait 61 s. Refresh again after that"):
        http.fetch(call, tmp_path)
    upstreams.faults.clear()


@pytest.mark.slow
def test_three_refreshes_of_the_whole_pipeline(tmp_path):
    """LIVE=1 through the command line, every connector answered in full: the second takes less than half, the third
    has one row in quality.revisions, and a fourth, from the landing zone alone, makes the same bytes.
    """
    import duckdb

    answers = {case.source_id: dict(case.answers) for case in CASES} | whole_answers()
    assert set(answers) == {source.id for source in all_sources() if source.live}
    env = {**os.environ, "LIVE": "1", "CHIPCAST_CONTACT": "test@example.org"}
    # The answers of these two are short beside the embedded list, which the guard would take for a loss.
    env |= {f"CHIPCAST_{name}_MAX_LOST_SHARE": "1" for name in ("LITELLM_PRICES", "OPENROUTER_PRICES")}

    def refresh(place: Path, *options: str) -> tuple[float, str]:
        started = time.monotonic()
        places = {"CHIPCAST_STATE": str(place / "var"), "CHIPCAST_PUBLISHED": str(place / "published")}
        command = [sys.executable, "-m", "assets.cli", "refresh", *options]
        run = subprocess.run(command, env={**env, **places}, cwd=PROJECT, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return time.monotonic() - started, run.stdout

    def ask(query: str) -> list[tuple]:
        with duckdb.connect(str(tmp_path / "published" / "latest" / "chipcast.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    with contextlib.ExitStack() as stack:
        # Upstreams are hosts of their own, each with its own pace.
        hosts = {source_id: stack.enter_context(serving()) for source_id in answers}
        for source_id, host in hosts.items():
            env[f"CHIPCAST_{source_id.upper()}_URL"] = f"{host.url}/{source_id}"
            host.serve(SOURCES[source_id], answers[source_id])

        first, _ = refresh(tmp_path)
        live = {source_id for (source_id,) in ask("select source_id from market.sources where mode = 'live'")}
        assert live == set(answers)
        assert ask("select message from market.sources where message like '%http%'") == [], "no upstream failed"
        landed = files_in(tmp_path / "var" / "landing")
        filed = ask(
            "select vendor_id, segment_id from market.vendor_quarters_vintages where source_id = 'segment_filings'",
        )
        assert {("nvidia", "data-center"), ("amd", "data-center"), ("amazon", "aws")} <= set(filed)
        # The filings here state the gathered figures: a wrong period, unit or segment would differ from them.
        assert ask("select * from quality.source_differences where 'segment_filings' in (source_a, source_b)") == []
        same = ", ".join(f"'{source_id}'" for source_id in whole_answers())
        assert ask(f"select * from quality.revisions where source_id in ({same})") == [], "said again is not revised"

        for host in hosts.values():
            host.statuses.clear()
        second, _ = refresh(tmp_path)
        assert {status for host in hosts.values() for status in host.statuses} == {304}, "every request was conditional"
        assert files_in(tmp_path / "var" / "landing") == landed, "nothing new landed"
        assert second < first / 2, (first, second)

        before = ask("select count(*) from quality.revisions")[0][0]
        (content,) = answers["epoch_ml_hardware"].values()
        hosts["epoch_ml_hardware"].serve(HARDWARE.source, {next(iter(HARDWARE.answers)): hotter(content)})
        hosts["epoch_gpu_clusters"].faults["epoch_gpu_clusters"] = "500"
        _, summary = refresh(tmp_path)
        assert ask("select count(*) from quality.revisions")[0][0] == before + 1
        revised = "select field, old_value, new_value from quality.revisions where source_id = 'epoch_ml_hardware'"
        assert ask(revised) == [("tdp_w", "700", "701")]
        # What the upstream says is as old as the recording, so its facts may be stale; the look at it did not fail.
        looked_at = "mode = 'live' and coalesce(message, '') not like '%http%'"
        assert ask(f"select {looked_at} from market.sources where source_id = 'epoch_ml_hardware'") == [(True,)]
        ((message,),) = ask(
            "select message from market.sources where status = 'stale' and source_id = 'epoch_gpu_clusters'"
        )
        assert "answered 500" in message and f"stale: {message}" in summary, (
            "one upstream is down, and the release happens"
        )

    tables = files_in((tmp_path / "published" / "latest").resolve() / "parquet")
    again = tmp_path / "again"
    shutil.copytree(tmp_path / "var" / "landing", again / "var" / "landing")
    refresh(again, "--from-landing")
    assert files_in((again / "published" / "latest").resolve() / "parquet") == tables
