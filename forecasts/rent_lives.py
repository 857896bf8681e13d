"""What a bought chip earns: pay-back, return and life under the rents of `rental.py`, and what that life would do to books.

Belongs here: an owner's cash flows by month, what they imply, filers' depreciation at another life. Does not belong here:
rents (rental.py), what is filed (dbt). An owner rents at a part of the list price for a part of the hours, and pays for
power and space; staff, interest and tax are left out.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from forecasts import assumptions, rental
from forecasts.assumptions import Draws, value
from forecasts.quantiles import wide

LIFE, DEPRECIATION = "rent_implied_life", "depreciation_at_rent_life"
HOURS_PER_MONTH = 8766 / 12
SCORED_ON = date(2024, 12, 31)  # whose answer is scored by what rents did since
# The name under which the price of each chip with an index is known.
PRICED_AS = {
    "nvidia-a100-sxm-80gb": "nvidia-a100-sxm-80gb",
    "nvidia-h100-sxm": "nvidia-h100-family",
    "nvidia-h200-sxm": "nvidia-h200-sxm",
    "nvidia-b200": "nvidia-b200-family",
}
# Filers whose assets are nearly all machines.
GPU_CLOUDS = ("coreweave",)
UNITS = {
    "pay_back": "years",
    "life": "years",
    "internal_rate_of_return": "log per year",
    "rent_fall_for_six_years": "log per year",
}


def chip_usd(prices: pd.DataFrame, chip: str, year: int) -> float | None:
    """Price of the bare chip: the band of its year or the newest before it, else its one approximate price."""
    own = prices[prices["chip_id"] == PRICED_AS.get(chip)]
    bands = own[(own["parameter"] == "price_per_chip") & (own["period"].astype(str) <= str(year))]
    rows = bands if len(bands) else own[own["parameter"] == "approximate_price"]
    return float(rows.sort_values("period")["p50"].iloc[-1]) if len(rows) else None


def rent_by_month(rents: rental.Rents, draws: Draws, months: int) -> tuple[pd.Period, np.ndarray]:
    """First month and list rent (months, paths): the index, its gaps filled log-linearly, the forecast, then a decline."""
    known = [month.ordinal for month in rents.history.index]
    past = np.interp(range(known[0], known[-1] + 1), known, rents.history - rents.history.iloc[-1])
    later = np.arange(1, months + 1)[:, None] * draws["rent_decline_later"] / -12
    change = [np.repeat(past[:, None], rents.change.shape[1], axis=1), rents.change, rents.change[-1] + later]
    return rents.history.index[0], rents.usd_per_chip_hour * np.exp(np.concatenate(change))


def per_month(rent: np.ndarray, tdp_w: float, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """A month's income (months, paths) and its cost of power and space (paths), USD per chip."""
    server_kw = tdp_w / 1e3 * draws["server_power_factor"]
    kwh = server_kw * draws["pue"] * draws["facility_load_factor"] * HOURS_PER_MONTH
    costs = kwh * draws["electricity_usd_per_mwh"] / 1e3 + server_kw * draws["facility_usd_per_kw_month"]
    return rent * draws["rent_realised_of_list"] * draws["rented_share_of_hours"] * HOURS_PER_MONTH, costs


def _return(paid: np.ndarray, net: np.ndarray) -> np.ndarray:
    """Log rate a year at which what is earned is worth what was paid, by bisection."""
    years = np.arange(1, len(net) + 1)[:, None] / 12
    low, high = np.full(len(paid), -3.0), np.full(len(paid), 6.0)
    for _ in range(40):
        middle = (low + high) / 2
        above = (net * np.exp(-middle * years)).sum(axis=0) > paid
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return middle


def earned(paid: np.ndarray, net: np.ndarray) -> dict[str, np.ndarray]:
    """Pay-back and life in years and the return; what is not reached within the months is given as all of them."""
    ended = np.cumsum(net <= 0, axis=0) > 0
    kept = np.where(ended, 0, net)
    back = np.cumsum(kept, axis=0) >= paid
    return {
        "pay_back": np.where(back.any(axis=0), back.argmax(axis=0) + 1, len(net)) / 12,
        "life": (~ended).sum(axis=0) / 12,
        "internal_rate_of_return": _return(paid, kept),
    }


