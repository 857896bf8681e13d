"""Forecast assets: each step of the forecasting stage is one computation that gives several checked tables; and the
article's claims, judged when every table they ask is built."""

from collections.abc import Iterator

import dagster as dg

from assets import metadata
from assets.resources import Workspace, shown
from assets.tables import MANIFEST, TRANSLATOR, tables_from_facts, tables_from_forecasts
from pipeline.build import claims, forecasting

DESCRIPTIONS = {
    "vendor_revenue": "Vendor revenue and hyperscaler capex to eight quarters and beyond, and what moved since the "
    "previous origin.",
    "compute_demand": "Installed base, inference and training demand, the inference share in three accountings, all "
    "scenarios, with assumptions, sensitivity, anchors and the reconciliation.",
    "backtest": "The stored rolling backtest of vendor revenue as known on the run's day: its forecasts, scores and "
    "calibration.",
    "rents": "Rents of a GPU-hour by month for two years out of the matched index, with every past forecast and its score.",
}


def _inputs(step: str) -> list[dg.AssetKey]:
    """The warehouse tables that a step reads, as assets."""
    by_name = {f"{node['schema']}.{node['alias']}": uid for uid, node in MANIFEST.get("nodes", {}).items()}
    return [
        TRANSLATOR.get_asset_spec(MANIFEST, by_name[name], None).key for name in forecasting.STEPS[step][0].values()
    ]


_SPECS = {
    dg.AssetKey(["forecasts", name]): dg.AssetSpec(
        ["forecasts", name],
        deps=_inputs(step),
        group_name=f"forecasts_{step}",
        description=DESCRIPTIONS[step],
        **shown("forecasts", "python", "parquet"),
    )
    for step, tables in forecasting.TABLES.items()
    for name in tables
}


@dg.multi_asset(
    name="forecasts",
    specs=list(_SPECS.values()),
    check_specs=[
        dg.AssetCheckSpec(
            "contract",
            asset=key,
            blocking=True,
            description="Keys are unique, quantiles do not cross, shares lie in [0, 1], unit and evidence class on each row.",
        )
        for key in _SPECS
    ],
    can_subset=True,
)
def forecast_tables(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[dg.MaterializeResult]:
    """Run the steps that the selected tables belong to."""
    settings = workspace.settings
    asked = {key.path[-1] for key in context.selected_asset_keys}
    steps = [step for step, tables in forecasting.TABLES.items() if asked & set(tables)]
    for name, (rows, broken) in forecasting.run(steps, settings).items():
        key = dg.AssetKey(["forecasts", name])
        if key not in context.selected_asset_keys:
            continue
        message = "; ".join(broken) or "every rule holds"
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={"dagster/row_count": rows} if broken else metadata.of_forecast_file(name, settings),
            check_results=[
                dg.AssetCheckResult(
                    check_name="contract", asset_key=key, passed=not broken, metadata={"message": message}
                )
            ],
        )


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
