"""What the schedules and sensors decide, and what a killed run leaves."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
import pytest

from assets.sources import all_sources
from assets.sources.live import Live, Request
from pipeline import refresh, schedules
from pipeline.definitions import defs
from pipeline.files import state_lock
from pipeline.refresh import end_dead_runs

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
    read = {key.removeprefix("raw/") for key in keys if key.startswith("raw/")} - {"source_catalogue"}
    assert read == {source.id for source in all_sources() if domain in (None, source.domain)}


def test_each_sensor_runs_by_default() -> None:
    assert [sensor.name for sensor in defs().sensors if sensor.default_status != dg.DefaultSensorStatus.RUNNING] == []


def _keyed(monkeypatch, ids: set[str]) -> None:
    """Make the sources need a key in live mode."""
    live = Live("https://upstream.example", (Request("a"),), lambda _: None, "documentation", {"Key": "{SOME_KEY}"})
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


def test_dead_runs_are_ended_and_live_ones_are_not(state, monkeypatch) -> None:
    with dg.instance_for_test() as instance:
        job = defs().resolve_job_def(refresh.JOB)
        run = instance.create_run_for_job(job)
        instance.report_dagster_event(
            dg.DagsterEvent(event_type_value="PIPELINE_START", job_name=job.name), run_id=run.run_id
        )
        status = lambda: instance.get_run_by_id(run.run_id).status  # noqa: E731
        assert status() == dg.DagsterRunStatus.STARTED
        sensor = schedules.end_dead_runs
        context = lambda: dg.build_sensor_context(instance)  # noqa: E731
        assert "should hold" in sensor(context()).skip_message, "a run that starts is left alone"
        monkeypatch.setattr(schedules, "STARTED_S", 0)
        with state_lock(state):
            assert "alive" in sensor(context()).skip_message
        assert status() == dg.DagsterRunStatus.STARTED
        assert run.run_id in sensor(context()).skip_message
        assert status() == dg.DagsterRunStatus.FAILURE
        assert end_dead_runs(instance) == []
