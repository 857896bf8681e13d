"""The article's claims as an asset: judged when every table they ask is built."""

import dagster as dg

from assets import metadata
from assets.resources import Workspace, shown
from assets.tables import tables_from_facts, tables_from_forecasts
from pipeline.build import claims


@dg.asset(
    key=["forecasts", claims.TABLE],
    deps=[
        key
        for definition in (tables_from_facts, tables_from_forecasts)
        for key in definition.keys
        if key.path[0] in ("market", "forecast")
    ],
    group_name="forecasts_claims",
    description="The article's quantified claims, judged by what was known on 2025-02-28 and by what is known on the "
    "run's day. The first judgement rebuilds that past once and keeps it.",
    **shown("forecasts", "python", "parquet"),
)
def judged_claims(workspace: Workspace) -> dg.MaterializeResult:
    """Judge every claim twice."""
    claims.judge(workspace.settings)
    return dg.MaterializeResult(metadata=metadata.of_forecast_file(claims.TABLE, workspace.settings))
