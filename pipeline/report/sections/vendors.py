"""Revenue of the vendors and capital expenditure of their buyers: actuals, guidance and forecast."""

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import FAN_KEY, INK, PINK, Chart, Rows, data, time, tips
from pipeline.report.section import Figure, Listing, Section, interval
from pipeline.report.text import Cell, Row, evidence, number, span


def _draw(rows: Rows, as_of: str) -> Chart:
    """Actuals as dots, guidance as brackets, the forecast as a fan that starts at the last actual."""
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in ("actual", "forecast", "guidance")}
    actual, forecast, guidance = kinds["actual"], kinds["forecast"], kinds["guidance"]
    fan: list[Row] = list(forecast)
    if actual and forecast:
        last = actual[-1]["usd_bn"]
        start = {level: last for level in ("p10", "p25", "p50", "p75", "p90")}
        fan = [{**forecast[0], **start, "period_end": actual[-1]["period_end"]}, *forecast]
    layers = charts.bands(fan, [("p10", "p90"), ("p25", "p75")]) if fan else []
    base = alt.Chart(data(actual)).encode(x=time(), y="usd_bn:Q", detail=["definition:N", "run:N"])
    hollow = alt.FieldOneOfPredicate(field="confidence", oneOf=["recalled", "estimate"])
    filled = alt.condition(hollow, alt.value(charts.PAPER), alt.value(INK))
    told = tips("period:N", "usd_bn:Q", "confidence:N", "definition:N")
    layers += [
        base.mark_line(color=INK, strokeWidth=1.25),
        base.mark_circle(size=32, stroke=INK, strokeWidth=1.25, opacity=1).encode(fill=filled, tooltip=told),
    ]
    if guidance:
        guided = alt.Chart(data(guidance)).encode(x=time())
        told = tips("period:N", "low_usd_bn:Q", "usd_bn:Q", "high_usd_bn:Q", "confidence:N")
        diamonds = guided.mark_point(shape="diamond", color=PINK, size=58, strokeWidth=1.75)
        layers += [
            guided.mark_rule(color=PINK, strokeWidth=2).encode(y="low_usd_bn:Q", y2="high_usd_bn:Q"),
            diamonds.encode(y="usd_bn:Q", tooltip=told),
        ]
    if fan:
        layers.append(charts.hover(forecast, "period:N", "p10:Q", "p50:Q", "p90:Q", "evidence_class:N"))
    return alt.layer(*layers, charts.today(as_of))


def _parts(rows: Rows) -> tuple[list[Row], list[Row]]:
    return [row for row in rows if row["kind"] == "actual"], [row for row in rows if row["kind"] == "forecast"]


def _finding(rows: Rows) -> str:
    """The last quarter reported, and the forecast of the one a year later."""
    actual, forecast = _parts(rows)
    parts = [f"{number(row['usd_bn'])} in {row['period']}" for row in actual[-1:]]
    parts += [f"{span(row['p10'], row['p50'], row['p90'])} expected in {row['period']}" for row in forecast[:4][-1:]]
    return ", ".join(parts)


def _describe(rows: Rows) -> str:
    _, forecast = _parts(rows)
    parts = [f"{row['period']} {span(row['p10'], row['p50'], row['p90'])}" for row in (forecast[:1] + forecast[-1:])]
    return f"Medians with 80% intervals: {', '.join(parts)}." if parts else ""


def _figure(
    entity: str, title: str, note: str, sql: str = "revenue", facts: str = "vendor_quarters_vintages"
) -> Figure:
    return Figure(
        f"revenue_{entity}".replace("-", "_"), title, "USD billion per quarter", [facts], _draw, _describe, note, 220,
        f"{FAN_KEY} Dots: actual, hollow where recalled or estimated. Diamonds: the company's guidance.",
        sql, {"entity": entity}, _finding,
    )  # fmt: skip


SECTION = Section(
    10, "Vendors", "Vendor revenue",
    "2026Q3 is a calendar quarter: a fiscal quarter counts in the one that holds its middle, so NVIDIA's quarter from August to "
    "October is a third quarter. The sum is that of four named segments, with networking and CPUs; it is not “the market”. "
    "TSMC and capital expenditure (what the clouds pay for buildings and machines) stand beside it and are never added.",
    [
        _figure("merchant_dc_silicon_total", "Sum of the four segments", "NVIDIA Data Center, AMD Data Center, Intel DCAI and "
            "Broadcom AI, with networking and CPUs. Not the market. Nobody guides this sum.", sql="sum"),
        _figure("nvidia-data-center", "NVIDIA Data Center", "With networking. NVIDIA guides its total only: next chart."),
        _figure("nvidia-total", "NVIDIA, all revenue", "Diamonds are NVIDIA's own guidance. From 2027 on the upper ends are those "
            "of Data Center: its errors are the wider ones, and where they carry the segment above the company, the company is "
            "taken to be the segment alone."),
        _figure("broadcom-ai", "Broadcom AI semiconductors", "Management's figure, not a segment; overlaps Google's TPU cost. "
            "Diamonds are guidance."),
        _figure("amd-data-center", "AMD Data Center", "Instinct accelerators and EPYC processors together."),
        _figure("intel-dcai", "Intel DCAI", "Data Center and AI: mostly processors. The line breaks where Intel changed the definition."),
        _figure("marvell-data-center", "Marvell Data Center", "Too short a history to be tested; outside the sum. The line breaks where a quarter is not known."),
        _figure("tsmc-hpc", "TSMC, high-performance computing", "Upstream of all others: never added to them."),
        _figure("capex-five-firms", "Capital expenditure of five hyperscalers", "Cash, Amazon, Alphabet, Microsoft, Meta and "
            "Oracle. What the buyers spend on everything, beside what the vendors sell.", "capex", "capex_quarters_vintages"),
    ],
    [
        Listing("vendors", "First quarter without a result here, and calendar year {next_year}, USD billion, with 80% intervals", [
            ("what", "entity_name"), ("quarter", lambda r: r["quarter"] + (", ended" if r["is_nowcast"] else "")),
            ("median (80% interval)", interval("q10", "q50", "q90")), ("evidence", lambda r: evidence(r["q_evidence"])),
            ("own guidance", lambda r: r["guided"] and Cell(f"{number(r['guided'])} for {r['guided_for']}", r["guided"])),
            ("{next_year}", interval("y10", "y50", "y90")),
            ("evidence", lambda r: evidence(r["y_evidence"])),
        ], "Ended: the quarter is over and no result of it is in this release; companies may have reported it meanwhile (see the "
           "head). The tables call it a nowcast. Guidance is what the company said of the same "
           "quantity; for capital expenditure it is for the year, as the company states it, often with leases. The sum is "
           "simulated, not added up."),
    ],
    key=[("actual", "actual"), ("hollow", "actual, recalled or estimated"), ("fan", "80% and 50% interval"),
        ("line", "median, backtested"), ("dash", "median, assumption-based"), ("guide", "company's guidance"), ("now", "as of")],
)  # fmt: skip
