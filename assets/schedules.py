"""Jobs, and the schedules that start them. All times are UTC; each schedule runs as soon as the daemon does."""

from __future__ import annotations

import os
from collections.abc import Callable

import dagster as dg

from assets import runs
from assets.history import GROUP as HISTORY
from pipeline.settings import Settings
from pipeline.sources import DOMAINS, all_sources

# name, job, domain, cron, description
PLAN = (
    ("full_refresh_nightly", "refresh", None, "0 3 * * *", "Every night at 03:00 UTC: everything."),
    ("prices_daily", "refresh_pricing", "pricing", "0 6 * * *", "Every day at 06:00 UTC: price sources."),
    ("usage_weekly", "refresh_usage", "usage", "0 7 * * 1", "Mondays at 07:00 UTC: tokens, users, models, spending."),
    (
        "earnings_weekly",
        "refresh_earnings",
        "earnings",
        "30 7 * * 1",
        "Mondays at 07:30 UTC: results, capex, guidance.",
    ),
)


def _domain_job(domain: str, hooks: set[dg.HookDefinition]) -> dg.UnresolvedAssetJobDefinition:
    """A domain's sources and everything that rests on them, down to the release."""
    return dg.define_asset_job(
        f"refresh_{domain}",
        selection=dg.AssetSelection.groups(f"ingest_{domain}").downstream() - dg.AssetSelection.groups(HISTORY),
        description=f"Read the {domain} sources and renew every table, forecast and the release that rest on them.",
        hooks=hooks,
    )


def jobs(hooks: set[dg.HookDefinition]) -> list[dg.UnresolvedAssetJobDefinition]:
    """The full refresh, and one job per domain of sources. Each ends with the release, if every check before it holds."""
    full = dg.define_asset_job(
        runs.JOB,
        selection=dg.AssetSelection.all() - dg.AssetSelection.groups(HISTORY),
        description="Read every source and renew every table, forecast and the release.",
        hooks=hooks,
    )
    return [full, *(_domain_job(domain, hooks) for domain in DOMAINS)]


def lacking_keys(domain: str | None, settings: Settings) -> tuple[dict[str, list[str]], bool]:
    """The environment variables that each live source of a domain (or of all) lacks, and whether that is all of them.

    Nothing lacks where nothing is asked: with the embedded snapshot.
    """
    if not settings.live:
        return {}, False
    asked = [source for source in all_sources() if source.live and domain in (None, source.domain)]
    lacking = {
        source.id: missing
        for source in asked
        if source.live and (missing := [name for name in source.live.variables if not os.environ.get(name)])
    }
    return lacking, len(lacking) == len(asked) > 0


def _tick(domain: str | None) -> Callable[[dg.ScheduleEvaluationContext], dg.RunRequest | dg.SkipReason]:
    """A schedule's decision: run, with a tag for each source that cannot be asked; skip if none can."""

    def decide(_: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        lacking, every = lacking_keys(domain, Settings.from_env())
        told = "; ".join(f"{source} needs {', '.join(names)}" for source, names in lacking.items())
        if every:
            return dg.SkipReason(f"No source of {domain} can be asked: {told}. Set it where the daemon runs.")
        return dg.RunRequest(tags={"chipcast/not_asked": told} if told else {})

    return decide


def schedules() -> list[dg.ScheduleDefinition]:
    """Prices daily, usage and earnings weekly, everything nightly."""
    return [
        dg.ScheduleDefinition(
            name=name,
            job_name=job,
            cron_schedule=cron,
            execution_timezone="UTC",
            description=description,
            default_status=dg.DefaultScheduleStatus.RUNNING,
            execution_fn=_tick(domain),
        )
        for name, job, domain, cron, description in PLAN
    ]
