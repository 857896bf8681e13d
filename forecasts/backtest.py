"""The rolling-origin backtest: at every report date, the very procedure that makes the published rows."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from forecasts import assumptions, intervals, panel, scoring, vendor_records
from forecasts.assumptions import SEED, value
from forecasts.centre import HORIZONS, centres, fits_needed
from forecasts.models import empirical, registry, scum
from forecasts.panel import Context, History, Panel, quarter_label, quarter_ordinal, targets
from forecasts.quantiles import LEVELS
from forecasts.vendor_paths import CAPEX_PARTS, CAPEX_TOTAL, VENDOR_PARTS, VENDOR_TOTAL, Line, simulate
from forecasts.vendor_records import CENTRE, Records

RECOMMENDED = "recommended"
N_PATHS = 1000  # the 0.01 quantile rests on ten paths and their mirror images
EMPIRICAL_DRAWS = 2000
SUM_QUARTERS = 4
SUMMED = ("naive", "log_drift")  # baselines whose sums and totals are scored
TABLE = "vendor_revenue"  # its name among what an assumption is used by
# Quarters simulated at past origins: totals start with the slowest company, two quarters behind the fastest, and a
# quarter's ceiling looks at the capex of the next.
REPLAY_QUARTERS = HORIZONS + 3
MEMBERS = {VENDOR_TOTAL: VENDOR_PARTS, CAPEX_TOTAL: CAPEX_PARTS}


@dataclass(frozen=True)
class Backtest:
    """Frames that can be written as Parquet and read back; column meanings stand with the functions that make them."""

    forecasts: pd.DataFrame
    scores: pd.DataFrame
    calibration: pd.DataFrame


@dataclass(frozen=True)
class Fitted:
    """All that the paths of one origin rest on, but for assumptions."""

    context: Context
    heads: pd.DataFrame  # vendor_records.COLUMNS, one row per series
    median: dict[str, np.ndarray]  # (eight,) logs of USD million
    scale: dict[str, np.ndarray]  # (eight,) of their t errors

    def paths(
        self, draws: assumptions.Draws, horizon: int, seed: int = SEED, is_bounded: bool = True
    ) -> dict[str, Line]:
        """Lines by entity_id with `horizon` quarters ahead; path i rests on draw i."""
        return simulate(self.context, self.median, self.scale, draws, horizon, seed, is_bounded)


def fit_median(
    data: Panel, context: Context, median: Mapping[str, np.ndarray], past: Records, model_id: str = CENTRE
) -> Fitted:
    """`median` of the series with enough quarters to be forecast, and scales of its errors in the past.

    Of `past` only outcomes known at the origin are used; without any, scales come from past quarterly steps.
    """
    chosen = {
        key: path for key, path in median.items() if len(context.histories[key]) >= value("forecast_from_quarters")
    }
    rows = [vendor_records.head(data, context, key) for key in chosen]
    heads = pd.DataFrame(rows, columns=vendor_records.COLUMNS)
    scale = vendor_records.scales(past, model_id, heads)
    return Fitted(context, heads, chosen, dict(zip(chosen, scale, strict=True)))


def run(
    vendor_quarters: pd.DataFrame,
    guidance: pd.DataFrame,
    capex_quarters: pd.DataFrame,
    origin: date,
    progress: Callable[[int, int], None] | None = None,
    n_jobs: int = 2,
) -> Backtest:
    """Everything the report dates up to `origin` can tell; inputs are mart frames in USD million.

    Nothing reported after `origin` is used, and at each report date nothing reported after that date.
    """
    data = panel.build(vendor_quarters, guidance, capex_quarters, origin)
    dates = {day for key in targets() if key in data.series for day in vendor_records.origins(data.series[key])}
    contexts = [data.at(day) for day in sorted(dates)]
    scum.prepare((name for context in contexts for name in fits_needed(context)), n_jobs, progress)
    days = [(context, centres(context)) for context in contexts]
    records = vendor_records.build(data, days)
    forecasts, sums, totals = replay(records, data, days)
    forecasts = pd.concat([forecast_rows(records, data), forecasts], ignore_index=True)
    scored = [scoring.score_rows(rows) for rows in (forecasts, totals, sums)]
    scores = [scoring.scores(rows) for rows in scored]
    scores[2] = scores[2].assign(metric="sum4_" + scores[2]["metric"])
    return Backtest(forecasts, _joined(scores), _joined([scoring.calibration(rows) for rows in scored[:2]]))


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The frames under one another; empty ones are left out, because their columns have no types."""
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def empirical_quantiles(model_id: str, past: History) -> np.ndarray:
    """Log-error quantiles (eight, levels) of a model that brings its own distribution; draws change with a report."""
    rng = np.random.default_rng([SEED, zlib.crc32(f"{past.entity_id} {past.reported_on}".encode())])
    return np.quantile(empirical()[model_id](past, HORIZONS, rng, EMPIRICAL_DRAWS), LEVELS, axis=1).T


