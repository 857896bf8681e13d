"""Forecasts at one origin: paths of every series, and the tables `forecast.quantiles` and `forecast.vendor_revenue`.

Whatever needs vendors' revenue or capex takes it from here, so that there is one set of paths:

    fitted = fit(vendor_quarters, guidance, capex_quarters, origin, backtest)   # slow, free of assumptions
    lines = paths(fitted, draws, n_paths, seed)                                 # fast, one call per scenario

`draws` come from `assumptions.draw` (or `scenarios.apply`) with the same n_paths: path i rests on draw i, and the same
seed gives the same errors whatever the draws. `lines` holds a `vendor_paths.Line` by entity_id: `first` and `actuals` by
calendar quarter (ordinals of `panel.quarter_ordinal`), `paths` (quarters, paths) in USD million to 2030Q4, and
`line.quarter(ordinal)` for either. Keys are the targets of tasks.yml that had reported by the origin, and
`merchant_dc_silicon_total`, `capex-five-firms`, `vendor_spending_ceiling` where all their parts are known.
Draws read: silicon_share_of_capex, hyperscaler_share_of_vendor_revenue, capex_growth_later, spend_growth_long_run,
spend_growth_half_life, and the statements of tasks.yml.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from forecasts import assumptions, panel, quantiles
from forecasts.assumptions import SEED, Draws
from forecasts.backtest import (
    N_PATHS,
    RECOMMENDED,
    TABLE,
    Backtest,
    Fitted,
    base_draws,
    fit_median,
    other_models,
    records_of,
)
from forecasts.centre import HORIZONS, centres
from forecasts.guided import midpoints
from forecasts.panel import QUARTERS_PER_YEAR, Context, Panel, quarter_label, targets
from forecasts.vendor_calendar import fiscal_label, period_end
from forecasts.vendor_paths import (
    CAPEX_TOTAL,
    CEILING,
    LAST_QUARTER,
    TOTAL_NAMES,
    VENDOR_TOTAL,
    Line,
    quarters_ahead,
)
from forecasts.vendor_records import Records

UNIT = "usd_m"
LONG = ["origin_date", "model_id", "scenario_id", "target_id", "entity_id", "period_kind", "target_period"]
LONG += ["target_end_date", "horizon", "output_type", "output_type_id", "value", "unit", "evidence_class"]
LONG += ["is_recommended", "uses_hindsight_assumption"]
WIDE = ["origin_date", "entity_id", "entity_name", "period_kind", "target_period", "fiscal_period", "target_end_date"]
WIDE += [
    "fiscal_period_end",
    "horizon",
    "is_nowcast",
    *quantiles.WIDE_COLUMNS,
    "mean",
    "unit",
    "model_id",
    "evidence_class",
    "last_actual",
]
WIDE += ["bridged_quarters", "guidance_mid", "uses_hindsight_assumption"]


@dataclass(frozen=True)
class VendorForecast:
    """What one origin yields."""

    quantiles: pd.DataFrame  # LONG; value in USD million; every model to eight quarters, the recommended one to 2030
    vendor_revenue: pd.DataFrame  # WIDE; p05 … p95, mean, last_actual and guidance_mid in USD million; recommended only
    paths: dict[str, np.ndarray]  # by entity_id, (horizon, paths), USD million; row 0 is the first unreported quarter


def fit(
    vendor_quarters: pd.DataFrame,
    guidance: pd.DataFrame,
    capex_quarters: pd.DataFrame,
    origin: date,
    backtest: Backtest | None,
) -> Fitted | None:
    """Medians and scales at `origin` from what was reported by then; None where nothing was.

    Of `backtest` only outcomes known at `origin` are used. Without one, intervals come from past quarterly steps, and
    nothing is called tested. Inputs are mart frames in USD million.
    """
    data = panel.build(vendor_quarters, guidance, capex_quarters, origin)
    context = data.at(origin)
    past = records_of(backtest)
    found = fit_median(data, context, centres(context), past)
    return found if found.median else None


def paths(fitted: Fitted, draws: Draws, n_paths: int, seed: int) -> dict[str, Line]:
    """Paths of every series, the totals and the spending ceiling, by entity_id; see the module's docstring."""
    return fitted.paths(draws, quarters_ahead(fitted.context), seed)


