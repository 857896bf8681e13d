"""The forecasting stage: reads tables out of the warehouse, calls `forecasts/`, checks and stores what it gives.

Four steps write Parquet files that dbt reads: `vendor_revenue`, `compute_demand`, `rents` and `backtest`, the tables of the
stored backtest. A step whose facts, code and day are those of its last run is not run again; those that are run at once,
each in its own process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from forecasts.quantiles import WIDE_COLUMNS
from pipeline import files
from pipeline.build import backtesting, check_results, declared, workers
from pipeline.settings import PROJECT, Settings, UserError

# Imported by the steps alone, see backtesting.py.
if TYPE_CHECKING:
    from forecasts.vendor_revenue import Fitted

# What each step writes.
TABLES = {
    "vendor_revenue": ("vendor_quantiles", "vendor_revenue", "changes"),
    "backtest": ("scores", "calibration", "backtest_forecasts"),
    "compute_demand": (
        "compute_quantiles",
        "compute_demand",
        "inference_share",
        "installed_base",
        "chip_market",
        "reconciliation",
        "scenarios",
        "assumptions",
        "sensitivity",
        "share_anchors",
        "token_holdouts",
        "own_shipments",
        "compute_changes",
    ),
    "rents": (
        "rental_prices",
        "rental_quantiles",
        "rental_scores",
        "rent_implied_life",
        "depreciation_at_rent_life",
    ),
}

MARTS = {
    **backtesting.VENDOR_MARTS,
    "chip_shipments": "intermediate.int_chip_shipments",
    "chips": "market.chips",
    "chip_sales_inputs": "intermediate.int_chip_sales_inputs",
    "token_usage": "market.token_usage",
    "training_runs": "market.training_runs",
    "compute_split": "market.compute_split",
    "lab_compute": "market.lab_compute",
}

RENTAL_MARTS = {
    "index": "market.rental_price_index",
    "token_ratios": "intermediate.int_token_ratios",
    "chips": "market.chips",
    "chip_sales_inputs": "intermediate.int_chip_sales_inputs",
    "depreciation": "intermediate.int_filed_depreciation",
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
    if past is None:
        return {name: pd.DataFrame() for name in TABLES["backtest"]}
    return {
        "scores": past.scores.rename(columns={"window": "target_window"}),
        "calibration": past.calibration,
        "backtest_forecasts": backtesting.wide_rows(past.forecasts),
    }


def _compute_demand(tables: dict[str, pd.DataFrame], settings: Settings) -> dict[str, pd.DataFrame]:
    from forecasts import changes, compute, scenarios, vendor_revenue

    try:
        scenarios.load()
    except ValueError as error:
        raise UserError(f"forecasts/scenarios.yml: {error}") from None
    past = backtesting.load(settings)
    quarters, guidance, capex = (tables[name] for name in backtesting.VENDOR_MARTS)

    def fit(origin: date) -> Fitted | None:
        return vendor_revenue.fit(quarters, guidance, capex, origin, past)

    found = compute.forecast(tables, settings.as_of, fit(settings.as_of))
    before = changes.previous_origin(tables["vendor_quarters"], settings.as_of)
    earlier = compute.base_quantiles(tables, before, fit(before)) if before else None
    moved = changes.compute_changes(found["quantiles"], earlier, tables, settings.as_of)
    return {"compute_quantiles": found.pop("quantiles"), "compute_changes": moved, **found}


def _rents(tables: dict[str, pd.DataFrame], settings: Settings) -> dict[str, pd.DataFrame]:
    from forecasts import rent_lives, rental

    index, day = tables["index"], settings.as_of
    lives = rent_lives.forecast(index, tables["chips"], tables["chip_sales_inputs"], tables["depreciation"], day)
    return rental.forecast(index, tables["token_ratios"], day) | lives


STEPS: dict[str, tuple[dict[str, str], Callable[..., dict[str, pd.DataFrame]]]] = {
    "vendor_revenue": (backtesting.VENDOR_MARTS, _vendor_revenue),
    "compute_demand": (MARTS, _compute_demand),
    "backtest": (backtesting.VENDOR_MARTS, _backtest),
    "rents": (RENTAL_MARTS, _rents),
}


# Tables in which a figure can be negative: a residual, a shift in log odds, a return.
SIGNED = ("reconciliation", "assumptions", "rent_implied_life")


def broken_rules(name: str, frame: pd.DataFrame, key: Collection[str]) -> list[str]:
    """What in a forecast table cannot be: the pandera contract of forecast tables, told as messages.

    Quantiles must not cross, shares and probabilities lie in [0, 1], classes and output types are known words, a key
    names one row. An empty table keeps every rule.
    """
    # Half a second, which only a forecast that is made anew takes.
    import pandera.pandas as pa

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
    schema = pa.DataFrameSchema(columns, checks=rules, unique=list(key))
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.drop_duplicates(["column", "check"])
        return [f"forecast.{name}, {case.column}: {case.check} ({case.failure_case})" for case in cases.itertuples()]
    return []


# Rows and broken rules by table.
Written = dict[str, tuple[int, list[str]]]


def run(steps: Iterable[str], settings: Settings) -> Written:
    """Run steps and store their tables; returns rows and broken rules per table. Where a rule broke, the tables of that
    step stay as they were."""
    written: Written = {}
    layouts = declared.written()
    changed = {}
    for step in steps:
        tables = backtesting.read_tables(settings, STEPS[step][0])
        stamp = settings.forecasts / f"{step}.json"
        layout = {name: layouts[name] for name in TABLES[step]}
        inputs_hash = _inputs_hash(step, tables, layout, settings)
        if stamp.exists() and (last := json.loads(stamp.read_text()))["inputs"] == inputs_hash:
            written |= {name: (rows, []) for name, rows in last["rows"].items()}
        else:
            changed[step] = (tables, layout, inputs_hash)
    if not changed:
        return written
    with workers.pool() as pool:
        jobs = {step: pool.submit(run_step, step, *changed[step], settings) for step in changed}
        found = {step: job.result() for step, job in jobs.items()}
    for step, result in found.items():
        check_results.record(
            f"forecasts_{step}",
            [*_contract_rows(step, result), *_identity_rows(step, settings), *_backtest_rows(step, settings)],
            settings,
        )
        written |= result
    return written


def run_step(
    step: str, tables: dict[str, pd.DataFrame], layout: dict[str, declared.Table], inputs_hash: str, settings: Settings
) -> Written:
    """Compute one step from its tables, check what it gives and store it in its layout."""
    stamp = settings.forecasts / f"{step}.json"
    stamp.unlink(missing_ok=True)
    found = STEPS[step][1](tables, settings)
    stored = {name: declared.arrow(table, found[name]) for name, table in layout.items()}
    if "identities" in found:
        files.write_parquet(settings.state / "identities.parquet", found["identities"])
    written: Written = {}
    for name, table in layout.items():
        key = table.key.columns if table.key else ()
        written[name] = (len(stored[name]), broken_rules(name, stored[name].to_pandas(date_as_object=False), key))
    if not any(broken for _, broken in written.values()):
        for name in layout:
            files.write_arrow(settings.forecasts / f"{name}.parquet", stored[name])
        record = {"inputs": inputs_hash, "rows": {name: rows for name, (rows, _) in written.items()}}
        files.write_bytes(stamp, json.dumps(record).encode())
    return written


def _inputs_hash(
    step: str, tables: dict[str, pd.DataFrame], layout: dict[str, declared.Table], settings: Settings
) -> str:
    code = [path for path in (PROJECT / "forecasts").rglob("*") if path.suffix in (".py", ".yml")]
    code += [PROJECT / "pipeline" / "build" / f"{name}.py" for name in ("forecasting", "backtesting", "declared")]
    rows = [f"{name} {backtesting.rows_hash(frame)}" for name, frame in sorted(tables.items())]
    return files.digest(code, step, str(settings.as_of), backtesting.stored_key(settings), str(layout), *rows)


def _contract_rows(step: str, written: Written) -> list[dict]:
    return [
        {
            "stage": f"forecasts_{step}",
            "table_name": name,
            "check_name": "contract",
            "status": "fail" if broken else "pass",
            "rows_failed": len(broken),
            "message": "; ".join(broken),
        }
        for name, (_, broken) in written.items()
    ]


def _identity_rows(step: str, settings: Settings) -> list[dict]:
    """A row per identity of the stock-flow system, which hold in every path or not."""
    if step != "compute_demand":
        return []
    from forecasts.identities import TOLERANCE

    found = pd.read_parquet(settings.state / "identities.parquet")
    # One that compares nothing, as before anybody told of tokens, breaks nothing.
    broken = found["largest_gap"] > TOLERANCE
    told = "the sides differ by up to " + found["largest_gap"].map("{:.2g}".format) + " of the larger"
    return pd.DataFrame(
        {
            "stage": f"forecasts_{step}",
            "table_name": found["table_name"],
            "check_name": found["identity"],
            "status": broken.map({True: "fail", False: "pass"}),
            "rows_failed": broken.astype(int),
            "message": told.where(broken, ""),
        }
    ).to_dict("records")


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