def forecast_rows(records: Records, data: Panel) -> pd.DataFrame:
    """One row per model but the recommended one, series, report date and horizon (1..8 quarters).

    origin_date, entity_id, model_id, horizon, target_quarter (calendar), n_history and last_quarter (at the origin),
    log_last (log of USD million), last_recalled, step_abs_error (log points), is_scored (minimum history met),
    is_headline (counts in the bars), in_panel (one of the four vendors), log_median, log_scale (t with five degrees of
    freedom; NULL for intervals of another form), q0.01 … q0.99 (logs of USD million), truth_usd_m, truth_reported_on,
    truth_recalled, crosses_definition.
    """
    flags, parts = Flags.of(records), []
    for model_id, median in records.medians.items():
        scale = vendor_records.scales(records, model_id, records.rows)
        errors = scale[..., None] * intervals.UNIT_QUANTILES
        if model_id in empirical():
            scale = np.full_like(scale, np.nan)
            errors = [empirical_quantiles(model_id, _past(data, row)) for row in records.rows.itertuples()]
            errors = np.array(errors).reshape(*median.shape, len(LEVELS))
        parts.append(_rows(records, flags, model_id, median, scale, median[..., None] + errors))
    return pd.concat(parts, ignore_index=True)


def _past(data: Panel, row: Any) -> History:
    past = panel.history(data.series[row.entity_id], row.origin_date.date())
    assert past is not None
    return past


@dataclass(frozen=True)
class Flags:
    """What rows count in: (rows,), and (rows, eight) for the headline sample."""

    is_scored: np.ndarray
    in_panel: np.ndarray
    is_headline: np.ndarray

    @classmethod
    def of(cls, records: Records) -> Flags:
        """Flags of the series' own rows."""
        return cls(records.is_scored, records.of_target("in_panel").astype(bool), vendor_records.headline(records))


def _rows(
    records: Records, flags: Flags, model_id: str, median: np.ndarray, scale: np.ndarray, values: np.ndarray
) -> pd.DataFrame:
    """Rows of one model; `values` (rows, eight, levels) are logs of USD million."""
    wide = records.rows.reset_index(drop=True).assign(is_scored=flags.is_scored, in_panel=flags.in_panel)
    parts = []
    for h in range(HORIZONS):
        truth = records.truth[:, h]
        part = wide.assign(
            model_id=model_id,
            horizon=h + 1,
            target_quarter=[quarter_label(quarter_ordinal(label) + h + 1) for label in wide["last_quarter"]],
            is_headline=flags.is_headline[:, h],
            log_median=median[:, h],
            log_scale=scale[:, h],
            truth_usd_m=np.exp(truth),
            truth_reported_on=np.where(np.isfinite(truth), records.known_on[:, h], np.datetime64("NaT")),
            truth_recalled=records.recalled[:, h],
            crosses_definition=records.crosses[:, h],
        )
        quantiles = pd.DataFrame(values[:, h], columns=scoring.QUANTILES, index=part.index)
        parts.append(part.join(quantiles)[np.isfinite(median[:, h])])
    return pd.concat(parts, ignore_index=True)


Days = Sequence[tuple[Context, Mapping[str, np.ndarray]]]


