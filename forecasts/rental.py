"""What a GPU-hour will cost: paths of the matched rental index by month, their past scores, and chips without history.

Belongs here: index history, the models of a month's log level, their errors as known at an origin, the tables of rents.
Does not belong here: how the index is matched (dbt), what a rent is worth to an owner (rent_lives.py).

The centre is that nothing changes: neither drift nor a damped trend was better (`forecast.scores`, panel rental_index). No
quoted forward enters, because none is held; quotes of traded GPU-hours would come in as a market source of their own and as
a model in MODELS, scored like the others, and reserved terms do not stand in for them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecasts import assumptions, scoring
from forecasts.assumptions import SEED, rng, value
from forecasts.intervals import horizon_correlation
from forecasts.quantiles import LEVELS, long_rows, wide

HORIZON = 24  # months
SCORED = (1, 3, 6, 12, 18, 24)  # months ahead at which past forecasts are scored and published
TABLE = "rental_prices"
TARGET = "rental_price_index"
POOLED = "pooled-rents"
RECOMMENDED, NO_CHANGE = "recommended", "naive"
N_PATHS = 1000
MEAN_ABS_NORMAL = float(np.sqrt(2 / np.pi))  # mean |Z|, which turns a mean absolute error into a scale
REFERENCE = "nvidia-b200"  # whose measured throughput and rent the chips without history are compared with
# Measured in MLPerf Inference in a round in which the reference was, rented by the hour, and without an index of their own.
WITHOUT_HISTORY = (
    "nvidia-b300",
    "nvidia-gb200",
    "nvidia-gb300",
    "amd-mi300x",
    "amd-mi325x",
    "amd-mi350x",
    "amd-mi355x",
)

History = pd.Series  # log index by month (PeriodIndex), the months that pass the index's gates


def histories(index: pd.DataFrame, origin: date) -> dict[str, History]:
    """Log index by chip, published months known at the origin, from `market.rental_price_index`."""
    known = index[index["is_published"].astype(bool) & (pd.to_datetime(index["reported_on"]) <= pd.Timestamp(origin))]
    known = known.sort_values("period_start")
    months = pd.PeriodIndex(known["period_start"], freq="M")
    log_index = pd.Series(np.log(known["index_first_month_100"].to_numpy(float)), index=months)
    return {str(chip): log_index[(known["chip_id"] == chip).to_numpy()] for chip in sorted(known["chip_id"].unique())}


def _months(ordinals: pd.Series) -> pd.PeriodIndex:
    return pd.PeriodIndex([pd.Period(ordinal=int(month), freq="M") for month in ordinals], freq="M")


def growth(history: History, months: int | None = None) -> float:
    """Mean log change per month, over the whole history or its last `months`; 0 without two months."""
    recent = history if months is None else history[history.index >= history.index[-1] - months]
    span = recent.index[-1].ordinal - recent.index[0].ordinal
    return float(recent.iloc[-1] - recent.iloc[0]) / span if span else 0.0


def _damped(history: History, ahead: np.ndarray) -> np.ndarray:
    kept = value("rental_trend_kept")
    return growth(history, int(value("rental_trend_months"))) * kept * (1 - kept**ahead) / (1 - kept)


# Log change from the newest month, by months ahead.
MODELS: Mapping[str, Callable[[History, np.ndarray], np.ndarray]] = {
    NO_CHANGE: lambda history, ahead: np.zeros(len(ahead)),
    "log_drift": lambda history, ahead: growth(history) * ahead,
    "damped_trend": _damped,
}


def past_errors(series: Mapping[str, History]) -> pd.DataFrame:
    """Every log error of every model: chip, origin and target month (ordinals), months ahead, error, level and outcome."""
    parts = []
    for chip, history in series.items():
        months = np.array([month.ordinal for month in history.index])
        for i in range(len(history) - 1):
            ahead = months[i + 1 :] - months[i]
            ahead = ahead[ahead <= HORIZON]
            level, truth = history.iloc[i], history.to_numpy()[i + 1 : i + 1 + len(ahead)]
            for model, change in MODELS.items():
                centre = level + change(history.iloc[: i + 1], ahead)
                parts.append(
                    pd.DataFrame(dict(ahead=ahead, centre=centre, truth=truth)).assign(
                        chip_id=chip, model_id=model, origin=months[i]
                    )
                )
    if not parts:
        return pd.DataFrame(columns=["ahead", "centre", "truth", "chip_id", "model_id", "origin"])
    return pd.concat(parts, ignore_index=True)


def scales(errors: pd.DataFrame, ahead: np.ndarray) -> np.ndarray:
    """Scale of the log error by months ahead, from the errors of one model known at an origin, all chips together.

    Errors of nearby horizons count, brought to the horizon as a random walk's; those h months ahead overlap, so that n of
    them are worth n/h. With few the prior scale rules.
    """
    size, far = (errors["truth"] - errors["centre"]).abs().to_numpy(float), errors["ahead"].to_numpy(float)
    reach, prior, weight = value("rental_error_reach"), value("rental_error_start"), value("rental_error_start_weight")
    found = []
    for h in ahead:
        near = (far * reach >= h) & (far <= h * reach)
        worth = near.sum() / h
        mean = np.mean(size[near] * np.sqrt(h / far[near])) if near.any() else 0.0
        found.append((weight * prior * np.sqrt(h) + worth * mean / MEAN_ABS_NORMAL) / (weight + worth))
    return np.array(found)


def backtest(series: Mapping[str, History]) -> pd.DataFrame:
    """Forecasts at every past month with an outcome, as they would have been made then; quantiles and outcome are logs."""
    errors = past_errors(series)
    known_at = errors["origin"] + errors["ahead"]
    z = ndtri(np.array(LEVELS))
    rows = []
    for (model, origin), cases in errors[errors["ahead"].isin(SCORED)].groupby(["model_id", "origin"]):
        scale = scales(errors[(errors["model_id"] == model) & (known_at <= origin)], cases["ahead"].to_numpy(float))
        quantiles = cases["centre"].to_numpy(float)[:, None] + scale[:, None] * z
        rows.append(
            pd.concat([cases.reset_index(drop=True), pd.DataFrame(quantiles, columns=scoring.QUANTILES)], axis=1)
        )
    if not rows:
        return pd.DataFrame(columns=[*errors.columns, *scoring.QUANTILES])
    found = pd.concat(rows, ignore_index=True)
    return pd.concat([found, found[found["model_id"] == NO_CHANGE].assign(model_id=RECOMMENDED)], ignore_index=True)


def scores(forecasts: pd.DataFrame) -> pd.DataFrame:
    """`forecast.scores` of the rents: horizons in months, blocks of origins in quarters, chips apart and pooled."""
    if forecasts.empty:
        return pd.DataFrame()
    origins = _months(forecasts["origin"])
    rows = forecasts.assign(
        entity_id=forecasts["chip_id"],
        horizon=forecasts["ahead"],
        origin_date=origins.end_time.normalize(),
        last_quarter=origins.asfreq("Q").astype(str),
        truth_usd_m=np.exp(forecasts["truth"].astype(float)),
        log_median=forecasts["centre"].astype(float),
        log_scale=np.nan,
        truth_recalled=False,
    )
    scored = scoring.score_rows(rows)
    parts = [(POOLED, scored), *((str(chip), part) for chip, part in scored.groupby("entity_id"))]
    found = [
        dict(entity_id=entity, horizon=horizon, panel="rental_index", target_window="all") | line
        for entity, group in parts
        for horizon in SCORED
        if len(part := group[group["horizon"] == horizon])
        for line in scoring._horizon_scores(part, horizon)
        if line["metric"] != "wis_usd_m"
    ]
    return pd.DataFrame(found)


@dataclass(frozen=True)
class Rents:
    """Paths of one chip: months ahead and log change from the newest index month, (months, paths)."""

    history: History
    usd_per_chip_hour: float
    months: pd.PeriodIndex
    change: np.ndarray

    @property
    def usd(self) -> np.ndarray:
        """Rent on each path, USD per chip-hour on demand."""
        return self.usd_per_chip_hour * np.exp(self.change)


def paths(series: Mapping[str, History], index: pd.DataFrame, n_paths: int, seed: int = SEED) -> dict[str, Rents]:
    """No-change paths of every chip with an index, with the errors known by then and a random walk's correlation in time.

    Every month holds the normal's own quantiles in the order of the draws, so that margins carry no noise.
    """
    errors = past_errors(series)
    ahead = np.arange(1, HORIZON + 1)
    scale = scales(errors[errors["model_id"] == NO_CHANGE], ahead.astype(float))
    root = np.linalg.cholesky(horizon_correlation(HORIZON))
    months = pd.PeriodIndex(index["period_start"], freq="M")
    medians = index.set_index(pd.MultiIndex.from_arrays([index["chip_id"], months]))["usd_per_chip_hour_median"]
    found = {}
    for chip, history in series.items():
        walk = root @ rng(seed, f"rents {chip}").standard_normal((HORIZON, n_paths))
        order = np.argsort(np.argsort(walk, axis=1), axis=1)
        change = scale[:, None] * ndtri((order + 0.5) / n_paths)
        months = pd.period_range(history.index[-1] + 1, periods=HORIZON, freq="M")
        found[chip] = Rents(history, float(medians[chip, history.index[-1]]), months, change)
    return found


def _without_history(
    rents: Rents, ratios: pd.DataFrame, draws: assumptions.Draws
) -> dict[str, tuple[np.ndarray, float]]:
    """Rents (months, paths) of chips without an index and their measured throughput over the reference's."""
    measured = ratios.set_index("chip_id")["times_reference"]
    found = {}
    for chip in WITHOUT_HISTORY:
        if chip in measured.index:
            relative = measured[chip] ** draws["rent_throughput_elasticity"] * draws["unlisted_rent_factor"]
            found[chip] = rents.usd * relative, float(measured[chip])
    return found


