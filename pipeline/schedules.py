"""Jobs and when they run. All times are UTC; every schedule runs as soon as the daemon does."""

from __future__ import annotations

import dagster as dg


def _domain_job(domain: str, hooks: set[dg.HookDefinition]) -> dg.UnresolvedAssetJobDefinition:
    """A domain's sources and everything that rests on them, down to the release."""
    return dg.define_asset_job(
        f"refresh_{domain}",
        selection=dg.AssetSelection.groups(f"ingest_{domain}").downstream(),
        description=f"Read the {domain} sources and renew every table, forecast and the release that rest on them.",
        hooks=hooks,
    )


def jobs(hooks: set[dg.HookDefinition]) -> list[dg.UnresolvedAssetJobDefinition]:
    """The full refresh, and one job per domain of sources."""
    full = dg.define_asset_job(
        "refresh",
        selection=dg.AssetSelection.all(),
        description="Read every source and renew every table, forecast and the release.",
        hooks=hooks,
    )
    return [full, *(_domain_job(domain, hooks) for domain in ("chips", "pricing", "earnings", "usage"))]


def schedules() -> list[dg.ScheduleDefinition]:
    """Prices daily, usage and earnings weekly, everything nightly."""
    plan = [
        ("full_refresh_nightly", "refresh", "0 3 * * *", "Every night at 03:00 UTC: everything."),
        ("prices_daily", "refresh_pricing", "0 6 * * *", "Every day at 06:00 UTC: price sources."),
        ("usage_weekly", "refresh_usage", "0 7 * * 1", "Mondays at 07:00 UTC: tokens, users, models, spending."),
        ("earnings_weekly", "refresh_earnings", "30 7 * * 1", "Mondays at 07:30 UTC: results, capex, guidance."),
    ]
    return [
        dg.ScheduleDefinition(
            name=name,
            job_name=job,
            cron_schedule=cron,
            execution_timezone="UTC",
            description=description,
            default_status=dg.DefaultScheduleStatus.RUNNING,
        )
        for name, job, cron, description in plan
    ]
