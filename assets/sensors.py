"""What the daemon looks out for: new filings, runs whose process was killed, and (in `alerts`) failures."""

import json
from dataclasses import replace

import dagster as dg
import pandas as pd

from assets import alerts, runs
from assets.schedules import lacking_keys
from pipeline.files import state_lock
from pipeline.ingest import landing, retrieve
from pipeline.settings import Settings, UserError
from pipeline.sources import all_sources
from pipeline.sources.earnings import edgar_filings

# Filings older than the newest one by more days than this are not compared again.
COMPARED_DAYS = 30


@dg.sensor(
    name="earnings_on_new_filing",
    job_name="refresh_earnings",
    minimum_interval_seconds=1800,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Every 30 minutes: asks SEC EDGAR what the companies filed, and refreshes earnings if something is new.",
)
def earnings_on_new_filing(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Compare the submissions with those of the last look, which the cursor holds. The first look only remembers."""
    settings = Settings.from_env()
    source = next(one for one in all_sources() if one.id == "edgar_filings")
    if not settings.live:
        return dg.SkipReason("LIVE=1 is not set: the embedded snapshot gets no filings.")
    lacking = lacking_keys("earnings", settings)[0].get(source.id)
    if lacking:
        return dg.SkipReason(f"SEC EDGAR is not asked: {', '.join(lacking)} is not set where the daemon runs.")
    # A landing zone of its own: the refresh that follows must find its upstreams as it left them.
    own = replace(settings, state=settings.state / "filings_sensor")
    found = retrieve.look(source, own)
    if found.failed:
        return dg.SkipReason(found.message)
    filings = source.read_live(landing.upstream(found, own))
    filed = pd.to_datetime(filings["filed_on"], errors="coerce")
    recent = filings[filed >= filed.max() - pd.Timedelta(days=COMPARED_DAYS)]
    seen = json.loads(context.cursor) if context.cursor else None
    context.update_cursor(json.dumps(sorted(recent["accession"].dropna())))
    if seen is None:
        return dg.SkipReason(
            f"First look: {len(recent)} filings of the last {COMPARED_DAYS} days are known from now on."
        )
    new = edgar_filings.new_filings(recent, seen)
    if new.empty:
        return dg.SkipReason("Nothing new was filed.")
    told = "; ".join(f"{row.entity} {row.form} of {row.filed_on}" for row in new.itertuples())
    return dg.RunRequest(run_key=new["accession"].iloc[-1], tags={"chipcast/new_filings": told})


@dg.sensor(
    name="end_dead_runs",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends runs whose process was killed, so that the next one in the queue starts; deletes old runs; sends "
    "alerts that wait.",
)
def end_dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """A run of ours that is alive holds the state folder; one that started long ago and does not is dead."""
    alerts.deliver_waiting(Settings.from_env())
    runs.prune(context.instance)
    if not runs.unfinished(context.instance, runs.STARTED_S):
        return dg.SkipReason("No run is unfinished that should hold the state folder.")
    try:
        with state_lock(Settings.from_env().state):
            dead = runs.end_dead_runs(context.instance, runs.STARTED_S)
    except UserError as error:
        return dg.SkipReason(f"The run is alive. {error}")
    return dg.SkipReason(f"Ended: {', '.join(dead) or 'none, the run has just finished'}.")


def sensors() -> list[dg.SensorDefinition]:
    """Every sensor; each runs by default."""
    return [earnings_on_new_filing, end_dead_runs, *alerts.sensors()]
