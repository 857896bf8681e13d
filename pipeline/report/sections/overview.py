"""The first screen: the article's question answered, four figures and what changed."""

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import Chart, Rows
from pipeline.report.section import Figure, Listing, Section, interval
from pipeline.report.sections.scenarios import beside_base, names
from pipeline.report.text import Cell, Row, evidence, reason, rounded, span


def headline(row: Row) -> Row:
    """One of the four figures, a row of `overview.headlines.sql`, in words."""
    is_share = row["unit"] == "share"
    low, median, high = rounded(*(row[level] * (100 if is_share else 1) for level in ("p10", "p50", "p90")))
    sign = "%" if is_share else ""
    remarks = ["the quarter has ended; its results are not, or not all, in this release"] if row["is_nowcast"] else []
    if row["recalled_share"]:
        remarks.append(f"{row['recalled_share']:.0%} of the outcomes it was tested on are recalled")
    return {
        "what": row["what"].split(":")[0],
        "period": row["target_period"],
        "median": median + sign,
        "interval": f"{low} to {high}{sign}",
        "unit": "" if is_share else row["unit"],
        "value": row["p50"],
        "evidence": evidence(row["evidence_class"]),
        "remarks": remarks,
    }


def answer(rows: Rows, year: int) -> str:
    """The article's question answered in one sentence, out of `overview.answer.sql`."""
    years = {int(row["target_period"]): row for row in rows}
    if year not in years:
        return ""
    first, now, soon, last = (years[one] for one in (min(years), year, min(year + 1, max(years)), max(years)))
    low, middle, high = rounded(*(100 * now[level] for level in ("p10", "p50", "p90")))
    return (
        f"Of every dollar that running AI chips costs, inference takes {middle} cents in {year} (80% interval {low} to {high}), "
        f"after {100 * first['p50']:.0f} in {first['target_period']}; for {last['target_period']} we expect "
        f"{span(*(100 * last[level] for level in ('p10', 'p50', 'p90')))}, and three times as much as training, which the "
        f"article speaks of, has a chance of {soon['prob_ratio_ge_3']:.0%} in {soon['target_period']} and of "
        f"{last['prob_ratio_ge_3']:.0%} in {last['target_period']}."
    )


def _share(rows: Rows, as_of: str) -> Chart:
    """A share of a whole over time in the chosen accounting and scenario, with the ratios that the article speaks of."""
    layers = beside_base(rows, "datum.accounting == accounting", form=".0%")
    layers[0] = layers[0].encode(
        y=alt.Y("p10:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, format=".0%", tickCount=5))
    )
    ratios = alt.Chart(
        charts.data([{"share": 1 / 2, "words": "as much as training"}, {"share": 3 / 4, "words": "three times training"},
            {"share": 10 / 11, "words": "ten times training"}])
    )  # fmt: skip
    line = ratios.mark_rule(color=charts.MUTED, strokeDash=[3, 3]).encode(y="share:Q")
    words = ratios.mark_text(align="left", baseline="bottom", dy=-2, fontSize=12, color=charts.MUTED)
    return alt.layer(
        *layers, line, words.encode(x=alt.value(6), y="share:Q", text="words:N"), charts.today(as_of)
    ).add_params(
        charts.choice("accounting", "in", [(name, title) for name, (title, _) in ACCOUNTINGS.items()]),
        charts.choice(
            "scenario",
            "if",
            [(name, "the base assumptions hold" if name == "base" else word) for name, word in names(rows)],
        ),
    )


def _passed(rows: Rows) -> str:
    """When the median of the cost passes half and three quarters."""
    mine = [row for row in rows if row["accounting"] == "dollars" and row["scenario_id"] == "base"]
    said, end = [], mine[-1]["period"]
    for share, words in ((1 / 2, "half of the cost"), (3 / 4, "three quarters")):
        over = [row["period"] for row in mine if row["p50"] >= share]
        said.append(f"{words} {f'from {over[0]} on' if over else f'not by {end}'}")
    return ", ".join(said)


def _shares(rows: Rows) -> str:
    parts = []
    for accounting, (title, _) in ACCOUNTINGS.items():
        mine = [row for row in rows if row["accounting"] == accounting and row["scenario_id"] == "base"]
        said = [f"{span(r['p10'], r['p50'], r['p90'], percent=True)} in {r['period']}" for r in (mine[:1] + mine[-1:])]
        parts.append(f"{title} {', '.join(said)}")
    return (
        "Inference in the base forecast, with 80% intervals: " + "; ".join(parts) + ". Training and R&D have the rest."
    )


# accounting: title, unit of the amounts
ACCOUNTINGS = {
    "dollars": ("dollars", "cost, USD billion"),
    "chip_hours": ("chip-hours", "chip-hours, billion H100e-hours"),
    "executed_flop": ("executed operations (FLOP)", "executed FLOP, 10²⁷"),
}

SECTION = Section(
    0, "Overview", "How far does AI's money move from training to inference?",
    "Inference is running trained models; the rest is training and research. The dollar is what the chips that we can count "
    "cost a year: wear over their life and electricity, not rents or what users pay. Few public statements, partly circular, say "
    "how the chips are split, so this is assumption-based: no backtest vouches for it. What is counted decides much: inference "
    "leaves more of a chip's arithmetic idle, so its part of the operations (FLOP) is smaller than of the hours. The article is an "
    "answer that an AI wrote in February 2025; its claims are judged one by one below.",
    [
        Figure("inference_share", "Inference's share of AI compute", "% of all counted chips that run; choose what is counted "
            "and a scenario", ("compute_split", "chip_shipments_by_source"), _share, _shares,
            "Blue: base forecast with its 80% interval. Orange: the scenario chosen. Upright line: as-of day.", height=330, finding=_passed,
            key="Blue: base. Orange: scenario. Bands: 80% interval. Upright line: as-of day."),
    ],
    [
        Listing("changes", "Median forecasts of {next_year}, USD billion, now and at the previous origin", [
            ("what", "what"), ("before", "previous_usd_bn"), ("now", "now_usd_bn"),
            ("change", lambda r: Cell(f"{r['change_pct']:+.1f}%", r["change_pct"])),
            ("why", lambda r: reason(r["attributed_to"])), ("evidence", lambda r: evidence(r["evidence_class"])),
        ]),
        Listing("workloads", "Inference and training in {year}, medians with 80% intervals", [
            ("accounting and unit", lambda r: ACCOUNTINGS[r["accounting"]][1]),
            *((name, interval(f"{key}_p10", f"{key}_p50", f"{key}_p90")) for key, name in (
                ("inference", "inference"), ("training_and_rnd", "training and R&D"), ("total", "both"))),
            ("evidence", lambda r: evidence(r["evidence_class"])),
        ]),
    ],
)  # fmt: skip