def _answer(
    index: pd.DataFrame, chips: pd.DataFrame, prices: pd.DataFrame, day: date, draws: Draws
) -> tuple[pd.DataFrame, dict[str, np.ndarray], dict[str, rental.Rents]]:
    """What was to be said on a day: rows of rent_implied_life, and each chip's life when bought last."""
    n_paths, last = len(draws["pue"]), int(value("rent_life_last_age"))
    found = rental.paths(rental.histories(index, day), index, n_paths)
    watts = chips.set_index("chip_id")["tdp_w"]
    parts, lives = [], {}
    for chip, rents in found.items():
        first, rent = rent_by_month(rents, draws, 12 * last)
        for month in pd.period_range(first, rents.history.index[-1], freq="M"):
            price = chip_usd(prices, chip, month.year)
            if price is None or month.month % 3:
                continue
            start = month.ordinal - first.ordinal + 1
            income, costs = per_month(rent[start : start + 12 * last], float(watts[chip]), draws)
            results = earned(price * draws["system_cost_multiplier"], income - costs)
            results["rent_fall_for_six_years"] = np.log(income[0] / costs) / value("usual_book_life_years")
            keys = pd.DataFrame({"metric": list(results)}).assign(
                chip_id=chip, purchased_on=month.end_time.normalize(), chip_usd=price, answered_on=pd.Timestamp(day)
            )
            parts.append(wide(keys, np.stack(list(results.values()))))
            lives[chip] = results["life"]
    return (pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()), lives, found


def _rents_since(then: Mapping[str, rental.Rents], index: pd.DataFrame, origin: date) -> pd.DataFrame:
    """Mean list rent from an earlier answer's newest month on: as forecast then, and as it was in months that pass."""
    rows = []
    for chip, rents in then.items():
        now = rental.histories(index, origin)[chip]
        seen = now[now.index.isin(rents.months)]
        if seen.empty:
            continue
        level = rents.usd_per_chip_hour * np.exp(seen.to_numpy() - rents.history.iloc[-1])
        keys = pd.DataFrame({"metric": ["mean_rent_since"], "chip_id": chip, "actual": level.mean()})
        rows.append(wide(keys, rents.usd[rents.months.isin(seen.index)].mean(axis=0)[None, :]))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _books(filed: pd.DataFrame, lives: Mapping[str, np.ndarray], draws: Draws) -> pd.DataFrame:
    """Filers' yearly depreciation if servers were written off over each chip's life instead of the book's."""
    parts = []
    own = filed["issuer_id"].isin(GPU_CLOUDS).to_numpy()[:, None]
    servers = np.where(own, draws["gpu_cloud_share_of_depreciation"], draws["server_share_of_depreciation"])
    for chip, life in lives.items():
        keys = filed.assign(chip_id=chip)
        times = 1 - servers + servers * filed["book_life_years"].to_numpy(float)[:, None] / life
        parts.append(wide(keys, filed["depreciation_usd_m"].to_numpy(float)[:, None] * times))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def forecast(
    index: pd.DataFrame,
    chips: pd.DataFrame,
    prices: pd.DataFrame,
    filed: pd.DataFrame,
    origin: date,
    n_paths: int = rental.N_PATHS,
    fixed: Mapping[str, str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Tables rent_implied_life (today's answer, and that of SCORED_ON with what rents did since) and
    depreciation_at_rent_life."""
    then = SCORED_ON
    rows = assumptions.load(origin)
    draws = assumptions.draw(rows, n_paths, fixed=fixed)
    parts, lives, _ = _answer(index, chips, prices, origin, draws)
    answers = [parts]
    if origin > then and len(parts):
        earlier, _, rents = _answer(index, chips, prices, then, draws)
        since = _rents_since(rents, index, origin)
        answers += [
            earlier,
            since.assign(purchased_on=pd.Timestamp(then), answered_on=pd.Timestamp(then), chip_usd=np.nan),
        ]
    tables = {LIFE: pd.concat(answers, ignore_index=True), DEPRECIATION: _books(filed, lives, draws)}
    for name, table in tables.items():
        if table.empty:
            continue
        tables[name] = table.assign(
            origin_date=pd.Timestamp(origin),
            unit="usd_m",
            evidence_class="anchored_prior",
            uses_hindsight_assumption=assumptions.hindsight(rows, name),
        )
    if len(lives_table := tables[LIFE]):
        lives_table["unit"] = lives_table["metric"].map(UNITS).fillna("USD per chip-hour")
        # What was priced and judged later stands behind an earlier answer, too.
        lives_table["uses_hindsight_assumption"] |= lives_table["answered_on"] < pd.Timestamp(origin)
    return tables
