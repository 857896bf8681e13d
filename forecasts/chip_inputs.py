"""What a designer sold and at what price: product mix and unit prices with their errors.

Belongs here: the rows of int_chip_sales_inputs turned into draws, and what replaces them after the last one.
Does not belong here: revenue (supply.py).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecasts.assumptions import Draws, value

Z95 = float(ndtri(0.95))


def parameter(inputs: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows of one parameter of int_chip_sales_inputs."""
    return inputs[inputs["parameter"] == name] if len(inputs) else inputs


def priced(inputs: pd.DataFrame) -> set[str]:
    """Chips that have a price of either kind; approximate ones were published later than the rest."""
    return {chip for name in ("price_per_chip", "approximate_price") for chip in parameter(inputs, name)["chip_id"]}


def band_sd(row: pd.Series | Mapping, log: bool) -> float:
    """Standard deviation that a 5th-to-95th band stands for; 0 where there is one value."""
    low, high = row["p05"], row["p95"]
    if pd.isna(low) or pd.isna(high) or high <= low:
        return 0.0
    return float((np.log(high / low) if log else high - low) / (2 * Z95))


def band_z(common: np.ndarray, stream: np.random.Generator, n: int) -> np.ndarray:
    """Scores (n, paths) that share part of their variance with `common` (paths,)."""
    part = value("common_error_share")
    return np.sqrt(part) * common + np.sqrt(1 - part) * stream.standard_normal((n, len(common)))


def mix(
    rows: pd.DataFrame,
    periods: list[str],
    order: list[str],
    spend: np.ndarray,
    draws: Draws,
    stream: np.random.Generator,
) -> tuple[tuple[str, ...], np.ndarray]:
    """Revenue shares (periods, chips, paths) of `spend` (periods, paths).

    After the last published mix the spending on every chip but the newest falls, and the newest takes the rest: a chip
    whose successor ships declines, however fast the whole grows.
    """
    chips = tuple(c for c in order if c in set(rows["chip_id"]))
    table = {(row["period"], row["chip_id"]): row for row in rows.to_dict("records")}
    published = set(rows["period"])
    decline = draws["mix_shift_after_inputs"]
    shares = np.zeros((len(periods), len(chips), len(decline)))
    spent = None
    for i, period in enumerate(periods):
        if period in published:
            for j, chip in enumerate(chips):
                row = table.get((period, chip))
                if row is not None and row["p50"] > 0:
                    noise = band_sd(row, log=False) * stream.standard_normal(len(decline))
                    shares[i, j] = np.maximum(row["p50"] + noise, 1e-4)
            shares[i] /= shares[i].sum(axis=0)
            spent = shares[i] * spend[i]
        elif spent is not None:
            newest = np.flatnonzero(spent.mean(axis=1) > 0)[-1]
            walk = value("mix_walk_sd") * stream.standard_normal(spent.shape)
            spent = spent * np.exp(np.minimum(walk - decline, 0.0))
            spent[newest] = 0.0
            older = np.minimum(spent / spend[i], 1.0)
            shares[i] = older / np.maximum(older.sum(axis=0), 1.0)
            shares[i, newest] = np.maximum(1.0 - shares[i].sum(axis=0), 0.0)
            spent = shares[i] * spend[i]
    return chips, shares


def prices(
    inputs: pd.DataFrame,
    chips: tuple[str, ...],
    when: np.ndarray,
    common: np.ndarray,
    draws: Draws,
    stream: np.random.Generator,
) -> np.ndarray:
    """Unit prices in usd (periods, chips, paths) at decimal years `when`; after the last priced year they drift.

    A chip with yearly bands uses them; another has one approximate price and its own factor. Where a chip's bands
    repeat those of an older chip, the premium of the newer one applies.
    """
    bands = parameter(inputs, "price_per_chip")
    single = parameter(inputs, "approximate_price").drop_duplicates("chip_id").set_index("chip_id")["p50"]
    years = sorted(bands["period"].astype(int)) if len(bands) else [int(max(when))]
    z = band_z(common, stream, (years[-1] - years[0] + 1) * len(chips)).reshape(-1, len(chips), len(common))
    out = np.empty((len(when), len(chips), len(common)))
    seen: set[tuple] = set()
    for j, chip in enumerate(chips):
        own = {int(row["period"]): row for row in bands[bands["chip_id"] == chip].to_dict("records")}
        key = tuple((y, row["p05"], row["p95"]) for y, row in sorted(own.items()))
        premium = draws["nvidia_ultra_price_premium"] if key and key in seen else 1.0
        seen.add(key)
        for i, t in enumerate(when):
            if own:
                year = min(max(int(t), min(own)), max(own))
                price = own[year]["p50"] * np.exp(band_sd(own[year], log=True) * z[year - years[0], j]) * premium
            else:
                price = float(single[chip]) * draws["list_price_factor"]
            # a yearly price stands for the middle of its year
            after = max(t - (years[-1] + 0.5), 0.0) if t >= years[-1] + 1 else 0.0
            out[i, j] = price * np.exp(draws["price_growth_after_inputs"] * after)
    return out
