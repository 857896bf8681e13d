"""How good the forecasts were: past ones over what came, intervals, skill against simple rules."""

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


def _all_held(rows: Rows) -> str:
    known = [row for row in rows if row["kind"] == "forecast" and row["usd_bn"] is not None]
    inside = sum(row["p10"] <= row["usd_bn"] <= row["p90"] for row in known)
    return (
        f"80% intervals held {inside / len(known):.0%} of {len(known):,} outcomes" if known else "no outcome is known"
    )


def _held(rows: Rows) -> str:
    known = [row for row in rows if row["kind"] == "forecast" and row["usd_bn"] is not None]
    parts = []
    for vendor in dict.fromkeys(row["vendor"] for row in known):
        mine = [row for row in known if row["vendor"] == vendor]
        inside = sum(row["p10"] <= row["usd_bn"] <= row["p90"] for row in mine)
        parts.append(f"{vendor} {inside} of {len(mine)}")
    return "Inside the 80% interval, of all quarters forecast on any day: " + "; ".join(parts) + "."


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


def _at_80(rows: Rows) -> Rows:
    return [row for row in rows if abs(row["nominal"] - 0.8) < 1e-9]


def _calibration_found(rows: Rows) -> str:
    held = [row["empirical"] for row in _at_80(rows)]
    return f"80% intervals held {min(held):.0%} to {max(held):.0%} of outcomes, by quarters ahead"


def _calibrated(rows: Rows) -> str:
    outside = [r for r in rows if not r["band_low"] <= r["empirical"] <= r["band_high"]]
    first, *_, last = _at_80(rows)
    pools = [f"{row['n']} with {row['horizon']} to go ({row['pool']})" for row in (first, last)]
    return (
        f"{len(outside)} of {len(rows)} points lie outside the range that chance alone allows in 90% of cases. Forecasts of four segments "
        f"together, one a quarter each, by quarters ahead: {pools[0]}, {pools[1]}, of which {last['n_eff']:.0f} count as "
        "independent, because forecasts that far ahead overlap."
    )


def _skill_found(rows: Rows) -> str:
    """Where the skill's interval lies above zero."""
    parts = []
    for baseline in dict.fromkeys(row["baseline"] for row in rows):
        better = [row["horizon"] for row in rows if row["baseline"] == baseline and row["ci05"] > 0]
        parts.append(f"better than {baseline} at {listed(better)}" if better else f"not better than {baseline}")
    return ", ".join(parts) + " quarters ahead"


def _skilled(rows: Rows) -> str:
    parts = []
    for baseline in dict.fromkeys(row["baseline"] for row in rows):
        mine = [row for row in rows if row["baseline"] == baseline]
        worse = [row["horizon"] for row in mine if row["ci95"] < 0]
        level = [row["horizon"] for row in mine if row["ci05"] <= 0 <= row["ci95"]]
        found = (("not told apart", level), ("worse", worse))
        said = [f"{word} at {listed(h)}" for word, h in found if h]
        parts += [f"Against {baseline}: {'; '.join(said)} quarters ahead. "] if said else []
    counts = [f"{row['n']} with {row['horizon']} to go" for row in (rows[0], rows[-1])]
    return (
        "".join(parts)
        + f"Forecasts of the same four segments, {', '.join(counts)}. {rows[0]['recalled_share']:.0%} of the outcomes are recalled, not read in a document."
    )


PANELS = {
    "spliced": "all, one forecast a quarter",
    "spliced_every_origin": "all, from every day with news",
    "verified_only": "read in documents only",
    "within_definition": "without changed definitions",
    "without_intel": "without Intel",
}

SECTION = Section(
    60, "Backtest", "How good were the forecasts?",
    "The procedure was run again on past days and saw only what was public then; that is what “backtested” means, not that "
    "a forecast passed. How far it fell short stands here.",
    [
        Figure("past_forecasts", "Past forecasts over what came",
            "USD billion a quarter, up to eight quarters ahead", ["vendor_quarters_vintages", "capex_quarters_vintages"], _past, _held,
            "Each fan was made by the procedure that makes today's, from what was public on its day. Two priors of the "
            "spending ceiling are of 2026.", height=340, finding=_all_held,
            key="Fans: 80% interval and median at each origin. Dots: first-reported figures."),
        Figure("calibration", "Calibration", "share of outcomes inside; bars: range in which 90% of calibrated "
            "forecasts would lie; black ticks: promised", ["vendor_quarters_vintages"], _calibration, _calibrated,
            "Capital expenditure is scored apart: pooled-capex in forecast.calibration.", finding=_calibration_found),
        Figure("skill", "Against simple rules", "skill: the part of the rule's error that is gone; bars: 90% bootstrap intervals",
            ["vendor_quarters_vintages"],
            lambda rows, _: _ranges(rows, "skill", "ci05", "ci95", "baseline"), _skilled,
            "The error is the log WIS (weighted interval score), which counts how far and how wide a whole forecast is off. "
            "Last value: nothing changes. Log-drift: growth goes on as on average so far.", finding=_skill_found),
    ],
    [
        Listing("leaderboard", "Skill of every model by quarters ahead; above 0 is better than the rule", [
            ("model", lambda r: plain(r["model_id"])),
            *((f"last value, {h}", skill(f"naive_{h}")) for h in (1, 2, 4, 8)),
            *((f"log-drift, {h}", skill(f"drift_{h}")) for h in (1, 2, 4, 8)),
        ], "Each skill is on the targets that both the model and the rule forecast: guidance exists for few, and mostly easy, "
           "ones, so its rows compare with the rules and not with other models. Recommended: what this page shows; unbounded: "
           "without the ceiling of what capital expenditure can pay for; raw guidance: the company's own figure; median beat: "
           "that, with the usual margin by which it is beaten."),
        Listing("panels", "Recommended model against the last value, on each choice of outcomes", [
            ("outcomes", lambda r: PANELS.get(r["panel"], plain(r["panel"]))), ("quarters ahead", "horizon"), ("skill", skill("skill_vs_naive")),
            ("90% interval", lambda r: f"{signed(r['ci05'])} to {signed(r['ci95'])}"), ("forecasts", "n"),
            ("independent", shown("n_eff", "{:.0f}".format)), ("recalled", percent("recalled_share")),
        ]),
    ],
)  # fmt: skip
