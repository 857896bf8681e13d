"""Failed runs and checks, told to a webhook or by e-mail: what failed, since when, what to do.

`CHIPCAST_ALERT_WEBHOOK` is an address that takes JSON with a `text` by POST, as chat services do. `CHIPCAST_ALERT_EMAIL` is
an address for mail, sent through `CHIPCAST_SMTP_URL` (`smtps://user:password@host:465`). Either may be left out.
What cannot be delivered waits in the state folder and is sent later.
"""

import json
import os
import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import dagster as dg
import httpx

from assets import runs
from pipeline import files
from pipeline.settings import Settings, UserError, scrubbed

TIMEOUT_S = 30
# How far back the beginning of a failure is looked for.
LOOK_BACK = 200
ADVICE = {
    True: "A release that is not made leaves the last one current. Mend the cause, then re-execute from failure in the UI; "
    "docs/operations.md, 'When something fails', has the usual causes.",
    False: "The release was published. See the check in the UI on its asset's page; a source whose newest fact is old "
    "wants a look at its upstream (docs/sources.md).",
}


def channels() -> list[str]:
    """The ways of telling that the environment sets up."""
    found = ["webhook"] if os.environ.get("CHIPCAST_ALERT_WEBHOOK") else []
    return [*found, *(["mail"] if os.environ.get("CHIPCAST_ALERT_EMAIL") else [])]


def send(settings: Settings, subject: str, text: str) -> None:
    """Tell every channel. Raises UserError naming those that did not take it, after trying all, without addresses."""
    text = f"{text}\nHost {socket.gethostname()}, state folder {settings.state}."
    waiting = settings.state / "alerts"
    failed = []
    for channel in channels():
        message = {"channel": channel, "subject": scrubbed(subject), "text": scrubbed(text)}
        if reason := _deliver(message):
            failed.append(reason)
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{channel}.json"
            files.write_bytes(waiting / name, json.dumps(message, indent=1).encode())
    if failed:
        raise UserError(
            f"The alert '{scrubbed(subject)}' could not be delivered: {'; '.join(failed)}. It is tried again every minute "
            "while the daemon runs, and with the next refresh. Check the address."
        )


def deliver_waiting(settings: Settings) -> list[str]:
    """Send what could not be delivered before, oldest first; returns why something still waits."""
    still = []
    for path in sorted((settings.state / "alerts").glob("[!.]*.json")):
        try:
            reason = _deliver(json.loads(path.read_text()))
        except ValueError:
            reason = ""  # cut or emptied: nobody can read it any more, and it must not keep the others
        if reason:
            still.append(reason)
        else:
            path.unlink()
    return still


def _deliver(message: dict[str, str]) -> str:
    """Why the channel did not take the message, or ""."""
    try:
        {"webhook": _post, "mail": _mail}[message["channel"]](message["subject"], message["text"])
    except Exception as error:
        # The message of a network error may hold the address, which is a secret with chat services.
        return f"{message['channel']}: {type(error).__name__}{_reason(error)}"
    return ""


def _reason(error: Exception) -> str:
    response = getattr(error, "response", None)
    if isinstance(error, UserError):
        return f" ({error})"
    return f" (status {response.status_code})" if response is not None else ""


def _post(subject: str, text: str) -> None:
    address = os.environ["CHIPCAST_ALERT_WEBHOOK"]
    httpx.post(address, json={"text": f"{subject}\n{text}"}, timeout=TIMEOUT_S).raise_for_status()


def _mail(subject: str, text: str) -> None:
    address = os.environ["CHIPCAST_ALERT_EMAIL"]
    if not os.environ.get("CHIPCAST_SMTP_URL"):
        raise UserError("CHIPCAST_SMTP_URL is not set")
    url = urlsplit(os.environ["CHIPCAST_SMTP_URL"])
    message = EmailMessage()
    sender = f"chipcast@{socket.getfqdn()}" if "@" not in (url.username or "") else unquote(url.username or "")
    message["Subject"], message["From"], message["To"] = subject, sender, address
    message["Date"] = format_datetime(datetime.now(UTC))
    message.set_content(text)
    client = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with client(url.hostname or "", url.port or 0, timeout=TIMEOUT_S) as server:
        if url.username:
            if url.scheme != "smtps":
                server.starttls()
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _day(timestamp: float) -> str:
    return f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d %H:%M} UTC"


