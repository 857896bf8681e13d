"""How good the forecasts were: past ones over what came, intervals, skill against simple rules."""

from __future__ import annotations

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import BLUE, INK, Chart, Rows, data, time, tips, value
from pipeline.report.section import Figure, Listing, Section, percent, shown, skill
from pipeline.report.text import listed, plain, signed


def _past(rows: Rows, as_of: str) -> Chart:
    """Forecasts made at past origins, each a fan of its own, over what came true; logarithmic axis."""
    made, actual = ([row for row in rows if row["kind"] == kind] for kind in ("forecast", "actual"))
    base = alt.Chart(data(made)).encode(x=time(), detail="origin_date:N")
    told = tips("origin_date:N", "period:N", "p10:Q", "p50:Q", "p90:Q", "usd_bn:Q")
    true = alt.Chart(data(actual)).encode(x=time(), y="usd_bn:Q", tooltip=tips("period:N", "usd_bn:Q"))
    return alt.layer(
        base.mark_area(opacity=0.13, color=BLUE).encode(y=value("p10", log=True), y2="p90"),
        base.mark_line(color=BLUE, strokeWidth=1.5).encode(y="p50:Q"),
        true.mark_line(color=INK, strokeWidth=1.25),
        true.mark_circle(size=28, color=INK, opacity=1),
        base.mark_point(size=160, opacity=0, filled=True).encode(y="p50:Q", tooltip=told),
        charts.today(as_of),
    )


def _held(rows: Rows) -> str:
    known = [row for row in rows if row["kind"] == "forecast" and row["usd_bn"] is not None]
    inside = sum(row["p10"] <= row["usd_bn"] <= row["p90"] for row in known)
    origins = len({row["origin_date"] for row in known})
    return f"Of {len(known)} quarters forecast at {origins} origins, {inside} lay inside the 80% interval."


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
        Figure("past_forecasts", "What was forecast, and what came: NVIDIA Data Center",
            "USD billion a quarter, logarithmic axis; one origin a year, eight quarters ahead", ["vendor_quarters"],
            _past, _held,
            "Each fan was made by the procedure that makes today's, from what was public on its day. Two priors of the "
            "spending ceiling are of 2026.", height=340,
            key="Fans: 80% interval and median at each origin. Dots: first-reported revenue."),
        Figure("calibration", "Did the intervals hold?", "share of outcomes inside; bars: range in which 90% of calibrated "
            "forecasts would lie; black ticks: promised", ["vendor_quarters"], _calibration, _calibrated,
            "Recommended model, all vendors and hyperscalers of the panel together. Overlapping forecasts count less: "
            "see n_eff in the data."),
        Figure("skill", "Better than a simple rule?", "skill: 1 minus log WIS over the rule's, on the same targets; "
            "bars: 90% bootstrap intervals", ["vendor_quarters"],
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
