"""The first screen: four figures, what changed, and inference against training in three accountings."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import FAN_KEY, Chart, Rows
from pipeline.report.section import Figure, Listing, Section, interval
from pipeline.report.text import Cell, Row, evidence, reason, rounded, span


@dataclass(frozen=True)
class Headline:
    """One of the four figures."""

    what: str
    period: str
    median: str
    interval: str
    unit: str
    value: float
    evidence: str
    remarks: list[str]


def headline(row: Row) -> Headline:
    """A row of `overview.headlines.sql` in words."""
    is_share = row["unit"] == "share"
    low, median, high = rounded(*(row[level] * (100 if is_share else 1) for level in ("p10", "p50", "p90")))
    sign = "%" if is_share else ""
    remarks = ["nowcast: the quarter has ended, not all have reported"] if row["is_nowcast"] else []
    if row["recalled_share"]:
        remarks.append(f"{row['recalled_share']:.0%} of the outcomes it was tested on are recalled")
    return Headline(
        what=row["what"].split(":")[0],
        period=row["target_period"],
        median=median + sign,
        interval=f"{low} to {high}{sign}",
        unit="of H100e-hours" if is_share else row["unit"],
        value=row["p50"],
        evidence=evidence(row["evidence_class"]),
        remarks=remarks,
    )


def _share(rows: Rows, as_of: str) -> Chart:
    """A share of a whole over time: 80% and 50% bands, median, parity and today."""
    layers = charts.bands(rows, [("p10", "p90"), ("p25", "p75")], form=".0%")
    layers[0] = layers[0].encode(
        y=alt.Y("p10:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, format=".0%", tickCount=5))
    )
    parity = alt.Chart(charts.data([{"half": 0.5}])).mark_rule(color=charts.MUTED, strokeDash=[3, 3]).encode(y="half:Q")
    tips = charts.hover(rows, "target_period:N", "p10:Q", "p50:Q", "p90:Q", "evidence_class:N")
    return alt.layer(*layers, parity, charts.today(as_of), tips)


def _shares(rows: Rows) -> str:
    first, last = rows[0], rows[-1]
    return (
        f"Inference has a median share of {span(first['p10'], first['p50'], first['p90'], percent=True)} in "
        f"{first['target_period']} and {span(last['p10'], last['p50'], last['p90'], percent=True)} in "
        f"{last['target_period']} (80% intervals). Training and R&D have the rest."
    )


# accounting: title, unit of the share, unit of the amounts
ACCOUNTINGS = {
    "chip_hours": ("Share of chip-hours", "% of H100e-hours of the running fleet (16-bit dense)",
        "chip-hours, billion H100e-hours"),
    "executed_flop": ("Share of executed FLOP", "% of floating-point operations that ran", "executed FLOP, 10²⁷"),
    "dollars": ("Share of dollars", "% of the cost of the hours, USD", "cost, USD billion"),
}  # fmt: skip

SECTION = Section(
    0, "Overview", "Inference versus training, in three accountings",
    "The unit decides the split. Few and partly circular anchors: all three are assumption-based. Tracked fleet, running "
    "stock, base scenario.",
    [
        Figure(
            f"inference_share_{accounting}", title, unit, ("compute_split", "chip_shipments"), _share, _shares, height=185,
            key=FAN_KEY, sql="inference_share", words={"accounting": accounting},
        )
        for accounting, (title, unit, _) in ACCOUNTINGS.items()
    ],
    [
        Listing("changes", "Median forecasts of {next_year}, USD billion, now and at the previous origin", [
            ("what", "what"), ("before", "previous_usd_bn"), ("now", "now_usd_bn"),
            ("change", lambda r: Cell(f"{r['change_pct']:+.1f}%", r["change_pct"])),
            ("why", lambda r: reason(r["attributed_to"])), ("evidence", lambda r: evidence(r["evidence_class"])),
        ]),
        Listing("workloads", "Inference and training in {year}, medians with 80% intervals", [
            ("accounting and unit", lambda r: ACCOUNTINGS[r["accounting"]][2]),
            *((name, interval(f"{key}_p10", f"{key}_p50", f"{key}_p90")) for key, name in (
                ("inference", "inference"), ("training_and_rnd", "training and R&D"), ("total", "both"))),
            ("evidence", lambda r: evidence(r["evidence_class"])),
        ]),
    ],
    key=[("fan", "80% and 50% interval"), ("dash", "median, assumption-based"), ("now", "as of"), ("half", "half and half")],
)  # fmt: skip
