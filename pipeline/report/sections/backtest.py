"""How good the forecasts were: past ones over what came, intervals, skill against simple rules."""

from __future__ import annotations

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import BLUE, INK, Chart, Rows, data, time, tips, value
from pipeline.report.section import Figure, Listing, Section, percent, shown, skill
from pipeline.report.text import listed, plain, signed


def _past(rows: Rows, as_of: str) -> Chart:
    """Forecasts made at past origins, each a fan of its own, over what came true, of the vendor and origin that are chosen."""
    made, actual = ([row for row in rows if row["kind"] == kind] for kind in ("forecast", "actual"))
    vendors = [(name, name) for name in dict.fromkeys(row["vendor"] for row in rows)]
    origins = [(name, name) for name in sorted({row["made_in"] for row in made}, reverse=True)]
    chosen = "datum.vendor == vendor && (made_in == 'year' ? datum.newest_of_year : datum.made_in == made_in)"
    base = alt.Chart(data(made)).transform_filter(chosen).encode(x=time(), detail="origin_date:N")
    told = tips("origin_date:N", "period:N", "p10:Q", "p50:Q", "p90:Q", "usd_bn:Q")
    came = alt.Chart(data(actual)).transform_filter("datum.vendor == vendor")
    true = came.encode(x=time(), y="usd_bn:Q", tooltip=tips("period:N", "usd_bn:Q"))
    held = (
        alt.Chart(data(made))
        .transform_calculate(
            chosen=f"{chosen} ? 1 : 0",
            known="datum.chosen && isValid(datum.usd_bn) ? 1 : 0",
            inside="datum.known && datum.p10 <= datum.usd_bn && datum.usd_bn <= datum.p90 ? 1 : 0",
        )
        .transform_aggregate(chosen="sum(chosen)", known="sum(known)", inside="sum(inside)")
        .transform_calculate(
            words="datum.chosen ? datum.inside + ' of ' + datum.known + ' outcomes inside the 80% interval' : "
            "'Nothing was forecast then.'"
        )
        .mark_text(align="left", baseline="top", fontSize=13, color=charts.MUTED)
        .encode(x=alt.value(8), y=alt.value(4), text="words:N")
    )
    return alt.layer(
        base.mark_area(opacity=0.13, color=BLUE).encode(y=value("p10", log=True), y2="p90"),
        base.mark_line(color=BLUE, strokeWidth=1.5).encode(y="p50:Q"),
        true.mark_line(color=INK, strokeWidth=1.25),
        true.mark_circle(size=28, color=INK, opacity=1),
        base.mark_point(size=160, opacity=0, filled=True).encode(y="p50:Q", tooltip=told),
        charts.today(as_of),
        held,
    ).add_params(
        charts.choice("vendor", "of", vendors), charts.choice("made_in", "made in", [("year", "every year"), *origins])
    )


def _held(rows: Rows) -> str:
    known = [row for row in rows if row["kind"] == "forecast" and row["usd_bn"] is not None]
    parts = []
    for vendor in dict.fromkeys(row["vendor"] for row in known):
        mine = [row for row in known if row["vendor"] == vendor]
        inside = sum(row["p10"] <= row["usd_bn"] <= row["p90"] for row in mine)
        parts.append(f"{vendor} {inside} of {len(mine)}")
    return "Quarters inside the 80% interval, of all that were forecast at any origin: " + "; ".join(parts) + "."


def _ranges(rows: Rows, middle: str, low: str, high: str, kind: str, promised: str = "") -> Chart:
    """By horizon a point in its interval, side by side for each kind; `promised` is shown as a tick, without it zero as a line."""
    base = alt.Chart(data(rows)).encode(
        x=alt.X("horizon:O", axis=alt.Axis(title="quarters ahead", labelAngle=0)),
        xOffset=f"{kind}:N",
        color=charts.colour(kind),
    )
    told = tips("horizon:O", f"{kind}:N", f"{middle}:Q", f"{low}:Q", f"{high}:Q", "n:Q", "n_eff:Q")
    tick = base.mark_tick(thickness=2, width=16, color=INK).encode(y=f"{promised}:Q", color=alt.value(INK))
    return alt.layer(
        base.mark_rule(strokeWidth=2.5, opacity=0.45).encode(y=value(low, form=".0%"), y2=high),
        base.mark_circle(size=62, opacity=1).encode(y=f"{middle}:Q", tooltip=told),
        tick if promised else alt.Chart(data([{"zero": 0}])).mark_rule(color=INK).encode(y="zero:Q"),
    )


