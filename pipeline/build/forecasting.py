"""The forecasting stage: reads tables out of the warehouse, calls `forecasts/`, checks and stores what it gives.

Three steps write Parquet files that dbt reads: `vendor_revenue`, `compute_demand` and `backtest`, the tables of the
stored backtest. A step whose facts, code and day are those of its last run is not run again; those that are run at once,
each in its own process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import pandas as pd

from pipeline import files
from pipeline.build import backtesting, check_results, workers
from pipeline.settings import PROJECT, Settings, UserError

# What each step writes, with the key of each table.
TABLES: dict[str, dict[str, list[str]]] = {
    "vendor_revenue": {
        "vendor_quantiles": [
            "origin_date", "model_id", "scenario_id", "target_id", "entity_id", "period_kind", "target_period",
            "output_type", "output_type_id",
        ],
        "vendor_revenue": ["entity_id", "period_kind", "target_period"],
        "changes": ["target_id", "entity_id", "period_kind", "target_period"],
    },
    "backtest": {
        "scores": ["model_id", "entity_id", "horizon", "metric", "window", "panel", "baseline_id"],
        "calibration": ["model_id", "entity_id", "horizon", "nominal", "panel", "window"],
        "configurations": ["kind", "configuration_id", "horizon"],
        "backtest_forecasts": ["origin_date", "model_id", "entity_id", "horizon"],
    },
    "compute_demand": {
        "compute_quantiles": [
            "origin_date", "model_id", "scenario_id", "target_id", "entity_id", "period_kind", "target_period",
            "output_type", "output_type_id",
        ],
        "compute_demand": ["scenario_id", "period_kind", "target_period", "workload", "accounting"],
        "inference_share": ["scenario_id", "period_kind", "target_period", "accounting", "population", "flow_or_stock"],
        "installed_base": ["designer_id", "calendar_quarter"],
        "chip_market": ["scenario_id", "target_id", "entity_id", "period_kind", "target_period"],
        "reconciliation": ["scenario_id", "period_kind", "target_period", "bucket", "side", "unit"],
        "scenarios": ["scenario_id", "parameter_id"],
        "assumptions": ["parameter_id"],
        "sensitivity": ["target_id", "target_period", "parameter_id"],
        "share_anchors": ["anchor_id"],
        "own_shipments": ["designer_id", "chip_id", "period_kind", "period_start"],
        "compute_changes": ["target_id", "entity_id", "period_kind", "target_period"],
    },
}  # fmt: skip

MARTS = {
    "chip_shipments": "intermediate.int_chip_shipments",
    "chips": "market.chips",
    "vendor_quarters": "market.vendor_quarters",
    "chip_sales_inputs": "intermediate.int_chip_sales_inputs",
    "token_usage": "market.token_usage",
    "training_runs": "market.training_runs",
    "compute_spend": "market.compute_spend",
    "compute_split": "market.compute_split",
    "lab_compute": "market.lab_compute",
    "capex_quarters": "market.capex_quarters",
    "rental_price_index": "market.rental_price_index",
}


def _vendor_revenue(tables: dict[str, pd.DataFrame], settings: Settings) -> dict[str, pd.DataFrame]:
    from forecasts import changes, panel, vendor_revenue

    past = backtesting.load(settings)
    facts = tables["vendor_quarters"], tables["guidance"], tables["capex_quarters"]
    found = vendor_revenue.forecast(*facts, settings.as_of, backtest=past)
    before = changes.previous_origin(tables["vendor_quarters"], settings.as_of)
    earlier = vendor_revenue.forecast(*facts, before, backtest=past).vendor_revenue if before else None
    moved = changes.vendor_changes(found.vendor_revenue, earlier, panel.build(*facts, settings.as_of))
    return {
        "vendor_quantiles": found.quantiles,
        "vendor_revenue": found.vendor_revenue,
        "changes": moved,
    }


def _backtest(tables: dict[str, pd.DataFrame], settings: Settings) -> dict[str, pd.DataFrame]:
    past = backtesting.load(settings)
    return {
        **{name: getattr(past, name) if past else pd.DataFrame() for name in backtesting.TABLES[1:]},
        "backtest_forecasts": backtesting.wide_rows(past.forecasts) if past else pd.DataFrame(),
    }


def _compute_demand(tables: dict[str, pd.DataFrame], settings: Settings) -> dict[str, pd.DataFrame]:
    from forecasts import changes, compute, scenarios

    try:
        scenarios.load()
    except ValueError as error:
        raise UserError(f"forecasts/scenarios.yml: {error}") from None
    found = compute.forecast(tables, settings.as_of).tables()
    before = changes.previous_origin(tables["vendor_quarters"], settings.as_of)
    earlier = compute.base_quantiles(tables, before) if before else None
    moved = changes.compute_changes(found["quantiles"], earlier, tables, settings.as_of)
    return {"compute_quantiles": found.pop("quantiles"), "compute_changes": moved, **found}


STEPS: dict[str, tuple[dict[str, str], Callable[..., dict[str, pd.DataFrame]]]] = {
    "vendor_revenue": (backtesting.VENDOR_MARTS, _vendor_revenue),
    "compute_demand": (MARTS, _compute_demand),
    "backtest": ({}, _backtest),
}


# Tables in which a figure can be negative: a residual, a shift in log odds.
SIGNED = ("reconciliation", "assumptions")


def broken_rules(name: str, frame: pd.DataFrame, key: list[str]) -> list[str]:
    """What in a forecast table cannot be: the pandera contract of forecast tables, told as messages.

    Quantiles must not cross, shares and probabilities lie in [0, 1], classes and output types are known words, a key
    names one row. An empty table keeps every rule.
    """
    import pandera.pandas as pa

    from forecasts.quantiles import WIDE_COLUMNS

    if frame.empty:
        return []
    columns: dict[str, pa.Column] = {}
    for column in frame.columns:
        if column in ("unit", "evidence_class", "origin_date") and name != "scenarios":
            columns[column] = pa.Column(nullable=False)
        if column == "evidence_class":
            columns[column] = pa.Column(checks=pa.Check.isin(["tested", "anchored_prior", "scenario"]))
        if column.startswith("prob_"):
            columns[column] = pa.Column(float, pa.Check.in_range(0, 1), nullable=True)
        if column in WIDE_COLUMNS and name not in SIGNED:
            columns[column] = pa.Column(float, pa.Check.ge(0), nullable=False)
    rules = []
    levels = [column for column in WIDE_COLUMNS if column in frame.columns]
    if len(levels) > 1:
        rules.append(
            pa.Check(
                lambda rows: (rows[levels].diff(axis=1).iloc[:, 1:] >= -1e-9 * rows[levels].abs().max().max()).all(
                    axis=1
                ),
                error="quantiles cross",
            )
        )
    if "unit" in frame.columns and levels:
        shares = frame["unit"].eq("share")
        rules.append(pa.Check(lambda rows: ~shares | (rows[levels] <= 1).all(axis=1), error="a share is above 1"))
    schema = pa.DataFrameSchema(columns, checks=rules, unique=[column for column in key if column in frame.columns])
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.drop_duplicates(["column", "check"])
        return [f"forecast.{name}, {case.column}: {case.check} ({case.failure_case})" for case in cases.itertuples()]
    return []


Report = dict[str, tuple[int, list[str]]]


def run(steps: Iterable[str], settings: Settings) -> Report:
    """Run steps and store their tables; returns rows and broken rules per table. Where a rule broke, the tables of that
    step stay as they were."""
    report: Report = {}
    changed = {}
    for step in steps:
        tables = backtesting.read_tables(settings, STEPS[step][0])
        stamp = settings.forecasts / f"{step}.json"
        inputs_hash = _inputs_hash(step, tables, settings)
        if stamp.exists() and (last := json.loads(stamp.read_text()))["inputs"] == inputs_hash:
            report |= {name: (rows, []) for name, rows in last["rows"].items()}
        else:
            changed[step] = (tables, inputs_hash)
    if not changed:
        return report
    with workers.pool() as pool:
        jobs = {step: pool.submit(run_step, step, *changed[step], settings) for step in changed}
        found = {step: job.result() for step, job in jobs.items()}
    for step, result in found.items():
        check_results.record(
            f"forecasts_{step}", [*_contract_rows(step, result), *_backtest_rows(step, settings)], settings
        )
        report |= result
    return report


def run_step(step: str, tables: dict[str, pd.DataFrame], inputs_hash: str, settings: Settings) -> Report:
    """Compute one step from its tables, check and store what it gives."""
    stamp = settings.forecasts / f"{step}.json"
    stamp.unlink(missing_ok=True)
    frames = {name: storable(name, frame) for name, frame in STEPS[step][1](tables, settings).items()}
    report = {name: (len(frames[name]), broken_rules(name, frames[name], key)) for name, key in TABLES[step].items()}
    if not any(broken for _, broken in report.values()):
        for name in TABLES[step]:
            files.write_parquet(settings.forecasts / f"{name}.parquet", frames[name])
        record = {"inputs": inputs_hash, "rows": {name: rows for name, (rows, _) in report.items()}}
        files.write_bytes(stamp, json.dumps(record).encode())
    return report


def _inputs_hash(step: str, tables: dict[str, pd.DataFrame], settings: Settings) -> str:
    code = [path for path in (PROJECT / "forecasts").rglob("*") if path.suffix in (".py", ".yml")]
    code += [PROJECT / "pipeline" / "build" / f"{name}.py" for name in ("forecasting", "backtesting")]
    rows = [f"{name} {rows_hash(frame)}" for name, frame in sorted(tables.items())]
    return files.digest(code, step, str(settings.as_of), backtesting.stored_key(settings), *rows)


def rows_hash(frame: pd.DataFrame) -> int:
    """One number for the content of a frame, whatever the order of its rows."""
    return int(pd.util.hash_pandas_object(frame, index=False).sum())


def _contract_rows(step: str, report: Report) -> list[dict]:
    return [
        {
            "stage": f"forecasts_{step}",
            "table_name": name,
            "check_name": "contract",
            "status": "fail" if broken else "pass",
            "rows_failed": len(broken),
            "message": "; ".join(broken),
        }
        for name, (_, broken) in report.items()
    ]


def _backtest_rows(step: str, settings: Settings) -> list[dict]:
    """The check that the stored backtest is that of today's facts and code; a stale one is a warning."""
    if step != "backtest":
        return []
    stale = backtesting.is_stale(settings)
    return [
        {
            "stage": f"forecasts_{step}",
            "table_name": "scores",
            "check_name": "backtest_is_current",
            "status": "warn" if stale else "pass",
            "rows_failed": int(stale),
            "message": "facts or code changed since; run `chipcast backtest`" if stale else "",
        }
    ]


LAYOUT = json.loads((PROJECT / "pipeline" / "forecast_tables.json").read_text())


def storable(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns and types of its committed layout, which an empty or all-missing column lacks.

    Raises KeyError where the forecasting code gives other columns than forecast_tables.json says.
    """
    layout = LAYOUT[name]
    if frame.empty:
        return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in layout.items()})
    if set(frame.columns) != set(layout):
        raise KeyError(f"forecast table {name}: columns differ from forecast_tables.json: {set(frame) ^ set(layout)}")
    return pd.DataFrame(
        {
            column: pd.to_datetime(frame[column]).astype(kind)
            if kind.startswith("datetime")
            else frame[column].astype(kind)
            for column, kind in layout.items()
        }
    )
