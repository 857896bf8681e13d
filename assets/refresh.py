"""One refresh from the command line: the same job that the UI runs, in this process, with progress and a summary."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import files
from pipeline.build import dbt_reuse, repair, workers
from pipeline.ingest import raw_tables, run_tables
from pipeline.publish import push, release
from pipeline.settings import PROJECT, Settings, UserError, environment
from pipeline.sources import all_sources

# Upstreams looked at side by side; requests to one host keep its pace whatever this is.
WORKERS = 6


@dataclass(frozen=True)
class Outcome:
    """What a refresh gave: the release's folder (None if none was asked for), and whether it was there already."""

    folder: Path | None
    unchanged: bool
    is_latest: bool


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
    facts += (settings.state / "landing").glob("*/*.json") if settings.live else []
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
    with _telling(settings):
        settings, inputs, known = _begin(settings, force, select)
        if known:
            return known
        # The assets read their settings from the environment.
        with environment(FROM_LANDING="1" if settings.from_landing else ""):
            folder, failure = _run_job(settings, select, quiet)
        if folder and not select:
            files.write_bytes(_memory(settings, inputs), folder.name.encode())
    if failure:
        raise UserError(failure)
    is_latest = folder is not None and settings.latest.resolve() == folder.resolve()
    return Outcome(folder, unchanged=False, is_latest=is_latest)


def _begin(settings: Settings, force: bool, select: str | None) -> tuple[Settings, str, Outcome | None]:
    """Look at the upstreams, then at what there is: the outcome where nothing is to be done, or all ready for the job."""
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
                return settings, inputs, Outcome(folder, unchanged=True, is_latest=is_latest)
    repair.check_room(settings)
    with files.state_lock(settings.state):
        _tell(repair.mend(settings))
        if force:
            for stamp in [*settings.raw.glob("*.json"), *settings.forecasts.glob("*.json"), dbt_reuse.path(settings)]:
                stamp.unlink(missing_ok=True)
            repair.note(settings)
    return settings, inputs, None


@contextmanager
def _telling(settings: Settings) -> Iterator[None]:
    """What ends a refresh outside its run is told like a run that failed; that another one goes on is not.

    Any error on a full disk is for the disk: SQLite, for one, says "disk I/O error".
    """
    try:
        yield
    except files.Busy:
        raise
    except Exception as error:
        said = str(error) if isinstance(error, UserError) else repair.full_disk(settings, str(error))
        if not said:
            raise
        # Dagster takes half a second to load.
        from assets import alerts

        if alerts.channels():
            try:
                alerts.send(settings, "chipcast: refresh failed", said)
            except (UserError, OSError) as lost:
                _tell(str(lost))
        raise UserError(said) from None


def _tell(sentence: str) -> None:
    if sentence:
        print(f"chipcast: {sentence}", file=sys.stderr)


def look_at_upstreams(settings: Settings) -> None:
    """Land what every upstream and the inbox hold now. Raises UserError where none of them answers."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda source: raw_tables.look(source, settings), all_sources()))
    run_tables.require_an_answer(all_sources(), settings)


def _run_job(settings: Settings, select: str | None, quiet: bool) -> tuple[Path | None, str | None]:
    """Run the job; returns the release that it gave, if any, and what failed, if anything did."""
    if not select:
        workers.warm_up()
    # Dagster and the definitions take two seconds to load: the workers warm up meanwhile, and a refresh that finds
    # nothing new does without.
    import dagster as dg

    from assets import alerts, progress, runs
    from assets.definitions import defs

    home = runs.dagster_home(settings)
    with files.state_lock(settings.state):
        _tell(repair.mend_history(settings, home))
    job = defs().resolve_job_def(runs.JOB)
    selection = None
    if select:
        selection = []
        with suppress(dg.DagsterError):  # a name that is no asset's, or no selection at all
            selection = list(dg.AssetSelection.from_string(select).resolve(job.asset_layer.asset_graph))
        if not selection:
            raise UserError(f"SELECT={select!r} matches no asset. The UI and `dagster asset list` name them.")
    with runs.instance_of(home) as instance:
        with files.state_lock(settings.state):
            runs.end_dead_runs(instance, runs.STARTED_S, 0)
        runs.prune(instance)
        # Dagster keeps every event in its instance; on the terminal stand progress and the summary.
        quietly = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        with progress.shown(quiet):
            result = job.execute_in_process(
                run_config=quietly, instance=instance, raise_on_error=False, asset_selection=selection
            )
        run = instance.get_run_by_id(result.run_id)
        assert run is not None
        try:
            alerts.tell(instance, run)
        except UserError as error:
            _tell(str(error))
    folder = None
    for event in result.get_asset_materialization_events():
        if event.asset_key == dg.AssetKey("release"):
            folder = settings.published / "releases" / str(event.materialization.metadata["release"].value)
    if result.success:
        return folder, None
    told = runs.what_failed(result.all_events, runs.JOB) or ["see the run in the UI"]
    state = f"Release {folder.name} is made, what follows it failed." if folder else "the last release stays current."
    return folder, f"The refresh failed; {state}\n  " + "\n  ".join(told)
