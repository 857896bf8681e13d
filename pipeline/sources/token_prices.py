"""What the token price sources share: the columns of a price in USD per million tokens, and of what is none."""

from collections.abc import Mapping

import pandas as pd

from pipeline.sources.base import amount, text
from pipeline.sources.responses import decimal

# No published text-token price is above USD 1,000 per million (the dearest, o1-pro, is 600 for output).
HIGHEST_USD_PER_MTOK = 10_000

PRICES = {
    "input_usd_per_mtok": amount(nullable=True, high=HIGHEST_USD_PER_MTOK),
    "output_usd_per_mtok": amount(nullable=True, high=HIGHEST_USD_PER_MTOK),
}
CACHED = {"cache_read_usd_per_mtok": amount(nullable=True, high=HIGHEST_USD_PER_MTOK)}
# What a list asks for the same model otherwise than by the token, or beyond its base price: read by people, never added up.
OTHERS = {"other_prices": text(nullable=True)}


def told(prices: Mapping[str, str | None]) -> str | None:
    """Prices by what they are for, as one text; zero and none are left out."""
    return "; ".join(f"{what} {price}" for what, price in prices.items() if price and decimal(price) != 0) or None


def of_batches(rows: pd.DataFrame) -> pd.Series:
    """The prices of a batch, which a stored list gives in columns of their own, as other prices."""
    prices = rows[["batch_input_usd_per_mtok", "batch_output_usd_per_mtok"]].fillna("")
    found = [told({"batch input": one, "batch output": other}) for one, other in prices.itertuples(index=False)]
    return pd.Series(found, rows.index, dtype="string")