def forecast(
    vendor_quarters: pd.DataFrame,
    guidance: pd.DataFrame,
    capex_quarters: pd.DataFrame,
    origin: date,
    *,
    n_paths: int = N_PATHS,
    seed: int = SEED,
    backtest: Backtest | None,
) -> VendorForecast:
    """The published tables at `origin`, from the paths under base assumptions."""
    fitted = fit(vendor_quarters, guidance, capex_quarters, origin, backtest)
    if fitted is None:
        return VendorForecast(pd.DataFrame(columns=LONG), pd.DataFrame(columns=WIDE), {})
    lines = paths(fitted, base_draws(origin, n_paths, seed), n_paths, seed)
    lines = {key: line for key, line in lines.items() if key not in targets() or targets()[key].published}
    # A series that no spending constraint bounds (TSMC, Marvell) ends where skill is tested.
    lines |= {key: replace(line, paths=line.paths[:HORIZONS]) for key, line in lines.items() if not _is_bounded(key)}
    keys, values = _periods(lines, fitted.context, _tested(backtest))
    rows = quantiles.long_rows(keys, values).assign(model_id=RECOMMENDED, is_recommended=True)
    own = (keys["target_id"] != CEILING).to_numpy()
    wide = quantiles.wide(keys[own], values[own]).assign(mean=values[own].mean(axis=1), model_id=RECOMMENDED)
    data = panel.build(vendor_quarters, guidance, capex_quarters, origin)
    others = _baselines(fitted, data, records_of(backtest), keys)
    return VendorForecast(
        quantiles=pd.concat([rows, others, _growth(keys[own], values)], ignore_index=True)[LONG],
        vendor_revenue=wide[WIDE],
        paths={key: line.paths for key, line in lines.items()},
    )


def _growth(keys: pd.DataFrame, paths: np.ndarray) -> pd.DataFrame:
    """Long rows of growth over the year before, percent, per path, where both years are forecast."""
    heads, values = [], []
    for kind in ("calendar_year", "fiscal_year"):
        for _, years in keys[keys["period_kind"] == kind].groupby("entity_id", sort=False):
            for before, after in zip(years.index, years.index[1:], strict=False):
                heads.append(keys.loc[after].to_dict())
                values.append(100 * (paths[after] / paths[before] - 1))
    if not heads:
        return pd.DataFrame(columns=LONG)
    found = pd.DataFrame(heads).assign(model_id=RECOMMENDED, is_recommended=True, unit="percent")
    return quantiles.long_rows(found.assign(target_id=found["target_id"] + "_growth"), np.stack(values))


def _periods(lines: dict[str, Line], context: Context, tested: set[tuple[str, int]]) -> tuple[pd.DataFrame, np.ndarray]:
    """Keys and paths (periods, paths) of every published period: quarters, years, the next four quarters."""
    keys: list[dict[str, Any]] = []
    paths: list[np.ndarray] = []
    for line in lines.values():
        head = _head(line, context)
        mids = _midpoints(line, context)
        for h, values in enumerate(line.paths, start=1):
            end = _fiscal_end(line, h) or _quarter_end(line, h)
            fiscal = None if line.history is None else fiscal_label(line.history.fiscal_period, h)
            keys.append(
                head
                | _class(line, h, context.origin, tested)
                | dict(period_kind="quarter", target_period=quarter_label(line.first + h - 1), fiscal_period=fiscal)
                | dict(target_end_date=_quarter_end(line, h), fiscal_period_end=_fiscal_end(line, h))
                | dict(horizon=h, is_nowcast=end <= pd.Timestamp(context.origin))
                | dict(last_actual=line.reported([line.first - 1]), guidance_mid=mids.get(str(fiscal)))
            )
            paths.append(values)
        for kind, label, quarters, before in _sums(line):
            h = quarters[-1] - line.first + 1
            values = [line.quarter(quarter) for quarter in quarters]
            keys.append(
                head
                | _class(line, h, context.origin, tested)
                | dict(period_kind=kind, target_period=label, fiscal_period=None, horizon=h, is_nowcast=False)
                | dict(target_end_date=_quarter_end(line, h))
                | dict(fiscal_period_end=_fiscal_end(line, h) if kind == "fiscal_year" else None)
                | dict(last_actual=line.reported(before))
                | dict(guidance_mid=mids.get(f"CY{label}" if kind == "calendar_year" else label))
            )
            wide = [np.broadcast_to(item, line.paths.shape[1]) for item in values if item is not None]
            paths.append(np.sum(wide, axis=0))
    frame = pd.DataFrame(keys)
    frame = frame.astype({"last_actual": float, "guidance_mid": float})
    return frame.assign(fiscal_period_end=pd.to_datetime(frame["fiscal_period_end"])), np.stack(paths)


def _head(line: Line, context: Context) -> dict[str, Any]:
    target = targets().get(line.entity_id)
    is_capex = line.entity_id == CAPEX_TOTAL or (target is not None and target.is_capex)
    is_bound = line.entity_id == CEILING
    return dict(
        origin_date=pd.Timestamp(context.origin),
        scenario_id="base",
        target_id=CEILING if is_bound else "capex" if is_capex else "vendor_revenue",
        entity_id=VENDOR_TOTAL if is_bound else line.entity_id,
        entity_name=target.name if target is not None else TOTAL_NAMES.get(line.entity_id),
        unit=UNIT,
        bridged_quarters=", ".join(map(quarter_label, sorted(line.bridged))) or None,
    )


def _tested(backtest: Backtest | None) -> set[tuple[str, int]]:
    """Series and horizons at which this procedure has scores."""
    if backtest is None or not len(backtest.scores):
        return set()
    rows = backtest.scores[(backtest.scores["model_id"] == RECOMMENDED) & (backtest.scores["metric"] == "log_wis")]
    return set(zip(rows["entity_id"], rows["horizon"].astype(int), strict=True))


