"""What an hour of one H100-equivalent costs: bought, rented on demand, rented on other terms."""

from __future__ import annotations

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import BLUE, ORANGE, Chart, Rows, data, time, tips, value
from pipeline.report.section import Figure, Section
from pipeline.report.text import number


def _draw(rows: Rows, as_of: str) -> Chart:
    """Prices as points, and for each kind the lowest so far as a stepped line."""
    base = alt.Chart(data(rows)).encode(x=time("month"), color=charts.colour("kind", [ORANGE, BLUE, charts.GREY]))
    told = tips("chip_id:N", "basis:N", "month:T", "usd_per_h100e_hour:Q")
    return alt.layer(
        base.mark_circle(size=24, opacity=0.38).encode(
            y=value("usd_per_h100e_hour", log=True, form=",~f"), tooltip=told
        ),
        base.mark_line(interpolate="step-after").encode(y="frontier:Q"),
    )


def _describe(rows: Rows) -> str:
    last = {row["kind"]: row for row in rows}
    first = {row["kind"]: row for row in reversed(rows)}
    parts = [
        f"{kind}: lowest {number(first[kind]['frontier'])} in {first[kind]['month']:%B %Y}, "
        f"{number(row['frontier'])} by {row['month']:%B %Y}"
        for kind, row in last.items()
    ]
    return "USD per H100e-hour, " + "; ".join(parts) + "."


SECTION = Section(
    40, "Frontier", "Price and performance", "What an hour of one H100-equivalent costs, by chip and kind of price.",
    [
        Figure("price_performance", "Price-performance frontier", "USD per H100e-hour, 16-bit dense peak",
            ["price_performance"], _draw, _describe,
            "Lines are the lowest price so far. A bought chip's price is spread over four years without power, hosting or idle "
            "time, so it lies below rents. Consumer cards, and chips under a hundredth of an H100 at 16 bits, are left out. "
            "Peak rates, not what software reaches.", height=320),
    ],
)  # fmt: skip
