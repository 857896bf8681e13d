"""Runs of Dagster: where their state is, which of them are dead, and what failed in one."""

import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.storage.tags import GRPC_INFO_TAG

from pipeline.build import repair
from pipeline.settings import PROJECT, Settings, UserError

# The job of a full refresh.
JOB = "refresh"
# So many of the newest runs keep their events: some 16 MB each, and two weeks of nightly and daily ones.
KEPT = 30
# A run that started this long ago holds the state folder's lock, unless its process died.
STARTED_S = 120
# Errors that the user or a source caused, and whose message says all; any other is a bug of ours.
EXPECTED = ("UserError", "DbtError", "SourceError", "Busy")


def dagster_home(settings: Settings) -> Path:
    """The folder with Dagster's own state: `DAGSTER_HOME` where a deployment set it up, else one in the state folder.

    Raises UserError where `DAGSTER_HOME` holds no dagster.yaml.
    """
    if os.environ.get("DAGSTER_HOME"):
        home = Path(os.environ["DAGSTER_HOME"])
        if not (home / "dagster.yaml").exists():
            raise UserError(
                f"DAGSTER_HOME={home} holds no dagster.yaml: write one (docs/deploy), or unset DAGSTER_HOME."
            )
        return home
    home = settings.state / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT / "dagster.yaml", home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def instance_of(home: Path) -> dg.DagsterInstance:
    """Dagster's storage of a home folder. Raises UserError where its database does not answer."""
    try:
        return dg.DagsterInstance.from_config(str(home))
    except Exception as error:
        # A third of a second to load, which a storage that answers does without.
        from dagster_postgres.utils import DagsterPostgresException

        if not isinstance(error, DagsterPostgresException):
            raise
        cause = getattr(error.__cause__, "orig", error)
        raise UserError(f"Dagster's storage, as {home / 'dagster.yaml'} names it, does not answer: {cause}") from error


def unfinished(
    instance: dg.DagsterInstance, started_before_s: float = 0, own_started_before_s: float | None = None
) -> list[dg.DagsterRun]:
    """Runs that started at least so many seconds ago and have not ended: they go on, or were killed.

    For runs that no daemon launched, those of the command line, `own_started_before_s` holds where it is given.
    """
    wanted = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    own = started_before_s if own_started_before_s is None else own_started_before_s
    return [
        record.dagster_run
        for record in instance.get_run_records(filters=wanted)
        if time.time() - (record.start_time or record.update_timestamp.timestamp())
        >= (started_before_s if GRPC_INFO_TAG in record.dagster_run.tags else own)
    ]


def end_dead_runs(
    instance: dg.DagsterInstance, started_before_s: float = 0, own_started_before_s: float | None = None
) -> list[str]:
    """Mark unfinished runs as failed and return their ids. Hold the state folder's lock meanwhile.

    A run takes the lock soon after it has started: one that started longer ago than that and lacks it is dead.
    """
    dead = unfinished(instance, started_before_s, own_started_before_s)
    for run in dead:
        instance.report_run_failed(run, "The process of this run died before the run ended.")
    return [run.run_id for run in dead]


def prune(instance: dg.DagsterInstance, kept: int = KEPT) -> int:
    """Delete old runs of the refreshing jobs with their events and logs; returns how many.

    The newest stay, each job's newest whole success, and what followed it: the UI shows every asset's last
    materialization, and an alert knows since when a job fails. Days built in `history` are no such job's: all stay.
    """
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    found = [record.dagster_run for record in instance.get_run_records(filters=dg.RunsFilter(statuses=ended))]
    found = [run for run in found if run.job_name == JOB or run.job_name.startswith(f"{JOB}_")]
    succeeded: set[str] = set()
    deleted = 0
    for place, run in enumerate(found):
        if place >= kept and run.job_name in succeeded:
            instance.delete_run(run.run_id)
            instance.compute_log_manager.delete_logs(prefix=[run.run_id])
            deleted += 1
        elif run.is_success and not run.asset_selection:
            succeeded.add(run.job_name)
    return deleted


@dataclass(frozen=True)
class LastRun:
    """The newest run of any job: Dagster's word for how it stands, since when (UTC), and of a failed one what failed."""

    job: str
    status: str
    at: str
    failed: list[str]


def last_run(settings: Settings) -> LastRun | None:
    """The newest run of this state folder or deployment; None where there is none, or Dagster, which has to write, cannot."""
    if not os.access(settings.state, os.W_OK):
        return None
    with instance_of(dagster_home(settings)) as instance:
        for record in instance.get_run_records(limit=1):
            run = record.dagster_run
            since = record.end_time or record.start_time or record.create_timestamp.timestamp()
            events = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]
            failed = what_failed(events, run.job_name) if run.is_failure else []
            at = f"{datetime.fromtimestamp(since, UTC):%Y-%m-%d %H:%M:%S}"
            return LastRun(run.job_name, run.status.value.lower(), at, failed)
    return None


def what_failed(events: Iterable[dg.DagsterEvent], job: str) -> list[str]:
    """A line or more for each failed step and blocking check of a run; if there is none, for the run itself."""
    lines: list[str] = []
    ended = None
    for event in events:
        if event.is_step_failure:
            # A blocking check speaks for itself below.
            error = event.step_failure_data.error
            if error and error.cls_name != "DagsterAssetCheckFailedError":
                lines += _told(event.step_key, error)
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed and check.blocking and check.severity == dg.AssetCheckSeverity.ERROR:
                message = check.metadata.get("message")
                lines.append(f"{check.asset_key.to_user_string()}: {message.value if message else check.check_name}")
        elif event.event_type in (dg.DagsterEventType.RUN_FAILURE, dg.DagsterEventType.RUN_CANCELED):
            ended = event
    if not lines and ended is not None:
        error = getattr(ended.event_specific_data, "error", None)
        lines = _told(job, error) if error else [f"{job}: {ended.message}"]
    return list(dict.fromkeys(lines))


def _told(step: str | None, error: Any) -> list[str]:
    """The deepest cause of a failure; with its stack where it is none that a user or a source can cause."""
    while error.cause:
        error = error.cause
    if told := repair.full_disk(Settings.from_env(), error.message):
        return [told]
    if error.cls_name in EXPECTED:
        # Dagster puts the exception's class before its message.
        return [f"{step}: {error.message.strip().partition(f'{error.cls_name}: ')[2]}"]
    return [f"{step}: {error.message.strip()}", "This is a bug of chipcast's; please report it:", *error.stack]
