"""What each chart of the page shows: title, unit, SQL, drawing and the sentence that says it in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.report import charts, queries, queries_market
from pipeline.report.charts import Chart, Rows
from pipeline.report.text import listed, number, plain, span


@dataclass(frozen=True)
class Figure:
    """One chart. `facts` are the market tables behind it, for the line that names the sources."""

    name: str
    title: str
    unit: str
    sql: str
    facts: tuple[str, ...]
    draw: Callable[[Rows, str], Chart]
    describe: Callable[[Rows], str]
    note: str = ""
    height: int = 260
    key: str = ""  # what the marks mean, for the slide; the page has one key for all


def _percent(rows: Rows) -> str:
    first, last = rows[0], rows[-1]
    return (
        f"Inference has a median share of {span(first['p10'], first['p50'], first['p90'], percent=True)} in "
        f"{first['target_period']} and {span(last['p10'], last['p50'], last['p90'], percent=True)} in "
        f"{last['target_period']} (80% intervals). Training and R&D have the rest."
    )


def _revenue(rows: Rows) -> str:
    actual = [row for row in rows if row["kind"] == "actual"]
    forecast = [row for row in rows if row["kind"] == "forecast"]
    parts = [f"Last actual, {row['period']}: {number(row['usd_bn'])}. Forecast (80% intervals):" for row in actual[-1:]]
    for row in dict.fromkeys((0, min(3, len(forecast) - 1))) if forecast else ():
        at = forecast[row]
        parts.append(f"{at['period']}: {span(at['p10'], at['p50'], at['p90'])}.")
    return " ".join(parts)


def _fleet(rows: Rows) -> str:
    known = [row for row in rows if not row["is_forecast"]]
    ahead = [row for row in rows if row["is_forecast"]]
    parts = []
    for label, row in (("Estimated", known[-1:]), ("Forecast", ahead[-1:])):
        parts += [
            f"{label} for the end of {r['period']}: {span(r['p05'], r['p50'], r['p95'])}, 90% interval." for r in row
        ]
    carried = sorted({r["extrapolated_designers"] for r in known if r["extrapolated_designers"]})
    if carried:
        parts.append(f"Carried forward, not observed, in the newest quarters: {', '.join(carried)}.")
    return " ".join(parts)


def _newest(series: str, period: str, value: Callable[[dict], str]) -> Callable[[Rows], str]:
    def describe(rows: Rows) -> str:
        last = {row[series]: row for row in rows}
        newest = {row[period] for row in last.values()}
        parts = [
            f"{key} {value(dict(row))}" + (f" ({row[period]})" if len(newest) > 1 else "") for key, row in last.items()
        ]
        date = next(iter(newest)) if len(newest) == 1 else ""
        return f"Newest{f', {date:%B %Y}' if hasattr(date, 'year') else ''}: " + "; ".join(parts) + "."

    return describe


def _index(row: dict) -> str:
    count = row.get("providers") or row.get("models")
    return f"{row['index']:.1f}" + (f" (n = {count})" if count else "")


def _frontier(rows: Rows) -> str:
    last = {row["kind"]: row for row in rows}
    first = {row["kind"]: row for row in reversed(rows)}
    parts = [
        f"{kind}: lowest {number(first[kind]['frontier'])} in {first[kind]['month']:%B %Y}, "
        f"{number(row['frontier'])} by {row['month']:%B %Y}"
        for kind, row in last.items()
    ]
    return "USD per H100e-hour, " + "; ".join(parts) + "."


def _calibration(rows: Rows) -> str:
    outside = [r for r in rows if not r["band_low"] <= r["empirical"] <= r["band_high"]]
    at = [r for r in rows if abs(r["nominal"] - 0.8) < 1e-9]
    held = ", ".join(f"{r['empirical']:.0%} ({r['horizon']})" for r in at)
    return (
        f"80% intervals held the outcome in {held} of cases (quarters ahead in brackets). "
        f"{len(outside)} of {len(rows)} points lie outside the range that chance alone allows in 90% of cases."
    )


def _past(rows: Rows) -> str:
    known = [row for row in rows if row["kind"] == "forecast" and row["usd_bn"] is not None]
    inside = sum(row["p10"] <= row["usd_bn"] <= row["p90"] for row in known)
    origins = len({row["origin_date"] for row in known})
    return f"Of {len(known)} quarters forecast at {origins} origins, {inside} lay inside the 80% interval."


def _skill(rows: Rows) -> str:
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


def _buckets(rows: Rows) -> str:
    newest = [row for row in rows if row["year"] == rows[-1]["year"]]
    spans = [span(row["p10"], row["p50"], row["p90"], percent=True) for row in newest]
    parts = [f"{row['label'][0].lower()}{row['label'][1:]} {said}" for row, said in zip(newest, spans, strict=True)]
    return f"{newest[0]['year']}: " + "; ".join(parts) + " (80% intervals)."


FAN_KEY = "Fan: 80% and 50% interval. Line: median, dashed where assumption-based. Upright line: as-of day."
_ACCOUNTINGS = {
    "chip_hours": ("Share of chip-hours", "% of H100e-hours of the running fleet (16-bit dense)"),
    "executed_flop": ("Share of executed FLOP", "% of floating-point operations that ran"),
    "dollars": ("Share of dollars", "% of the cost of the hours, USD"),
}
SHARES = [
    Figure(
        f"inference_share_{key}", title, unit, queries.SHARE.replace("{entity}", key),
        ("compute_split", "chip_shipments"), charts.share, _percent, height=185, key=FAN_KEY,
    )
    for key, (title, unit) in _ACCOUNTINGS.items()
]  # fmt: skip

_VENDORS = {
    "merchant_dc_silicon_total": ("Sum of the four segments", "NVIDIA Data Center, AMD Data Center, Intel DCAI and "
        "Broadcom AI, with networking and CPUs. Not the market. Nobody guides this sum."),
    "nvidia-data-center": ("NVIDIA Data Center", "With networking. NVIDIA guides its total only: next chart."),
    "nvidia-total": ("NVIDIA, all revenue", "Diamonds are NVIDIA's own guidance."),
    "broadcom-ai": ("Broadcom AI semiconductors", "Management's figure, not a segment; overlaps Google's TPU cost. Diamonds "
        "are guidance."),
    "amd-data-center": ("AMD Data Center", "Instinct and EPYC: CPUs are in."),
    "intel-dcai": ("Intel DCAI", "The line breaks where Intel changed the definition."),
    "marvell-data-center": ("Marvell Data Center", "Too short a history to be tested; outside the sum."),
    "tsmc-hpc": ("TSMC, high-performance computing", "Upstream of all others: never added to them."),
    "capex-five-firms": ("Capital expenditure of five hyperscalers", "Cash, Amazon, Alphabet, Microsoft, Meta and "
        "Oracle. What the buyers spend on everything, beside what the vendors sell."),
}  # fmt: skip


def _vendor(entity: str, title: str, note: str) -> Figure:
    actuals = {"merchant_dc_silicon_total": queries.ACTUALS_TOTAL, "capex-five-firms": queries.ACTUALS_CAPEX}
    sql = actuals.get(entity, queries.ACTUALS) + queries.FORECAST + (queries.GUIDANCE if entity not in actuals else "")
    facts = ("capex_quarters",) if entity.startswith("capex") else ("vendor_quarters",)
    sql = sql.replace("{entity}", entity) + "\norder by kind, period_end"
    key = f"{FAN_KEY} Dots: actual, hollow where recalled or estimated. Diamonds: the company's guidance."
    unit = "USD billion per quarter"
    name = f"revenue_{entity}".replace("-", "_")
    return Figure(name, title, unit, sql, facts, charts.revenue, _revenue, note, 220, key)


VENDORS = [_vendor(entity, *text) for entity, text in _VENDORS.items()]

FLEET = [
    Figure("fleet", "Operational fleet, tracked designers together",
        "million H100e, 16-bit dense, running at the end of the quarter", queries.FLEET, ("chip_shipments",),
        charts.fleet, _fleet,
        "The sum is made on simulated paths, not from medians.",
        key="Fan: 90% interval. Upright line: as-of day."),
    Figure("fleet_by_designer", "Operational fleet by designer", "H100e, 16-bit dense, logarithmic axis", queries.DESIGNERS,
        ("chip_shipments",), charts.designers,
        _newest("designer", "period", lambda r: f"{r['p50'] / 1e6:.2g} million"),
        "Lines are medians with 90% intervals. They are not stacked: medians do not add up."),
]  # fmt: skip
PRICES = [
    Figure("rental_index", "Rental offers of accelerators", "matched index of USD per chip-hour, on demand, first month = 100",
        queries_market.RENTAL, ("rental_rate_cards",),
        lambda rows, _: charts.lines(rows, "chip", False, "matched_providers:Q", "usd_per_chip_hour_median:Q"),
        _newest("chip", "month", _index),
        "Offers, not transactions, without hyperscalers. Each month is compared with the newest earlier month that has three "
        "providers in common; months with fewer than three providers, or under 60% of those of the last six months, are "
        "withheld. How months are matched decides the result: market.rental_price_index has the alternatives beside it."),
    Figure("token_index", "Token prices", "index of USD per million tokens, first month = 100, logarithmic axis",
        queries_market.TOKENS, ("token_price_index",), lambda rows, _: charts.lines(rows, "method", True, "models:Q"),
        _newest("method", "month", _index),
        "Matched models follows the same models from month to month; median of list also moves with what is on the list. "
        "A fall in token prices is not a fall in the cost of compute."),
]  # fmt: skip
FRONTIER = Figure(
    "price_performance", "Price-performance frontier", "USD per H100e-hour, 16-bit dense peak, logarithmic axis",
    queries_market.PRICE_PERFORMANCE, ("price_performance",), charts.frontier, _frontier,
    "Lines are the lowest price so far. A bought chip's price is spread over four years without power, hosting or idle "
    "time, so it lies below rents. Consumer cards, and chips under a hundredth of an H100 at 16 bits, are left out. Peak rates, not what software reaches.", height=320,
)  # fmt: skip


def _need(rows: Rows) -> str:
    """The sentence that answers the section's question, at 50 tokens a second for the user."""
    cheapest: dict[str, float] = {}
    for row in rows:
        if row["speed"] >= 50:
            cheapest[row["chip"]] = min(row["usd_per_mtok"], cheapest.get(row["chip"], row["usd_per_mtok"]))
    ranked = sorted(cheapest.items(), key=lambda item: item[1])
    h100 = next((usd for chip, usd in ranked if "H100" in chip), None)
    if not ranked or h100 is None:
        return "No H100 was measured beside other chips at 50 tokens a second for the user."
    chip, usd = ranked[0]
    return (
        f"At 50 tokens a second for the user a million output tokens cost {number(usd)} USD on the {chip} and {number(h100)} on "
        f"an H100, {h100 / usd:.0f} times as much: nobody who serves this model at this speed needs an H100. "
        "In order: " + "; ".join(f"{name} {number(value)}" for name, value in ranked) + "."
    )


