"""The UI's server and daemon, driven through GraphQL: a run, a real tick, the whole graph, a failure, a backfill, a kill."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import duckdb
import psutil
import pytest
from dagster_server import LOCATION, Server
from receivers import webhook
from sandbox import Sandbox

from pipeline.publish import release

SOURCE = "openrouter_prices"
CONTACT = "a-secret-that-no-log-may-hold"


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[str, list[str]]]:
    with webhook() as receiver:
        yield receiver


@contextmanager
def started(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="module")
def server(grown: Sandbox, told) -> Iterator[Server]:
    """One whose nightly schedule is due every minute."""
    workspace = Path(__file__).with_name("every_minute.yaml")
    with started(Server(grown, workspace, CHIPCAST_ALERT_WEBHOOK=told[0], SOME_API_KEY=CONTACT)) as found:
        yield found


def test_it_lists_what_is_scheduled_and_a_run_it_starts_succeeds(grown: Sandbox) -> None:
    with started(Server(grown, SOME_API_KEY=CONTACT)) as server:
        every_schedule_and_sensor_runs(server)
        run = server.ended(server.launch("refresh", [f"raw/{SOURCE}"]))
        assert run["status"] == "SUCCESS" and [step["stepKey"] for step in run["stepStats"]] == [f"raw__{SOURCE}"]
        assert CONTACT not in server.log()


def every_schedule_and_sensor_runs(server: Server) -> None:
    found = server.ask(
        """query($repository: RepositorySelector!) {repositoryOrError(repositorySelector: $repository) {... on Repository {
        schedules {name cronSchedule executionTimezone description scheduleState {status}}
        sensors {name description sensorState {status}}}}}""",
        repository=LOCATION,
    )["repositoryOrError"]
    assert {one["name"] for one in found["schedules"]} == {
        "full_refresh_nightly",
        "prices_daily",
        "usage_weekly",
        "earnings_weekly",
    }
    for schedule in found["schedules"]:
        assert schedule["scheduleState"]["status"] == "RUNNING"
        assert schedule["executionTimezone"] == "UTC" and "UTC" in schedule["description"]
    assert {one["name"] for one in found["sensors"]} >= {
        "alert_on_failed_run",
        "alert_on_failed_check",
        "end_dead_runs",
    }
    assert all(one["sensorState"]["status"] == "RUNNING" and one["description"] for one in found["sensors"])


@pytest.mark.slow
def test_the_daemon_ticks(server: Server) -> None:
    every_schedule_and_sensor_runs(server)
    run = server.wait("the daemon's tick", lambda: next(iter(server.runs()), None), 150)
    # One is enough: stopping is also what the switch in the UI does.
    schedule = {**LOCATION, "scheduleName": "full_refresh_nightly"}
    state = server.ask(
        """query($schedule: ScheduleSelector!) {scheduleOrError(scheduleSelector: $schedule) {... on Schedule {
        scheduleState {id}}}}""",
        schedule=schedule,
    )["scheduleOrError"]["scheduleState"]
    stopped = server.ask(
        """mutation($id: String!) {stopRunningSchedule(id: $id) {... on ScheduleStateResult {
        scheduleState {status}}}}""",
        id=state["id"],
    )["stopRunningSchedule"]
    assert stopped["scheduleState"]["status"] == "STOPPED"
    assert run["jobName"] == "refresh"
    assert {"key": "dagster/schedule_name", "value": "full_refresh_nightly"} in run["tags"]
    assert server.ended(run["runId"])["status"] == "SUCCESS", server.events(run["runId"])[-5:]


@pytest.mark.slow
def test_the_whole_graph_is_green_and_explains_itself(server: Server) -> None:
    nodes = server.ask(
        """{assetNodes {assetKey {path} groupName jobNames description owners {
        ... on TeamAssetOwner {team}} kinds isPartitioned
        assetMaterializations(limit: 1) {metadataEntries {__typename label ... on IntMetadataEntry {intValue}
        ... on FloatMetadataEntry {floatValue} ... on MarkdownMetadataEntry {mdStr}
        ... on TableColumnLineageMetadataEntry {lineage {columnName columnDeps {assetKey {path} columnName}}}
        ... on TableSchemaMetadataEntry {schema {columns {name}}}}}
        assetChecksOrError {... on AssetChecks {checks {name executionForLatestMaterialization {status
        evaluation {severity success}}}}}}}"""
    )["assetNodes"]
    nodes = [node for node in nodes if "refresh" in node["jobNames"]]
    assert len(nodes) > 130
    by_name = {"/".join(node["assetKey"]["path"]): node for node in nodes}
    assert [name for name, node in by_name.items() if not node["assetMaterializations"]] == []
    entries = {
        name: {entry["label"]: entry for entry in node["assetMaterializations"][0]["metadataEntries"]}
        for name, node in by_name.items()
    }
    for name, node in by_name.items():
        assert node["groupName"] != "default" and node["kinds"] and node["description"], name
        failed = [
            check["name"]
            for check in node["assetChecksOrError"].get("checks", [])
            if (run := check["executionForLatestMaterialization"])
            and not run["evaluation"]["success"]
            and run["evaluation"]["severity"] == "ERROR"
        ]
        assert not failed, (name, failed)
        if not name.startswith("release"):
            assert entries[name]["dagster/row_count"]["intValue"] >= 0
            assert entries[name]["dagster/column_schema"]["schema"]["columns"], name
            assert entries[name]["preview"]["mdStr"].startswith("| "), name
    lineage = {
        entry["columnName"]: {("/".join(dep["assetKey"]["path"]), dep["columnName"]) for dep in entry["columnDeps"]}
        for entry in entries["market/token_price_history"]["dagster/column_lineage"]["lineage"]
    }
    assert ("intermediate/int_token_prices", "input_usd_per_mtok") in lineage["blended_usd_per_mtok"]
    traced = [
        name
        for name in by_name
        if name.startswith(("market/", "forecast/")) and "dagster/column_lineage" in entries[name]
    ]
    assert len(traced) > 40
    forecast = entries["forecast/vendor_revenue"]
    assert "](data:image/svg+xml;base64," in forecast["chart"]["mdStr"]
    assert len(forecast["chart"]["mdStr"]) < 60_000
    assert -1 < forecast["log_wis_skill_vs_log_drift_1q"]["floatValue"] < 1
    checks = by_name["forecasts/vendor_revenue"]["assetChecksOrError"]["checks"]
    assert [check["executionForLatestMaterialization"]["status"] for check in checks] == ["SUCCEEDED"]


@pytest.mark.slow
def test_a_planted_failure_is_told_and_runs_again_from_there(server: Server, told) -> None:
    path = server.sandbox.data / f"{SOURCE}.csv"
    good = path.read_text()
    header, _, rest = good.partition("\n")
    path.write_text(header.replace("model_id", "model_name") + "\n" + rest)
    before = len(told[1])
    assets = [f"raw/{SOURCE}", "raw/genai_prices"]
    run_id = server.launch("refresh", assets)
    run = server.ended(run_id)
    assert run["status"] == "FAILURE"
    # Only what was selected ran, and the other source was not harmed.
    assert {step["stepKey"]: step["status"] for step in run["stepStats"]} == {
        f"raw__{SOURCE}": "FAILURE",
        "raw__genai_prices": "SUCCESS",
    }
    failure = next(event for event in server.events(run_id) if event["__typename"] == "ExecutionStepFailureEvent")
    said = failure["error"]["message"] + "".join(cause["message"] for cause in failure["error"]["causes"])
    assert SOURCE in said and "model_id" in said
    assert not any(event["__typename"] == "ExecutionStepUpForRetryEvent" for event in server.events(run_id))

    server.wait("the alert", lambda: len(told[1]) > before, 90)
    text = told[1][-1]
    assert SOURCE in text and "model_id" in text and "since" in text and "What to do" in text

    path.write_text(good)
    again = server.ended(server.again_from_failure(run_id))
    assert again["status"] == "SUCCESS"
    assert [step["stepKey"] for step in again["stepStats"]] == [f"raw__{SOURCE}"]


@pytest.mark.slow
def test_a_backfill_of_days_is_one_run_and_gives_the_full_tables(server: Server) -> None:
    days = [str(date(2026, 8, 27) + timedelta(days=number)) for number in range(90)]
    assert days[-1] == "2026-11-24"
    found = server.ask(
        """mutation($params: LaunchBackfillParams!) {launchPartitionBackfill(backfillParams: $params) {
        __typename ... on LaunchBackfillSuccess {backfillId} ... on PythonError {message}}}""",
        params={
            "assetSelection": [{"path": ["price_days", table]} for table in ("token_price_history", "rental_prices")],
            "partitionNames": days,
        },
    )["launchPartitionBackfill"]
    assert found["__typename"] == "LaunchBackfillSuccess", found

    def runs():
        tag = {"key": "dagster/backfill", "value": found["backfillId"]}
        return [run for run in server.runs() if tag in run["tags"]]

    server.wait("the backfill's run", lambda: [run for run in runs() if run["status"] == "SUCCESS"], 120)
    assert len(runs()) == 1
    folder = server.sandbox.state / "price_days"
    published = duckdb.connect(str(server.sandbox.latest / "chipcast.duckdb"), read_only=True)
    for table in ("token_price_history", "rental_prices"):
        assert sorted(path.stem for path in (folder / table).glob("*.parquet")) == days
        wanted = f"from market.{table} where reported_on between '{days[0]}' and '{days[-1]}' order by all"
        rows = published.execute(wanted).fetchall()
        assert rows and published.execute(f"from '{folder / table}/*.parquet' order by all").fetchall() == rows


@pytest.mark.slow
def test_after_daemon_and_worker_are_killed_the_run_ends_as_failed_and_the_next_succeeds(server: Server) -> None:
    latest = server.sandbox.latest.resolve()
    # An earlier run's process may still be ending, and its note stands until the next run writes its own.
    earlier = server.lock_holder()
    run_id = server.launch("refresh_usage")
    worker = server.wait("the run's process", lambda: (found := server.lock_holder()) != earlier and found)

    refused = server.sandbox.chipcast("refresh", "--quiet")
    assert refused.returncode == 1 and "Traceback" not in refused.stderr
    assert f"Another refresh holds var/ (process {worker}," in refused.stderr

    server.kill()
    os.kill(worker, signal.SIGKILL)
    server.start()
    assert server.ended(run_id, 90)["status"] == "FAILURE"
    assert server.sandbox.latest.resolve() == latest and not release.verify(latest)
    again = server.launch("refresh", [f"raw/{SOURCE}"])
    assert server.ended(again)["status"] == "SUCCESS"


@pytest.mark.slow
def test_the_ui_listens_on_loopback(server: Server) -> None:
    assert server.process
    everyone = [psutil.Process(server.process.pid)]
    everyone += everyone[0].children(recursive=True)
    open_at = [
        one.laddr for each in everyone for one in each.net_connections("inet") if one.status == psutil.CONN_LISTEN
    ]
    assert server.port in {address.port for address in open_at}
    assert {address.ip for address in open_at} == {"127.0.0.1"}


@pytest.mark.slow
def test_no_secret_is_in_any_log(server: Server, told) -> None:
    logs = server.log().encode() + b"".join(
        path.read_bytes() for path in (server.sandbox.state / "dagster").rglob("*") if path.is_file()
    )
    assert b"full_refresh_nightly" in logs
    assert CONTACT.encode() not in logs and b"s3cr3t-path" not in logs
