"""Published forecasts of others beside ours."""

from __future__ import annotations

import math

import altair as alt

from pipeline.report.charts import BLUE, PINK, Chart, Rows, data, tips
from pipeline.report.section import Figure, Listing, Section, Show, interval, shown
from pipeline.report.text import Row, evidence


def _beside(rows: Rows, as_of: str) -> Chart:
    """Published figures as diamonds on our interval, all over our median; a log axis, so twice and half lie alike."""
    base = alt.Chart(data(rows)).encode(y=alt.Y("label:N", sort=None, axis=alt.Axis(title=None, labelLimit=240)))
    scale = alt.Scale(type="log", nice=False, padding=12)
    x = alt.X("low:Q", scale=scale, axis=alt.Axis(title=None, format=".0%", tickCount=6, grid=True))
    told = tips(
        "label:N", "their_value:Q", "our_low:Q", "our_median:Q", "our_high:Q", "unit:N", "definition_difference:N"
    )
    diamonds = base.mark_point(shape="diamond", color=PINK, size=70, strokeWidth=1.75, opacity=1)
    return alt.layer(
        base.mark_rule(strokeWidth=6, opacity=0.35, color=BLUE).encode(x=x, x2="high"),
        alt.Chart(data([{"one": 1}])).mark_rule(color=BLUE, strokeWidth=1.5).encode(x="one:Q"),
        diamonds.encode(x="theirs:Q", tooltip=told),
    )


def _describe(rows: Rows) -> str:
    below, above = (sum(row["theirs"] < row["low"] for row in rows), sum(row["theirs"] > row["high"] for row in rows))
    far = sorted(rows, key=lambda row: abs(math.log(row["theirs"])), reverse=True)[:2]
    said = "; ".join(f"{row['label']}, {row['theirs']:.0%} of our median" for row in far)
    return (
        f"Of {len(rows)} published figures {len(rows) - below - above} lie inside our interval, {below} below it and "
        f"{above} above. Furthest off: {said}."
    )


def _quantity(row: Row) -> str:
    return f"{row['quantity']}, {row['unit']}" + (f" ({row['qualifier']})" if row["qualifier"] else "")


def _where(row: Row) -> str:
    if row["level"] is None:
        return "ours has no interval"
    if row["qualifier"] == "over" and row["theirs"] < row["low"]:
        return "a lower bound, below ours"
    place = "below" if row["theirs"] < row["low"] else "above" if row["theirs"] > row["high"] else "inside"
    return f"{place} our {row['level']}"


THEIRS: list[tuple[str, Show]] = [
    ("publisher", lambda r: f"{r['publisher']}, {r['reported_on']:%B %Y}"), ("quantity", _quantity),
    ("period", "target_period"), ("theirs", shown("theirs", "{:,.10g}".format)),
]  # fmt: skip

SECTION = Section(
    80, "Others", "Forecasts of others",
    "Compared only where both speak of the same quantity; what still differs is said.",
    [
        Figure("others", "Forecasts of others beside ours", "% of our median, logarithmic axis",
            ["published_forecasts", "compute_split"], _beside, _describe,
            "Definitions are close, not equal: the table says what still differs. Some of the figures are what we rest on.",
            height=1000,
            key="Bar: our 80% interval (90% where the past is estimated). Line: our median. Diamond: the published figure."),
    ],
    [
        Listing("compared", "Published forecasts of others beside ours", [
            *THEIRS, ("ours, median (interval)", interval("low", "p50", "high")), ("theirs lies", _where),
            ("evidence of ours", lambda r: evidence(r["evidence_class"])), ("what still differs", "differs"),
        ]),
        Listing("alone", "Published forecasts on definitions that we do not forecast", THEIRS),
    ],
)  # fmt: skip