COSTS = [
    Figure("inference_cost_by_speed", "DeepSeek-R1: cost against speed for the user",
        "USD per million output tokens, the whole cost on output; 8,192 tokens in, 1,024 out", queries_market.COST_BY_SPEED,
        ("inference_benchmarks", "inference_costs"), charts.curves, _need,
        "SemiAnalysis InferenceX, best of all measured configurations with the median first token within 5 s, over a neocloud's "
        "cost of a chip-hour as SemiAnalysis quotes it. A point counts at its speed and below; nothing is drawn on. The H100's curve rests on 25 results of two "
        "days.", height=380),
    Figure("inference_cost_by_round", "Llama 2 70B without a bound on latency",
        "USD per million output tokens at the rental price nearest to the round, logarithmic axis", queries_market.COST_BY_ROUND,
        ("inference_benchmarks", "inference_costs", "rental_rate_cards"),
        lambda rows, _: charts.lines(rows, "chip", True, "usd_per_chip_hour:Q", "tokens_per_second_per_chip:Q"),
        _newest("chip", "month", lambda r: f"{r['index']:.2f} USD"),
        "MLPerf Inference, closed division, Offline, llama2-70b-99, rounds v4.1 to v6.0: median of the round over accelerators, "
        "derived and no official metric. MLPerf is a registered trademark of MLCommons."),
]  # fmt: skip
TESTS = [
    Figure("past_forecasts", "What was forecast, and what came: NVIDIA Data Center",
        "USD billion a quarter, logarithmic axis; one origin a year, eight quarters ahead",
        queries.PAST_FORECASTS.replace("{entity}", "nvidia-data-center"), ("vendor_quarters",), charts.past, _past,
        "Each fan was made by the procedure that makes today's, from what was public on its day. Two priors of the "
        "spending ceiling are of 2026.", height=340,
        key="Fans: 80% interval and median at each origin. Dots: first-reported revenue."),
    Figure("calibration", "Did the intervals hold?", "share of outcomes inside; bars: range in which 90% of calibrated "
        "forecasts would lie; black ticks: promised", queries_market.CALIBRATION, ("vendor_quarters",),
        lambda rows, _: charts.ranges([{**r, "promised": f"{r['nominal']:.0%} interval"} for r in rows],
            "empirical", "band_low", "band_high", "promised", "nominal"), _calibration,
        "Recommended model, all vendors and hyperscalers of the panel together. Overlapping forecasts count less: "
        "see n_eff in the data."),
    Figure("skill", "Better than a simple rule?", "skill: 1 minus log WIS over the rule's, on the same targets; "
        "bars: 90% bootstrap intervals", queries_market.SKILL, ("vendor_quarters",),
        lambda rows, _: charts.ranges(rows, "skill", "ci05", "ci95", "baseline"), _skill,
        "Above zero is better than the rule."),
]  # fmt: skip
BUCKETS = {
    "llm_inference": "Tokens that are disclosed",
    "final_training_runs": "Final training runs",
    "other_rnd": "Other R&D",
    "unexplained_inference": "Unexplained inference",
    "unexplained_training_and_rnd": "Unexplained training",
    "unexplained": "Residual, all unexplained",
}