def _class(line: Line, h: int, origin: date, tested: set[tuple[str, int]]) -> dict[str, Any]:
    """Tested: a horizon at which the series has scores, and enough quarters."""
    enough = line.n_history >= assumptions.value("tested_from_quarters")
    return dict(
        evidence_class="tested" if enough and (line.entity_id, h) in tested else "anchored_prior",
        uses_hindsight_assumption=_is_bounded(line.entity_id) and _is_hindsight(origin),
    )


@cache
def _is_hindsight(origin: date) -> bool:
    """Whether an assumption behind the bound became known only after the origin."""
    return assumptions.hindsight(assumptions.load(origin), TABLE)


def _is_bounded(entity_id: str) -> bool:
    """Whether spending bounds the series: vendors of the total, the companies holding them, capex."""
    target = targets().get(entity_id)
    return target is None or target.in_total or bool(target.holds) or target.is_capex


def _quarter_end(line: Line, h: int) -> pd.Timestamp:
    """Last day of the calendar quarter `h` quarters ahead."""
    return pd.Period(quarter_label(line.first + h - 1), freq="Q").end_time.normalize()


def _fiscal_end(line: Line, h: int) -> pd.Timestamp | None:
    """Last day of the issuer's own quarter; None for totals."""
    if line.history is None:
        return None
    return pd.Timestamp(period_end(targets()[line.entity_id], line.history, h))


def _midpoints(line: Line, context: Context) -> dict[str, float]:
    """Guidance for this very series by target period, USD million; none where only a larger total is guided."""
    target = targets().get(line.entity_id)
    if target is None or "share_of" in target.guidance:
        return {}
    return {str(period): float(value) for period, value in midpoints(context, target).items()}


def _sums(line: Line) -> list[tuple[str, str, range, range]]:
    """(kind, label, quarters summed, the same span before) of the sums published for a line."""
    last = line.first + len(line.paths) - 1
    ahead = range(line.first, line.first + QUARTERS_PER_YEAR)
    label = f"{quarter_label(ahead[0])}-{quarter_label(ahead[-1])}"
    found = [("next_four_quarters", label, ahead, range(ahead[0] - QUARTERS_PER_YEAR, ahead[0]))]
    for year in range(line.first // QUARTERS_PER_YEAR, min(last, LAST_QUARTER) // QUARTERS_PER_YEAR + 1):
        quarters = range(QUARTERS_PER_YEAR * year, QUARTERS_PER_YEAR * (year + 1))
        if quarters[-1] <= last and all(line.quarter(quarter) is not None for quarter in quarters):
            before = range(quarters[0] - QUARTERS_PER_YEAR, quarters[0])
            found.append(("calendar_year", str(year), quarters, before))
    return found + _fiscal_years(line)


def _fiscal_years(line: Line) -> list[tuple[str, str, range, range]]:
    """As `_sums`, for the issuer's own years where they are not called like the calendar's."""
    if line.history is None:
        return []
    newest = line.first - 1
    labels = {
        q: fiscal_label(line.history.fiscal_period, q - newest) for q in range(newest - 3, line.first + len(line.paths))
    }
    found = []
    for start, label in labels.items():
        quarters = range(start, start + QUARTERS_PER_YEAR)
        is_calendar = label == f"FY{start // QUARTERS_PER_YEAR}Q1" and start % QUARTERS_PER_YEAR == 0
        if not label.endswith("Q1") or is_calendar or quarters[-1] not in labels or quarters[-1] < line.first:
            continue
        if all(line.quarter(quarter) is not None for quarter in quarters):
            before = range(start - QUARTERS_PER_YEAR, start)
            found.append(("fiscal_year", label[:-2], quarters, before))
    return found


def _baselines(fitted: Fitted, data: Panel, past: Records, keys: pd.DataFrame) -> pd.DataFrame:
    """Long rows of every other model, quarters one to eight; marginal quantiles, not paths."""
    quarters = keys[(keys["period_kind"] == "quarter") & (keys["horizon"] <= HORIZONS) & (keys["target_id"] != CEILING)]
    place = {(row.entity_id, row.horizon): row.Index for row in quarters.itertuples()}
    heads, values = [], []
    for model_id, median, quantile in other_models(fitted, data, past):
        for entity_id, path in median.items():
            for h in range(1, HORIZONS + 1):
                if (entity_id, h) in place and np.isfinite(path[h - 1]):
                    heads.append(quarters.loc[place[entity_id, h]].to_dict() | dict(model_id=model_id))
                    values.append(np.exp(quantile[entity_id][h - 1]))
    rows = pd.DataFrame(heads).assign(is_recommended=False, uses_hindsight_assumption=False, output_type="quantile")
    levels = quantiles.LEVELS
    rows = rows.loc[rows.index.repeat(len(levels))].reset_index(drop=True)
    return rows.assign(output_type_id=np.tile(levels, len(values)), value=np.concatenate(values))
