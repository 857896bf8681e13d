"""What is told of a failed run or check, to whom, and what is never told."""

from __future__ import annotations

import socket

import dagster as dg
import pytest
from receivers import mailbox, webhook

from assets import alerts, runs
from pipeline.settings import Settings, UserError

KEY = dg.AssetKey("prices")


def _job(passes: bool, crashes: str = "", *, blocks: bool = False) -> dg.JobDefinition:
    @dg.asset(key=KEY, check_specs=[dg.AssetCheckSpec("newest_fact", asset=KEY, blocking=blocks)])
    def prices():
        if crashes:
            raise UserError(crashes)
        return dg.MaterializeResult(
            check_results=[
                dg.AssetCheckResult(
                    check_name="newest_fact",
                    passed=passes,
                    severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
                    metadata={"message": "newest fact 2026-01-01, 300 days old"},
                )
            ]
        )

    return dg.Definitions(assets=[prices], jobs=[dg.define_asset_job("refresh_pricing")]).resolve_job_def(
        "refresh_pricing"
    )


@pytest.fixture
def instance(monkeypatch, tmp_path):
    for name in ("CHIPCAST_ALERT_WEBHOOK", "CHIPCAST_ALERT_EMAIL", "CHIPCAST_SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHIPCAST_STATE", str(tmp_path))
    with dg.instance_for_test() as instance:
        yield instance


def _alert(instance: dg.DagsterInstance, **job) -> dg.SkipReason | None:
    """Run a job and let the sensor see how it ended."""
    result = _job(**job).execute_in_process(instance=instance, raise_on_error=False)
    run = instance.get_run_by_id(result.run_id)
    event = next(
        event
        for event in reversed(result.all_events)
        if event.event_type_value in ("PIPELINE_SUCCESS", "PIPELINE_FAILURE")
    )
    return alerts.alert(dg.build_run_status_sensor_context("alert", event, instance, run))


def test_a_failed_run_is_told_with_cause_beginning_and_advice(instance, monkeypatch) -> None:
    with webhook() as (address, told):
        monkeypatch.setenv("CHIPCAST_ALERT_WEBHOOK", address)
        assert isinstance(_alert(instance, passes=True), dg.SkipReason) and not told
        monkeypatch.setenv("UPSTREAM_TOKEN", "hush-hush")
        cause = "Source openrouter_prices: field model_id is missing at https://x.example/?key=hush-hush"
        for _ in range(2):
            assert _alert(instance, passes=True, crashes=cause) is None
    assert len(told) == 2
    assert told[0].startswith("chipcast: refresh_pricing failed\nprices: Source openrouter_prices: field model_id")
    assert "1 in a row" in told[0] and "2 in a row" in told[1] and "since 20" in told[0] and "What to do: " in told[0]
    assert "hush-hush" not in "".join(told) and "<UPSTREAM_TOKEN>" in told[0]
    assert "Traceback" not in told[0]


def test_a_check_that_stops_a_run_is_its_cause_and_no_bug(instance) -> None:
    events = _job(passes=False, blocks=True).execute_in_process(instance=instance, raise_on_error=False).all_events
    assert runs.what_failed(events, "refresh_pricing") == ["prices: newest fact 2026-01-01, 300 days old"]


def test_a_check_is_told_when_it_begins_to_fail(instance, monkeypatch) -> None:
    with mailbox() as (address, told):
        monkeypatch.setenv("CHIPCAST_ALERT_EMAIL", "operator@example.org")
        monkeypatch.setenv("CHIPCAST_SMTP_URL", address)
        for passes, messages in ((True, 0), (False, 1), (False, 1), (True, 1), (False, 2)):
            _alert(instance, passes=passes)
            assert len(told) == messages, (passes, told)
    assert "Subject: chipcast: checks failed in refresh_pricing" in told[0]
    assert "To: operator@example.org" in told[0]
    assert "From: chipcast@" in told[0]
    assert "Date: " in told[0]
    assert "prices, check newest_fact (warn): newest fact 2026-01-01, 300 days old; since 20" in told[0].replace(
        "=\r\n", ""
    )


def test_an_undelivered_alert_fails_its_tick_without_the_address(instance, monkeypatch) -> None:
    with webhook(status=500) as (address, _):
        monkeypatch.setenv("CHIPCAST_ALERT_WEBHOOK", address)
        with pytest.raises(UserError, match=r"webhook: HTTPStatusError \(status 500\)") as error:
            _alert(instance, passes=True, crashes="broken")
    assert "s3cr3t" not in str(error.value)
    assert error.value.__cause__ is None
    settings = Settings.from_env()
    assert alerts.deliver_waiting(settings) == ["webhook: ConnectError"]  # nobody listens there any more
    (settings.state / "alerts" / "0-webhook.json").write_text('{"channel": "web')
    with webhook() as (address, told):
        monkeypatch.setenv("CHIPCAST_ALERT_WEBHOOK", address)
        assert alerts.deliver_waiting(settings) == alerts.deliver_waiting(settings) == []
    assert len(told) == 1
    assert "refresh_pricing failed" in told[0]
    assert f"Host {socket.gethostname()}, state folder {settings.state}." in told[0]


def test_nobody_is_told_where_nothing_is_set(instance) -> None:
    assert "CHIPCAST_ALERT_WEBHOOK" in _alert(instance, passes=True, crashes="broken").skip_message