def _calibration(rows: Rows, as_of: str) -> Chart:
    labelled = [{**row, "promised": f"{row['nominal']:.0%} interval"} for row in rows]
    return _ranges(labelled, "empirical", "band_low", "band_high", "promised", "nominal")


def _calibrated(rows: Rows) -> str:
    outside = [r for r in rows if not r["band_low"] <= r["empirical"] <= r["band_high"]]
    at = [r for r in rows if abs(r["nominal"] - 0.8) < 1e-9]
    held = ", ".join(f"{r['empirical']:.0%} ({r['horizon']})" for r in at)
    return (
        f"80% intervals held the outcome in {held} of cases (quarters ahead in brackets). "
        f"{len(outside)} of {len(rows)} points lie outside the range that chance alone allows in 90% of cases."
    )


def _skilled(rows: Rows) -> str:
    parts = []
    for baseline in dict.fromkeys(row["baseline"] for row in rows):
        mine = [row for row in rows if row["baseline"] == baseline]
        better = [row["horizon"] for row in mine if row["ci05"] > 0]
        worse = [row["horizon"] for row in mine if row["ci95"] < 0]
        level = [row["horizon"] for row in mine if row["ci05"] <= 0 <= row["ci95"]]
        found = (("better", better), ("not told apart", level), ("worse", worse))
        said = [f"{word} at {listed(h)}" for word, h in found if h]
        parts.append(f"Against {baseline}: {'; '.join(said)} quarters ahead")
    return ". ".join(parts) + f". {rows[0]['recalled_share']:.0%} of the outcomes are recalled, not read in a document."


SECTION = Section(
    60, "Backtest", "How good were the forecasts?",
    "From the rolling backtest: each forecast saw only what was public on its day.",
    [
        Figure("past_forecasts", "What was forecast, and what came",
            "USD billion a quarter, up to eight quarters ahead", ["vendor_quarters_vintages", "capex_quarters_vintages"], _past, _held,
            "Each fan was made by the procedure that makes today's, from what was public on its day. Two priors of the "
            "spending ceiling are of 2026.", height=340,
            key="Fans: 80% interval and median at each origin. Dots: first-reported figures."),
        Figure("calibration", "Did the intervals hold?", "share of outcomes inside; bars: range in which 90% of calibrated "
            "forecasts would lie; black ticks: promised", ["vendor_quarters_vintages"], _calibration, _calibrated,
            "Recommended model, all vendors and hyperscalers of the panel together. Overlapping forecasts count less: "
            "see n_eff in the data."),
        Figure("skill", "Better than a simple rule?", "skill: 1 minus log WIS over the rule's, on the same targets; "
            "bars: 90% bootstrap intervals", ["vendor_quarters_vintages"],
            lambda rows, _: _ranges(rows, "skill", "ci05", "ci95", "baseline"), _skilled,
            "Above zero is better than the rule."),
    ],
    [
        Listing("leaderboard", "Skill of every model by quarters ahead; above 0 is better than the rule", [
            ("model", lambda r: plain(r["model_id"])),
            *((f"last value, {h}", skill(f"naive_{h}")) for h in (1, 2, 4, 8)),
            *((f"log-drift, {h}", skill(f"drift_{h}")) for h in (1, 2, 4, 8)),
        ], "Each skill is on the targets that both the model and the rule forecast: guidance exists for few, and mostly easy, "
           "ones, so its rows compare with the rules and not with other models."),
        Listing("panels", "Recommended model against the last value, on each choice of outcomes", [
            ("outcomes", lambda r: plain(r["panel"])), ("quarters ahead", "horizon"), ("skill", skill("skill_vs_naive")),
            ("90% interval", lambda r: f"{signed(r['ci05'])} to {signed(r['ci95'])}"), ("forecasts", "n"),
            ("effective", shown("n_eff", "{:.0f}".format)), ("recalled", percent("recalled_share")),
        ]),
    ],
)  # fmt: skip