def forecast(
    index: pd.DataFrame,
    ratios: pd.DataFrame,
    origin: date,
    n_paths: int = N_PATHS,
    fixed: Mapping[str, str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Tables rental_prices (wide, USD), rental_quantiles (long, index points, past origins too) and rental_scores.

    `fixed` holds some priors at 'p10', 'p50' or 'p90'."""
    series = histories(index, origin)
    if not series:
        return {name: pd.DataFrame() for name in ("rental_prices", "rental_quantiles", "rental_scores")}
    rows = assumptions.load(origin)
    draws = assumptions.draw(rows, n_paths, fixed=fixed)
    found = paths(series, index, n_paths)
    past = backtest(series)
    hindsight = assumptions.hindsight(rows, TABLE)
    parts, long = [], []
    for chip, rents in found.items():
        keys = _keys(rents.months, origin).assign(chip_id=chip, rent_basis="rental_index", times_reference=np.nan)
        keys["uses_hindsight_assumption"] = False
        newest = keys.assign(
            last_index_month=rents.history.index[-1].end_time.normalize(),
            last_usd_per_chip_hour=rents.usd_per_chip_hour,
            index_months=len(rents.history),
        )
        parts.append(wide(newest, rents.usd))
        first = keys.assign(entity_id=chip, model_id=RECOMMENDED, is_recommended=True)
        long.append(long_rows(first, np.exp(rents.history.iloc[-1] + rents.change)))
    if REFERENCE in found:
        for chip, (usd, times) in _without_history(found[REFERENCE], ratios, draws).items():
            keys = _keys(found[REFERENCE].months, origin).assign(
                chip_id=chip, rent_basis="measured_tokens", times_reference=times, uses_hindsight_assumption=hindsight
            )
            parts.append(wide(keys, usd))
    table = pd.concat(parts, ignore_index=True).assign(unit="USD per chip-hour", reference_chip_id=REFERENCE)
    table.loc[table["rent_basis"] == "rental_index", "reference_chip_id"] = None
    quantiles = pd.concat([*long, _past_rows(past)], ignore_index=True).drop(
        columns=["chip_id", "rent_basis", "times_reference"], errors="ignore"
    )
    quantiles = quantiles.assign(scenario_id="base", target_id=TARGET, unit="index, first month = 100")
    return {"rental_prices": table, "rental_quantiles": quantiles, "rental_scores": scores(past)}


def _keys(months: pd.PeriodIndex, origin: date) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "origin_date": pd.Timestamp(origin),
            "period_kind": "month",
            "target_period": months.astype(str),
            "target_end_date": months.end_time.normalize(),
            "horizon": np.arange(1, len(months) + 1),
            # An index shorter than the settings' three years of quarters is never called tested, scored as it is.
            "evidence_class": "anchored_prior",
        }
    )


def _past_rows(past: pd.DataFrame) -> pd.DataFrame:
    """Past forecasts as rows of `forecast.quantiles`, index points."""
    targets = _months(past["origin"] + past["ahead"])
    keys = pd.DataFrame(
        {
            "origin_date": _months(past["origin"]).end_time.normalize(),
            "model_id": past["model_id"],
            "entity_id": past["chip_id"],
            "period_kind": "month",
            "target_period": targets.astype(str),
            "target_end_date": targets.end_time.normalize(),
            "horizon": past["ahead"],
            "evidence_class": "anchored_prior",
            "is_recommended": past["model_id"] == RECOMMENDED,
            "uses_hindsight_assumption": False,
        }
    )
    rows = keys.loc[keys.index.repeat(len(LEVELS))].reset_index(drop=True)
    values = np.exp(past[scoring.QUANTILES].to_numpy(float)).reshape(-1)
    return rows.assign(output_type="quantile", output_type_id=np.tile(LEVELS, len(keys)), value=values)
