"""One refresh from the command line: the same job that the UI runs, in this process, with progress and a summary."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import files
from pipeline.build import dbt_reuse
from pipeline.ingest import landing, raw
from pipeline.publish import push, release
from pipeline.settings import PROJECT, Settings, UserError
from pipeline.sources import all_sources

if TYPE_CHECKING:
    import dagster as dg

JOB = "refresh"
# Upstreams looked at side by side; requests to one host keep its pace whatever this is.
WORKERS = 6
# Errors that the user or a source caused, and whose message says all; any other is a bug of ours.
EXPECTED = ("UserError", "DbtError", "SourceError")


@dataclass(frozen=True)
class Outcome:
    """What a refresh gave: the release's folder (None if none was asked for), and whether it was there already."""

    folder: Path | None
    unchanged: bool
    is_latest: bool


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


def inputs_hash(settings: Settings) -> str:
    """One hash over everything that a release is made of: facts, code, models, locked packages, date and mode."""
    skip = {"__pycache__", "target", "logs"}
    code = [
        path
        for folder in ("assets", "forecasts", "pipeline", "dbt")
        for path in (PROJECT / folder).rglob("*")
        if path.is_file() and not skip & set(path.parts) and path.name != ".user.yml"
    ]
    facts = [path for path in settings.data.rglob("*") if path.is_file()]
    facts += landing.records(settings) if settings.live else []
    return files.digest([*code, *facts, PROJECT / "requirements.lock"], str(settings.as_of), settings.mode)


def _memory(settings: Settings, inputs: str) -> Path:
    return settings.state / "refreshes" / f"{inputs}.txt"


def _known(settings: Settings, inputs: str) -> Path | None:
    memory = _memory(settings, inputs)
    if not memory.exists():
        return None
    folder = settings.published / "releases" / memory.read_text()
    return folder if folder.exists() and not release.verify(folder) else None


