"""What the token price sources share: the columns of a price in USD per million tokens."""

from pipeline.sources.base import amount

# No published text-token price is above USD 1,000 per million (the dearest, o1-pro, is 600 for output).
HIGHEST_USD_PER_MTOK = 10_000

PRICES = {
    "input_usd_per_mtok": amount(nullable=True, high=HIGHEST_USD_PER_MTOK),
    "output_usd_per_mtok": amount(nullable=True, high=HIGHEST_USD_PER_MTOK),
}
CACHED = {"cache_read_usd_per_mtok": amount(nullable=True, high=HIGHEST_USD_PER_MTOK)}