def replay(records: Records, data: Panel, days: Days) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Rows of the recommended model, of sums over four quarters, and of the totals, all from simulated paths.

    Sums and totals of the baselines, too, come from paths, without the ceiling.
    """
    of_day = records.rows.groupby(pd.to_datetime(records.rows["origin_date"]).dt.date).indices
    rows = len(records.rows)
    values = np.full((rows, HORIZONS, len(LEVELS)), np.nan)
    sums = {name: np.full((rows, len(LEVELS)), np.nan) for name in (RECOMMENDED, *SUMMED)}
    flags, totals = Flags.of(records), list[pd.DataFrame]()
    for context, centre in days:
        mine = of_day.get(context.origin, ())
        ending = _ending(records, context.origin)
        draws = base_draws(context.origin, N_PATHS)
        for model_id in sums:
            lines = _lines(records, data, context, centre, model_id, draws)
            for i in mine:
                paths = lines[str(records.rows["entity_id"].iat[i])].paths
                sums[model_id][i] = np.log(np.quantile(paths[:SUM_QUARTERS].sum(axis=0), LEVELS))
                if model_id == RECOMMENDED:
                    values[i] = np.log(np.quantile(paths[:HORIZONS], LEVELS, axis=1)).T
            totals += _totals(records, flags, lines, context, model_id, ending)
    middle, none = LEVELS.index(0.5), np.full((rows, HORIZONS), np.nan)
    found = _rows(records, flags, RECOMMENDED, values[..., middle], none, values)
    return found, _sum_rows(found, records, sums), _joined([*totals, found.iloc[:0]])


def base_draws(origin: date, n_paths: int, seed: int = SEED) -> assumptions.Draws:
    """Draws of base for the assumptions that vendors' revenue and capex rest on."""
    rows = assumptions.load(origin)
    return assumptions.draw(rows[rows["used_by"].map(lambda tables: TABLE in tables)], n_paths, seed)


def _lines(
    records: Records,
    data: Panel,
    context: Context,
    centre: Mapping[str, np.ndarray],
    model_id: str,
    draws: assumptions.Draws,
) -> dict[str, Line]:
    """Paths of one model at a past origin."""
    if model_id == RECOMMENDED:
        return fit_median(data, context, centre, records).paths(draws, REPLAY_QUARTERS)
    fitted = fit_median(data, context, _baseline(model_id, context), records, model_id)
    return fitted.paths(draws, REPLAY_QUARTERS, is_bounded=False)


def _baseline(model_id: str, context: Context) -> dict[str, np.ndarray]:
    """Medians of a baseline for every target known at the origin."""
    model = registry()[model_id]
    past = {key: context.histories[key] for key in targets() if key in context.histories}
    found = {key: model(item, context, HORIZONS) for key, item in past.items()}
    return {key: path for key, path in found.items() if path is not None}


def other_models(fitted: Fitted, data: Panel, past: Records) -> Iterator[tuple[str, dict, dict]]:
    """(model_id, medians, quantiles (eight, levels)) by entity_id of every model but the recommended one at an origin."""
    for model_id in (*registry(), CENTRE):
        own = fitted
        if model_id != CENTRE:
            own = fit_median(data, fitted.context, _baseline(model_id, fitted.context), past, model_id)
        values = {}
        for key, median in own.median.items():
            errors = own.scale[key][:, None] * intervals.UNIT_QUANTILES
            if model_id in empirical():
                errors = empirical_quantiles(model_id, fitted.context.histories[key])
            values[key] = median[:, None] + errors
        yield model_id, own.median, values


