"""Indices of what a rented accelerator and a token cost."""

from pipeline.report import charts
from pipeline.report.charts import Rows
from pipeline.report.section import Figure, Section, newest
from pipeline.report.text import Row


def _index(row: Row) -> str:
    return f"{row['index']:.1f} (n = {row.get('providers') or row.get('models')})"


def _turned(rows: Rows, series: str) -> str:
    """How far every series is from its first month."""
    parts = []
    for name in dict.fromkeys(row[series] for row in rows):
        mine = [row for row in rows if row[series] == name]
        parts.append(f"{name} {mine[-1]['index'] - 100:+.0f}% since {mine[0]['month']:%B %Y}".replace("-", "−"))
    return ", ".join(parts)


SECTION = Section(
    30, "Prices", "Rental and token prices",
    "Indices follow a fixed panel or fixed models, because a changing mix moves a plain median.",
    [
        Figure("rental_index", "Rental offers of accelerators",
            "matched index of USD per chip-hour, on demand, first month = 100", ["rental_rate_cards"],
            lambda rows, _: charts.lines(rows, "chip", False, "matched_providers:Q", "usd_per_chip_hour_median:Q"),
            newest("chip", "month", _index, "{:%B %Y}".format),
            "Offers, not transactions, without hyperscalers. Each month is compared with the newest earlier month that has "
            "three providers in common; months with fewer than three providers, or under 60% of those of the last six "
            "months, are withheld. How months are matched decides the result: market.rental_price_index has the alternatives "
            "beside it.", finding=lambda rows: _turned(rows, "chip")),
        Figure("token_index", "Token prices", "index of USD per million tokens, first month = 100",
            ["token_price_index"], lambda rows, _: charts.lines(rows, "method", True, "models:Q"),
            newest("method", "month", _index, "{:%B %Y}".format),
            "Matched models follows the same models from month to month; median of list also moves with what is on the list. "
            "A fall in token prices is not a fall in the cost of compute.", finding=lambda rows: _turned(rows, "method")),
    ],
)  # fmt: skip