def _failing_since(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    """The first of the job's failures since it last succeeded."""
    ended = dg.RunsFilter(job_name=run.job_name, statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE])
    streak: list[float] = []
    for record in instance.get_run_records(filters=ended, limit=LOOK_BACK):
        if record.dagster_run.is_success:
            return f"since {_day(streak[-1])}, {len(streak)} in a row" if streak else "since this run"
        streak.append(record.end_time or record.create_timestamp.timestamp())
    return f"since {_day(streak[-1])}; it has not succeeded before" if streak else "since this run"


def _check_streak(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> list[float]:
    """When the check failed since it last passed, newest first."""
    found = []
    for record in instance.event_log_storage.get_asset_check_execution_history(key, limit=LOOK_BACK):
        evaluation = record.event and record.event.dagster_event and record.event.dagster_event.event_specific_data
        if evaluation is None:
            continue
        if evaluation.passed:  # type: ignore[union-attr]
            break
        found.append(record.create_timestamp)
    return found


def _failed_checks(instance: dg.DagsterInstance, events: list[dg.DagsterEvent]) -> Iterator[tuple[str, bool]]:
    """A line for every failed check of a run, and whether it passed the time before."""
    for event in events:
        if event.event_type != dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            continue
        check = event.asset_check_evaluation_data
        if not check.passed:
            streak = _check_streak(instance, check.asset_check_key)
            message = check.metadata.get("message")
            yield (
                f"{check.asset_key.to_user_string()}, check {check.check_name} ({check.severity.value.lower()}): "
                f"{message.value if message else 'failed'}; since {_day(streak[-1]) if streak else 'now'}",
                len(streak) <= 1,
            )


def alert(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Tell of a run that the daemon saw end."""
    return tell(context.instance, context.dagster_run)


def tell(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.SkipReason | None:
    """Tell of a run that failed, or of checks that have begun to fail in one that did not. Raises as `send` does."""
    if not channels():
        return dg.SkipReason("Neither CHIPCAST_ALERT_WEBHOOK nor CHIPCAST_ALERT_EMAIL is set: nobody is told.")
    settings = Settings.from_env()
    deliver_waiting(settings)
    events = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    failed = run.status == dg.DagsterRunStatus.FAILURE
    checks = list(_failed_checks(instance, events))
    if not failed and not any(new for _, new in checks):
        return dg.SkipReason("No check has begun to fail in this run.")
    subject = f"chipcast: {run.job_name} failed" if failed else f"chipcast: checks failed in {run.job_name}"
    lines = runs.what_failed(events, run.job_name) if failed else []
    lines += [line for line, _ in checks if not any(line.split(",")[0] in told for told in lines)]
    since = [f"{run.job_name} fails {_failing_since(instance, run)}."] if failed else []
    send(settings, subject, "\n".join([*lines, *since, f"What to do: {ADVICE[failed]}", f"Run {run.run_id}."]))
    return None


def sensors() -> list[dg.SensorDefinition]:
    """One sensor for runs that failed, one for failed checks of runs that did not; both run by default."""
    return [
        dg.run_status_sensor(
            run_status=status,
            name=name,
            description=description,
            default_status=dg.DefaultSensorStatus.RUNNING,
        )(alert)
        for status, name, description in (
            (
                dg.DagsterRunStatus.FAILURE,
                "alert_on_failed_run",
                "Tells CHIPCAST_ALERT_WEBHOOK or CHIPCAST_ALERT_EMAIL of a failed run.",
            ),
            (
                dg.DagsterRunStatus.SUCCESS,
                "alert_on_failed_check",
                "Tells CHIPCAST_ALERT_WEBHOOK or CHIPCAST_ALERT_EMAIL of checks that began to fail in a run.",
            ),
        )
    ]
