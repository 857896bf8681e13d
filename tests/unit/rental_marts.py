"""A rental index small enough to read, in the columns that dbt delivers: months of the matched index, first = 100."""

from __future__ import annotations

import pandas as pd

# fmt: off
# chip, first month, index by month (None: withheld), median USD per chip-hour of the newest month
INDEX = (
    ("nvidia-h100-sxm", "2024-01", (
        100, 101.1, None, 96.2, 96.2, 95.4, 91.1, 89.7, 85.8, None, 82.6, 82.6, 81.8, 78.9, 78.9, None, None, None, 76.5,
        76.4, 75.8, 76.4, 76.1, 76.1, 76.1, 77.9, 77.9, 80.4, 80.9, 82.6, 86.5, 89.8, 90.1), 3.789),
    ("nvidia-b200", "2025-07", (
        100, 100, 100, 98.7, 97.8, 96.0, 95.2, 98.5, 99.0, 101.4, 101.4, 103.8, 103.8, 106.8, 106.8), 6.6),
)
# fmt: on
RATIOS = {
    "nvidia-b300": 1.148,
    "nvidia-gb300": 1.251,
    "amd-mi355x": 0.979,
    "nvidia-b200": 1.0,
    "intel-arc-pro-b60": 0.03,
}


def marts() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The index and the throughput beside a B200, as `forecasts.rental.forecast` takes them."""
    rows = [
        dict(
            chip_id=chip,
            period_start=month.start_time,
            index_first_month_100=level,
            usd_per_chip_hour_median=None if level is None else usd,
            is_published=level is not None,
            reported_on=month.end_time.normalize(),
        )
        for chip, first, levels, usd in INDEX
        for month, level in zip(pd.period_range(first, periods=len(levels), freq="M"), levels, strict=True)
    ]
    ratios = pd.DataFrame({"chip_id": list(RATIOS), "times_reference": list(RATIOS.values())})
    return pd.DataFrame(rows), ratios


def life_marts() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Index, chips, their prices and filed depreciation, as `forecasts.rent_lives.forecast` takes them."""
    chips = pd.DataFrame({"chip_id": ["nvidia-h100-sxm", "nvidia-b200"], "tdp_w": [700.0, 1000.0]})
    prices = pd.DataFrame(
        [
            ("nvidia-h100-family", "price_per_chip", "2024", 26000.0),
            ("nvidia-h100-family", "price_per_chip", "2025", 23000.0),
            ("nvidia-b200-family", "approximate_price", "all", 37000.0),
        ],
        columns=["chip_id", "parameter", "period", "p50"],
    )
    filed = pd.DataFrame(
        [
            ("meta", "cash-flow-line", pd.Timestamp("2026-06-30"), 22729.0, 5.5),
            ("coreweave", "cash-flow-line", pd.Timestamp("2025-09-30"), 1998.876, 6.0),
        ],
        columns=["issuer_id", "depreciation_definition", "year_to", "depreciation_usd_m", "book_life_years"],
    )
    return marts()[0], chips, prices, filed
