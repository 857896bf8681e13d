"""Forecast assets: each step of the forecasting stage is one computation that gives several checked tables."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.tables import MANIFEST, TRANSLATOR
from pipeline import backtesting, forecasting
from pipeline.resources import Workspace

DESCRIPTIONS = {
    "vendor_revenue": "Vendor revenue and hyperscaler capex to eight quarters and beyond, with scores and calibration of "
    "the rolling backtest and what moved since the previous origin.",
    "compute_demand": "Installed base, inference and training demand, the inference share in three accountings, all "
    "scenarios, with assumptions, sensitivity, anchors and the reconciliation.",
}


def _inputs(step: str) -> list[dg.AssetKey]:
    """The warehouse tables that a step reads, as assets."""
    names = forecasting.MARTS.values() if step == "compute_demand" else backtesting.VENDOR_MARTS.values()
    by_name = {f"{node['schema']}.{node['name']}": uid for uid, node in MANIFEST.get("nodes", {}).items()}
    return [TRANSLATOR.get_asset_spec(MANIFEST, by_name[name], None).key for name in names]


def _step(step: str) -> dg.AssetsDefinition:
    tables = forecasting.TABLES[step]
    specs = [
        dg.AssetSpec(
            ["forecasts", name],
            deps=_inputs(step),
            group_name=f"forecasts_{step}",
            description=DESCRIPTIONS[step],
            owners=["team:chipcast"],
            kinds={"python", "parquet"},
            tags={"stage": "forecasts"},
        )
        for name in tables
    ]
    contracts = [
        dg.AssetCheckSpec(
            "contract",
            asset=spec.key,
            blocking=True,
            description="Keys are unique, quantiles do not cross, shares lie in [0, 1], unit and evidence class on each row.",
        )
        for spec in specs
    ]

    @dg.multi_asset(name=f"forecasts_{step}", specs=specs, check_specs=contracts)
    def forecast_step(workspace: Workspace) -> Iterator[dg.MaterializeResult]:
        for name, (rows, broken) in forecasting.run(step, workspace.settings).items():
            key = dg.AssetKey(["forecasts", name])
            message = "; ".join(broken) or "every rule holds"
            yield dg.MaterializeResult(
                asset_key=key,
                metadata={"dagster/row_count": rows},
                check_results=[
                    dg.AssetCheckResult(
                        check_name="contract", asset_key=key, passed=not broken, metadata={"message": message}
                    )
                ],
            )

    return forecast_step


forecast_assets = [_step(step) for step in forecasting.TABLES]