def run(settings: Settings, force: bool = False, select: str | None = None, quiet: bool = False) -> Outcome:
    """Refresh everything, or the assets that `select` names in Dagster's selection syntax.

    Facts, code and date that gave a release before give that release again, at once, unless `force`. In live mode
    the upstreams are looked at first, side by side; what follows uses what has landed.
    Raises UserError with what failed; the last release then stays current.
    """
    if settings.live and not (settings.from_landing or select):
        with files.state_lock(settings.state):
            look_at_upstreams(settings)
        settings = replace(settings, from_landing=True)
    inputs = inputs_hash(settings)
    if not (force or select):
        with files.state_lock(settings.state):
            folder = _known(settings, inputs)
            if folder:
                is_latest = release.make_current(settings, folder)
                if settings.publish_to:
                    push.push(settings)
                return Outcome(folder, unchanged=True, is_latest=is_latest)
    if force:
        with files.state_lock(settings.state):
            for stamp in [*settings.raw.glob("*.json"), *settings.forecasts.glob("*.json"), dbt_reuse.path(settings)]:
                stamp.unlink(missing_ok=True)
    with _environment(FROM_LANDING="1" if settings.from_landing else ""):
        folder, failure = _run_job(settings, select, quiet)
    if folder and not select:
        files.write_bytes(_memory(settings, inputs), folder.name.encode())
    if failure:
        raise UserError(failure)
    is_latest = folder is not None and settings.latest.resolve() == folder.resolve()
    return Outcome(folder, unchanged=False, is_latest=is_latest)


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """The assets read their settings from the environment; it is as before afterwards."""
    before = {name: os.environ.get(name, "") for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.update(before)


def look_at_upstreams(settings: Settings) -> None:
    """Land what every upstream and the inbox hold now."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda source: raw.look(source, settings), all_sources()))


def _run_job(settings: Settings, select: str | None, quiet: bool) -> tuple[Path | None, str | None]:
    """Run the job; returns the release that it gave, if any, and what failed, if anything did."""
    home = dagster_home(settings)
    import dagster as dg

    from assets import progress
    from pipeline.build import workers

    if not select:
        workers.warm_up()
    from assets.definitions import defs

    job = defs().resolve_job_def(JOB)
    selection = None
    if select:
        selection = []
        with suppress(dg.DagsterError):  # a name that is no asset's, or no selection at all
            selection = list(dg.AssetSelection.from_string(select).resolve(job.asset_layer.asset_graph))
        if not selection:
            raise UserError(f"SELECT={select!r} matches no asset. The UI and `dagster asset list` name them.")
    with instance_of(home) as instance:
        with files.state_lock(settings.state):
            end_dead_runs(instance)
        # Dagster keeps every event in its instance; on the terminal stand progress and the summary.
        quietly = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        with progress.shown(quiet):
            result = job.execute_in_process(
                run_config=quietly, instance=instance, raise_on_error=False, asset_selection=selection
            )
    folder = None
    for event in result.get_asset_materialization_events():
        if event.asset_key == dg.AssetKey("release"):
            folder = settings.published / "releases" / str(event.materialization.metadata["release"].value)
    if result.success:
        return folder, None
    told = what_failed(result.all_events, JOB) or ["see the run in the UI"]
    state = f"Release {folder.name} is made, what follows it failed." if folder else "the last release stays current."
    return folder, f"The refresh failed; {state}\n  " + "\n  ".join(told)


def instance_of(home: Path) -> dg.DagsterInstance:
    """Dagster's storage of a home folder. Raises UserError where its database does not answer."""
    import dagster as dg
    from dagster_postgres.utils import DagsterPostgresException

    try:
        return dg.DagsterInstance.from_config(str(home))
    except DagsterPostgresException as error:
        cause = getattr(error.__cause__, "orig", error)
        raise UserError(f"Dagster's storage, as {home / 'dagster.yaml'} names it, does not answer: {cause}") from error


def unfinished(instance: dg.DagsterInstance, started_before_s: float = 0) -> list[dg.DagsterRun]:
    """Runs that started at least so many seconds ago and have not ended: they go on, or were killed."""
    import dagster as dg

    wanted = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    return [
        record.dagster_run
        for record in instance.get_run_records(filters=wanted)
        if time.time() - (record.start_time or record.update_timestamp.timestamp()) >= started_before_s
    ]


def end_dead_runs(instance: dg.DagsterInstance, started_before_s: float = 0) -> list[str]:
    """Mark unfinished runs as failed and return their ids. Hold the state folder's lock meanwhile.

    A run takes the lock soon after it has started: one that started longer ago than that and lacks it is dead.
    """
    dead = unfinished(instance, started_before_s)
    for run in dead:
        instance.report_run_failed(run, "The process of this run died before the run ended.")
    return [run.run_id for run in dead]


def what_failed(events: Iterable[dg.DagsterEvent], job: str) -> list[str]:
    """A line or more for each failed step and blocking check of a run; if there is none, for the run itself."""
    import dagster as dg

    lines: list[str] = []
    ended = None
    for event in events:
        if event.is_step_failure:
            lines += _told(event.step_key, event.step_failure_data.error)
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed and check.blocking and check.severity == dg.AssetCheckSeverity.ERROR:
                message = check.metadata.get("message")
                lines.append(f"{check.asset_key.to_user_string()}: {message.value if message else check.check_name}")
        elif event.event_type == dg.DagsterEventType.RUN_FAILURE:
            ended = event
    if not lines and ended is not None:
        error = ended.job_failure_data.error
        lines = _told(job, error) if error else [f"{job}: {ended.message}"]
    return lines


def _told(step: str | None, error: Any) -> list[str]:
    """The deepest cause of a failure; with its stack where it is none that a user or a source can cause."""
    while error.cause:
        error = error.cause
    if error.cls_name in EXPECTED:
        # Dagster puts the exception's class before its message.
        return [f"{step}: {error.message.strip().partition(f'{error.cls_name}: ')[2]}"]
    return [f"{step}: {error.message.strip()}", "This is a bug of chipcast's; please report it:", *error.stack]
