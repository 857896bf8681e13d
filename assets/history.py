"""The past by day: what became known of prices on each day, and the release that each day would have seen.

Both are partitioned by day and backfilled from the UI in one run, whose start costs more than a day's work.
"""

import os
import subprocess
import sys
import warnings
from datetime import date

import dagster as dg

from assets.resources import Workspace, shown
from pipeline.build import dbt, price_days
from pipeline.settings import PROJECT

# Dagster calls backfill policies a beta feature at every start.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

GROUP = "history"
# The first day of which token prices are known, and the first that is as well covered as the present.
PRICE_DAYS = dg.DailyPartitionsDefinition(start_date="2023-07-26", timezone="UTC", end_offset=1)
RELEASE_DAYS = dg.DailyPartitionsDefinition(start_date="2025-01-01", timezone="UTC", end_offset=1)


def _price_days(table: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=["price_days", table],
        deps=[["market", table]],
        partitions_def=PRICE_DAYS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=GROUP,
        description=f"Rows of market.{table} by the day on which they became known, one Parquet file a day: what a "
        "consumer takes in daily, and where days without facts show.",
        **shown("history", "python", "parquet", domain="pricing"),
    )
    def rows_by_day(context: dg.AssetExecutionContext, workspace: Workspace) -> None:
        with dbt.reading(workspace.settings) as connection:
            days = [date.fromisoformat(key) for key in context.partition_keys]
            for day, rows in price_days.write_days(connection, table, days, workspace.settings).items():
                context.add_asset_metadata({"dagster/row_count": rows}, partition_key=str(day))

    return rows_by_day


price_day_assets = [_price_days(table) for table in price_days.PRICE_TABLES]


@dg.asset(
    partitions_def=RELEASE_DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name=GROUP,
    description="The release that `AS_OF=<day> make refresh` gives, linked as published/as_of/<day>: everything is "
    "rebuilt from what was public by then. A day whose facts and code have not changed is not built again.",
    **shown("history", "duckdb", "parquet"),
)
def release_as_of(context: dg.AssetExecutionContext, workspace: Workspace) -> None:
    """Run the command line once per day in a state folder beside this run's; fails after the last day if any did."""
    settings = workspace.settings
    state = settings.state / "as_of"
    state.mkdir(exist_ok=True)
    if settings.live and not (state / "landing").exists():
        (state / "landing").symlink_to(settings.state / "landing")
    env = {name: value for name, value in os.environ.items() if name not in ("DAGSTER_HOME", "LIVE", "SELECT", "FORCE")}
    env |= {"CHIPCAST_STATE": str(state), "FROM_LANDING": "1" if settings.live else ""}
    failed = []
    for day in context.partition_keys:
        command = [sys.executable, "-m", "assets.cli", "refresh", "--quiet"]
        run = subprocess.run(command, env={**env, "AS_OF": day}, cwd=PROJECT, capture_output=True, text=True)
        if run.returncode:
            failed.append(f"{day}: {run.stderr.strip()}")
            context.log.error(failed[-1])
        else:
            folder = (settings.published / "as_of" / day).resolve()
            context.log.info(f"{day}: {folder.name}")
            context.add_asset_metadata({"release": folder.name}, partition_key=day)
    if failed:
        raise dg.Failure(f"{len(failed)} of {len(context.partition_keys)} days failed. The first: {failed[0]}")
