"""Published forecasts of others beside ours."""

import math

import altair as alt

from pipeline.report.charts import BLUE, INK, MUTED, PINK, Chart, Rows, choice, data, tips
from pipeline.report.section import Figure, Listing, Section, Show, interval, shown
from pipeline.report.text import Row, day, evidence, number

TICKS = [*(n / 10 for n in range(1, 15)), 1.6, 1.8, 2, 2.5, 3, 4, 5, 7, 10, 15, 20, 30]


def _beside(rows: Rows, as_of: str) -> Chart:
    """Published figures as diamonds on our interval, all over our median; a log axis, so twice and half lie alike.

    Who says what stands over each bar, where it has the whole width of a narrow screen.
    """
    topics = [(name, name) for name in dict.fromkeys(row["topic"] for row in rows)]
    base = (
        alt.Chart(data(rows))
        .transform_filter("datum.topic == topic")
        .encode(y=alt.Y("place:O", axis=None, scale=alt.Scale(padding=0)))
    )
    scale = alt.Scale(type="log", nice=False, padding=12)
    # A short logarithmic axis would label nothing above 100% by itself.
    axis = alt.Axis(title=None, format=".0%", values=TICKS, grid=True, labelOverlap="greedy", labelSeparation=8)
    x = alt.X("low:Q", scale=scale, axis=axis)
    told = tips(
        "who:N",
        "what:N",
        "their_value:Q",
        "our_low:Q",
        "our_median:Q",
        "our_high:Q",
        "unit:N",
        "definition_difference:N",
    )
    diamonds = base.mark_point(shape="diamond", color=PINK, size=70, strokeWidth=1.75, opacity=1, yOffset=18)
    words = base.mark_text(align="left", fontSize=12, color=INK, dy=-18)
    return alt.layer(
        base.mark_rule(strokeWidth=6, opacity=0.35, color=BLUE, yOffset=18).encode(x=x, x2="high"),
        alt.Chart(data([{"one": 1}])).mark_rule(color=BLUE, strokeWidth=1.5, opacity=0.6).encode(x="one:Q"),
        words.encode(x=alt.value(0), text="who:N"),
        base.mark_text(align="left", fontSize=12, color=MUTED, dy=-2).encode(x=alt.value(0), text="what:N"),
        diamonds.encode(x="theirs:Q", tooltip=told),
    ).add_params(choice("topic", "on", topics))


def _finding(rows: Rows) -> str:
    below, above = (sum(row["theirs"] < row["low"] for row in rows), sum(row["theirs"] > row["high"] for row in rows))
    return (
        f"of {len(rows)} figures {len(rows) - below - above} lie inside our interval, {below} below and {above} above"
    )


def _describe(rows: Rows) -> str:
    far = sorted(rows, key=lambda row: abs(math.log(row["theirs"])), reverse=True)[:2]
    said = [f"{row['who']}, {row['what']}, {number(row['theirs'], 2)} times our median" for row in far]
    return f"Furthest off: {'; '.join(said)}."


def _where(row: Row) -> str:
    if row["level"] is None:
        return "ours has no interval"
    if row["qualifier"] == "over" and row["theirs"] < row["low"]:
        return "a lower bound, below ours"
    place = "below" if row["theirs"] < row["low"] else "above" if row["theirs"] > row["high"] else "inside"
    return f"{place} our {row['level']}"


THEIRS: list[tuple[str, Show]] = [
    ("publisher", lambda r: f"{r['publisher']}, {day(r['reported_on'])}"),
    ("quantity", lambda r: f"{r['quantity']}, {r['unit']}" + (f" ({r['qualifier']})" if r["qualifier"] else "")),
    ("period", "target_period"), ("theirs", shown("theirs", "{:,.10g}".format)),
]  # fmt: skip

SECTION = Section(
    80, "Others", "Forecasts of others",
    "Compared only where both speak of the same quantity; what still differs is said.",
    [
        Figure("others", "Forecasts of others beside ours", "% of our median, logarithmic axis; choose a topic",
            ["published_forecasts", "compute_split"], _beside, _describe,
            "Definitions are close, not equal: the table says what still differs. Some of the figures are what we rest on.",
            height=340, step=58, finding=_finding,
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
