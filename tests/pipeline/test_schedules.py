"""What the schedules and sensors decide, and what a killed run leaves."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dagster as dg
import pytest
from dagster._core.storage.tags import GRPC_INFO_TAG

from assets import runs, schedules, sensors
from assets.definitions import defs
from assets.runs import end_dead_runs
from pipeline.files import state_lock
from pipeline.ingest import run_tables
from pipeline.sources import all_sources, edgar
from pipeline.sources.live import Live, Request

JOBS = {name: (job, domain) for name, job, domain, _, _ in schedules.PLAN}


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("CHIPCAST_STATE", str(tmp_path / "var"))
    monkeypatch.delenv("LIVE", raising=False)
    return tmp_path / "var"


def _tick(name: str):
    schedule = defs().get_repository_def().get_schedule_def(name)
    with dg.instance_for_test() as instance:
        return schedule.evaluate_tick(dg.build_schedule_context(instance, repository_def=defs().get_repository_def()))


@pytest.mark.parametrize("name", JOBS)
def test_a_tick_starts_the_right_job_which_ends_with_the_release(name: str) -> None:
    schedule = defs().get_repository_def().get_schedule_def(name)
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.execution_timezone == "UTC"
    (request,) = _tick(name).run_requests
    job, domain = JOBS[name]
    assert (request.job_name or schedule.job_name) == job
    keys = {key.to_user_string() for key in defs().resolve_job_def(job).asset_layer.selected_asset_keys}
    assert "release" in keys and "release_as_of" not in keys
    assert ("forecasts/vendor_revenue" in keys) == (domain in (None, "earnings")), "no more than rests on its sources"
    read = {key.removeprefix("raw/") for key in keys if key.startswith("raw/")} - set(run_tables.TABLES)
    assert read == {source.id for source in all_sources() if domain in (None, source.domain)}


def test_each_sensor_runs_by_default() -> None:
    assert [sensor.name for sensor in defs().sensors if sensor.default_status != dg.DefaultSensorStatus.RUNNING] == []


def _keyed(monkeypatch, ids: set[str]) -> None:
    """Make the sources need a key in live mode."""
    asked = (Request("a", max_bytes=1),)
    live = Live("https://upstream.example", asked, tested_on="documentation", headers={"Key": "{SOME_KEY}"})
    free = replace(live, headers={})
    found = [
        replace(source, live=live if source.id in ids else free) for source in all_sources() if source.domain == "usage"
    ]
    monkeypatch.setattr(schedules, "all_sources", lambda: found)


def test_a_schedule_without_its_key_says_so(monkeypatch) -> None:
    every = {source.id for source in all_sources()}
    _keyed(monkeypatch, every)
    assert _tick("usage_weekly").run_requests, "the embedded snapshot needs no key"
    monkeypatch.setenv("LIVE", "1")
    tick = _tick("usage_weekly")
    assert not tick.run_requests and "SOME_KEY" in tick.skip_message
    monkeypatch.setenv("SOME_KEY", "given")
    assert _tick("usage_weekly").run_requests
    # One that lacks its key does not stop the others; the run's tag says which was not asked.
    monkeypatch.delenv("SOME_KEY")
    _keyed(monkeypatch, {"epoch_models"})
    (request,) = _tick("usage_weekly").run_requests
    assert request.tags["chipcast/not_asked"] == "epoch_models needs SOME_KEY"


@dg.job(name=runs.JOB)
def job() -> None:
    """A run is dead or alive whatever it does: the refresh itself would take seconds to write down."""


def test_dead_runs_are_ended_and_live_ones_are_not(state, monkeypatch) -> None:
    with dg.instance_for_test() as instance:
        run = instance.create_run_for_job(job)
        instance.report_dagster_event(
            dg.DagsterEvent(event_type_value="PIPELINE_START", job_name=job.name), run_id=run.run_id
        )
        status = lambda: instance.get_run_by_id(run.run_id).status  # noqa: E731
        assert status() == dg.DagsterRunStatus.STARTED
        sensor = sensors.end_dead_runs
        context = lambda: dg.build_sensor_context(instance)  # noqa: E731
        assert "should hold" in sensor(context()).skip_message, "a run that starts is left alone"
        launched = instance.create_run_for_job(job, tags={GRPC_INFO_TAG: "{}"}, status=dg.DagsterRunStatus.STARTING)
        of_refresh = [one.run_id for one in runs.unfinished(instance, runs.STARTED_S, 0)]
        assert of_refresh == [run.run_id], "what a daemon has just launched has no lock yet, and is not dead"
        instance.report_run_canceled(launched)
        monkeypatch.setattr(runs, "STARTED_S", 0)
        with state_lock(state):
            assert "alive" in sensor(context()).skip_message
        assert status() == dg.DagsterRunStatus.STARTED
        assert run.run_id in sensor(context()).skip_message
        assert status() == dg.DagsterRunStatus.FAILURE
        assert end_dead_runs(instance) == []


@pytest.fixture
def submissions(monkeypatch):
    """What a server that stands for SEC EDGAR answers: CIK -> filings as (accession, day)."""
    filed = {cik: [("0001-26-000001", "2026-08-01"), ("0001-25-000009", "2025-11-20")] for cik in edgar.COMPANIES}
    agents = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cik = self.path.removeprefix("/submissions/CIK").removesuffix(".json").lstrip("0")
            agents.append(self.headers["User-Agent"])
            recent = {
                "accessionNumber": [f"{cik}-{accession}" for accession, _ in filed[cik]],
                "form": ["10-Q" for _ in filed[cik]],
                "filingDate": [day for _, day in filed[cik]],
                "reportDate": ["2026-07-26" for _ in filed[cik]],
                "items": ["" for _ in filed[cik]],
                "primaryDocument": ["a.htm" for _ in filed[cik]],
            }
            body = json.dumps({"cik": cik, "name": edgar.COMPANIES[cik], "filings": {"recent": recent}}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("CHIPCAST_EDGAR_FILINGS_URL", f"http://127.0.0.1:{server.server_port}")
        yield filed, agents
        server.shutdown()


def test_a_new_filing_refreshes_earnings_once(submissions, monkeypatch) -> None:
    filed, agents = submissions
    cursor = None

    def look():
        nonlocal cursor
        with dg.instance_for_test() as instance:
            context = dg.build_sensor_context(instance, cursor=cursor, definitions=defs())
            found = sensors.earnings_on_new_filing.evaluate_tick(context)
        cursor = found.cursor or cursor
        return found

    assert "LIVE=1" in look().skip_message
    monkeypatch.setenv("LIVE", "1")
    monkeypatch.delenv("CHIPCAST_CONTACT", raising=False)
    assert "CHIPCAST_CONTACT is not set" in look().skip_message and not agents
    monkeypatch.setenv("CHIPCAST_CONTACT", "someone@example.org")
    assert look().skip_message.startswith("First look: 12 filings")
    assert "someone@example.org" in agents[0]
    assert look().skip_message == "Nothing new was filed."
    filed["1045810"].insert(0, ("0001-26-000002", "2026-08-26"))
    (request,) = look().run_requests
    assert (request.job_name or sensors.earnings_on_new_filing.job_name) == "refresh_earnings"
    assert request.tags["chipcast/new_filings"] == "NVIDIA 10-Q of 2026-08-26"
    assert look().skip_message == "Nothing new was filed."