def _sum_rows(recommended: pd.DataFrame, records: Records, sums: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Forecast rows of the sum of the next four quarters; horizon is 4, the flags are those of the four quarters."""
    base = recommended[recommended["horizon"] == SUM_QUARTERS].set_index(["entity_id", "origin_date"])
    keys = pd.MultiIndex.from_frame(records.rows[["entity_id", "origin_date"]])
    base = base.reindex(keys).reset_index()
    base["crosses_definition"] = np.any(records.crosses[:, :SUM_QUARTERS], axis=1).tolist()
    base["truth_recalled"] = np.any(records.recalled[:, :SUM_QUARTERS], axis=1).tolist()
    base["truth_usd_m"] = np.exp(records.truth[:, :SUM_QUARTERS]).sum(axis=1)
    parts = []
    for model_id, values in sums.items():
        quantiles = pd.DataFrame(values, columns=scoring.QUANTILES)
        part = base.drop(columns=scoring.QUANTILES).assign(model_id=model_id, log_median=quantiles["q0.5"])
        parts.append(part.join(quantiles))
    return pd.concat(parts, ignore_index=True)


def _ending(records: Records, origin: date) -> list[tuple[str, np.ndarray]]:
    """Of each total whose members reported one quarter on that day: the rows of all that have reported it by then."""
    rows, day, found = records.rows, pd.Timestamp(origin), []
    today = (rows["origin_date"] == day).to_numpy() & records.is_scored
    for total_id, parts in MEMBERS.items():
        quarters = set(rows["last_quarter"].to_numpy()[today & rows["entity_id"].isin(parts).to_numpy()])
        if len(quarters) == 1:
            same = (rows["last_quarter"] == quarters.pop()) & (rows["origin_date"] <= day)
            found.append((total_id, np.flatnonzero(same & records.is_scored & rows["entity_id"].isin(parts))))
    return found


def _totals(
    records: Records,
    flags: Flags,
    lines: Mapping[str, Line],
    context: Context,
    model_id: str,
    ending: list[tuple[str, np.ndarray]],
) -> list[pd.DataFrame]:
    """Forecast rows of the two totals, on days on which the last member reports a quarter.

    The vendors' total is that of the vendors with enough history at the time: NVIDIA and Intel from 2019, AMD from 2024,
    Broadcom as its disclosures allow. One vendor is no total; of capex all five are asked for.
    """
    found = []
    for total_id, at in ending:
        parts = MEMBERS[total_id]
        members = records.rows["entity_id"].iloc[at].tolist()
        expected = [key for key in parts if key in lines and len(context.histories[key]) >= targets()[key].min_history]
        if set(members) != set(expected) or len(members) < (2 if total_id == VENDOR_TOTAL else len(parts)):
            continue
        values = np.quantile(np.log(sum(lines[key].paths[:HORIZONS] for key in members)), LEVELS, axis=1).T[None]
        part = Records(
            rows=records.rows.iloc[at].assign(entity_id=total_id).tail(1),
            medians={},
            truth=np.log(np.exp(records.truth[at]).sum(axis=0, keepdims=True)),
            known_on=records.known_on[at].max(axis=0, keepdims=True),
            crosses=np.logical_or.reduce(records.crosses[at], keepdims=True),
            recalled=np.logical_or.reduce(records.recalled[at], keepdims=True),
        )
        all_headline = np.logical_and.reduce(flags.is_headline[at], keepdims=True)
        counted = Flags(np.array([True]), np.array([False]), all_headline)
        median = values[..., LEVELS.index(0.5)]
        found.append(_rows(part, counted, model_id, median, np.full_like(median, np.nan), values))
    return found


def records_of(backtest: Backtest | None) -> Records:
    """The records that a backtest's rows were made from, for use at a later origin."""
    if backtest is None or not len(backtest.forecasts):
        return vendor_records.none()
    forecasts, keys = backtest.forecasts, ["entity_id", "origin_date"]
    anchor = forecasts[forecasts["model_id"] == CENTRE].sort_values([*keys, "horizon"])
    rows = anchor[anchor["horizon"] == 1][vendor_records.COLUMNS].reset_index(drop=True)
    shape, index = (len(rows), HORIZONS), pd.MultiIndex.from_frame(rows[keys])
    table = forecasts.pivot(index=keys, columns=["model_id", "horizon"], values="log_median").reindex(index)
    known = anchor["truth_reported_on"].fillna(pd.Timestamp(vendor_records.NEVER)).to_numpy("datetime64[D]")

    def medians(model_id: str) -> np.ndarray:
        columns = pd.MultiIndex.from_product([[model_id], range(1, HORIZONS + 1)])
        return table.reindex(columns=columns).to_numpy(float)

    return Records(
        rows=rows,
        medians={model_id: medians(model_id) for model_id in (*registry(), CENTRE)},
        truth=np.log(anchor["truth_usd_m"].to_numpy(float)).reshape(shape),
        known_on=known.reshape(shape),
        crosses=anchor["crosses_definition"].to_numpy(bool).reshape(shape),
        recalled=anchor["truth_recalled"].to_numpy(bool).reshape(shape),
    )