def labelled(rows: Rows) -> list[dict]:
    """Rows of the reconciliation with plain labels, in the order in which they are shown."""
    place = list(BUCKETS)
    found = [{**row, "label": BUCKETS.get(row["bucket"], plain(row["bucket"]))} for row in rows]
    return sorted(found, key=lambda row: (row["year"], place.index(row["bucket"])))


RECONCILIATION = Figure(
    "reconciliation", "What explains the fleet's hours", "% of the tracked fleet's H100e-hours in the year",
    queries_market.RECONCILIATION, ("token_usage", "training_runs", "chip_shipments"),
    lambda rows, _: charts.buckets(labelled(rows)), lambda rows: _buckets(labelled(rows)),
    "Medians need not add to 100%. A residual below zero means that on those paths the bottom-up sum is larger than the "
    "capacity. Tokens are never scaled to close the gap.", height=330,
)  # fmt: skip


def _beside(rows: Rows) -> str:
    inside = sum(row["low"] <= row["theirs"] <= row["high"] for row in rows)
    far = sorted(rows, key=lambda row: abs(row["theirs"] - 1), reverse=True)[:2]
    said = "; ".join(f"{row['label']}, {row['theirs']:.0%} of our median" for row in far)
    return f"{inside} of {len(rows)} published figures lie inside our interval. Furthest off: {said}."


OTHERS = Figure(
    "others", "Forecasts of others beside ours", "% of our median, logarithmic axis", queries_market.BESIDE,
    ("published_forecasts", "compute_split"), lambda rows, _: charts.beside(rows), _beside,
    "Definitions are close, not equal: the table says what still differs. Some of the figures are what we rest on.",
    height=430, key="Bar: our 80% interval (90% where the past is estimated). Line: our median. Diamond: the published figure.",
)  # fmt: skip
