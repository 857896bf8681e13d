"""What an hour of one H100-equivalent costs: bought, rented on demand, rented on other terms."""

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import BLUE, ORANGE, Chart, Rows, data, time, tips, value
from pipeline.report.section import Figure, Section
from pipeline.report.text import Row, day, number


def _draw(rows: Rows, as_of: str) -> Chart:
    """Prices as points, and for each kind the lowest so far as a stepped line."""
    base = alt.Chart(data(rows)).encode(x=time("priced_on"), color=charts.colour("kind", [ORANGE, BLUE, charts.GREY]))
    told = tips("chip_id:N", "basis:N", "priced_on:T", "usd_per_h100e_hour:Q")
    return alt.layer(
        base.mark_circle(size=24, opacity=0.38).encode(
            y=value("usd_per_h100e_hour", log=True, form=",~f"), tooltip=told
        ),
        base.mark_line(interpolate="step-after").encode(y="frontier:Q"),
    )


def _ends(rows: Rows) -> list[tuple[Row, Row]]:
    """The first and the last price of every kind."""
    last = {row["kind"]: row for row in rows}
    return [(next(row for row in rows if row["kind"] == kind), end) for kind, end in last.items()]


def _finding(rows: Rows) -> str:
    parts = [f"{end['kind']} {number(first['frontier'])} → {number(end['frontier'])}" for first, end in _ends(rows)]
    return "lowest price of 2020 and of now, USD: " + ", ".join(parts)


def _describe(rows: Rows) -> str:
    parts = [f"{end['kind']} {day(end['priced_on'])} (lowest {day(end['lowest_on'])})" for _, end in _ends(rows)]
    return f"Newest price: {'; '.join(parts)}."


SECTION = Section(
    40, "Frontier", "Price and performance", "What an hour of one H100-equivalent costs, by chip and kind of price.",
    [
        Figure("price_performance", "An hour of one H100-equivalent", "USD per H100e-hour, 16-bit dense peak",
            ["price_performance"], _draw, _describe,
            "Lines are the lowest price so far. A bought chip's price is spread over four years without power, hosting or idle "
            "time, so it lies below rents. Consumer cards, and chips under a hundredth of an H100 at 16 bits, are left out. "
            "Peak rates, not what software reaches.", height=320, finding=_finding),
    ],
)  # fmt: skip
