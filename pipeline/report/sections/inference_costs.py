"""What serving a model costs on which chip, with a bound on latency and without."""

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import BLUE, INK, PALETTE, Chart, Rows, data, tips, value
from pipeline.report.section import Figure, Listing, Section, interval, newest, percent, shown
from pipeline.report.text import day, number, span


def _curves(rows: Rows, as_of: str) -> Chart:
    """What a token costs against the speed that the user sees, one line per chip, cost on a log axis."""
    base = alt.Chart(data(rows)).encode(
        x=alt.X("speed:Q", axis=alt.Axis(title="output tokens per second per user", tickCount=6)),
        y=value("usd_per_mtok", log=True, form=",~g"),
        color=charts.colour("chip", [*PALETTE, INK]),
    )
    told = tips("chip:N", "speed:Q", "usd_per_mtok:Q", "weight_precision:N", "speculative_decoding:N", "published_on:N")
    return base.mark_line(point=alt.OverlayMarkDef(size=24)).encode(tooltip=told)


def _ranked(rows: Rows) -> list[tuple[str, float]]:
    """The chips by what a million tokens cost at 50 tokens a second for the user or more, cheapest first."""
    cheapest: dict[str, float] = {}
    for row in rows:
        if row["speed"] >= 50:
            cheapest[row["chip"]] = min(row["usd_per_mtok"], cheapest.get(row["chip"], row["usd_per_mtok"]))
    return sorted(cheapest.items(), key=lambda item: item[1])


def _need(rows: Rows) -> str:
    """The finding that answers the section's question."""
    ranked = _ranked(rows)
    h100 = next((usd for chip, usd in ranked if "H100" in chip), None)
    if not ranked or h100 is None:
        return "no H100 was measured beside other chips at 50 tokens a second"
    chip, usd = ranked[0]
    return f"at 50 tokens a second an H100 costs {h100 / usd:.0f} times what the {chip} does"


def _order(rows: Rows) -> str:
    said = "; ".join(f"{name} {number(usd)}" for name, usd in _ranked(rows))
    return f"USD per million output tokens at 50 tokens a second for the user: {said}."


def _halved(rows: Rows) -> str:
    """The newest figure of the cheapest chip beside the H100's newest."""
    last = {row["chip"]: row["index"] for row in rows}
    chip = min(last, key=last.__getitem__)
    h100 = next((usd for name, usd in last.items() if "H100" in name), None)
    return f"{chip} {last[chip]:.2f} USD" + (f", H100 {h100:.2f}" if h100 else "")


def _parts(rows: Rows) -> tuple[Rows, Rows]:
    return [row for row in rows if row["kind"] == "measured"], [row for row in rows if row["kind"] == "forecast"]


def _ahead(rows: Rows, as_of: str) -> Chart:
    """The cheapest measured cost so far in steps, and the fan that follows from it, cost on a log axis."""
    measured, forecast = _parts(rows)
    base = alt.Chart(data(forecast)).encode(x=charts.time())
    steps = alt.Chart(data(measured)).mark_line(
        color=INK, interpolate="step-after", point=alt.OverlayMarkDef(color=INK)
    )
    return alt.layer(
        base.mark_area(opacity=0.2, color=BLUE).encode(y=value("p10", log=True, form=",~g"), y2="p90"),
        base.mark_line(color=BLUE, strokeDash=[6, 4]).encode(
            y=value("p50", log=True, form=",~g"), tooltip=tips("period_end:T", "p10:Q", "p50:Q", "p90:Q")
        ),
        steps.encode(
            x=charts.time(), y=value("p50", log=True, form=",~g"), tooltip=tips("chip:N", "period_end:T", "p50:Q")
        ),
        charts.today(as_of),
    )


def _fall(rows: Rows) -> str:
    measured, forecast = _parts(rows)
    if not measured or not forecast:
        return "too little was known by then"
    end = forecast[-1]
    return f"{number(measured[-1]['p50'])} USD measured, {span(end['p10'], end['p50'], end['p90'])} in {end['period_end']:%Y}"


def _start(rows: Rows) -> str:
    measured, forecast = _parts(rows)
    if not measured or not forecast:
        return ""
    first, last, start = measured[0], measured[-1], forecast[0]
    return (
        f"Measured: {number(first['p50'])} USD on {day(first['period_end'])}, {number(last['p50'])} on {day(last['period_end'])}, each "
        f"at the chip-hour's price of its time. The fan starts from the same chip at the price of {day(start['period_end'])}, "
        f"{number(start['p50'])}, and goes on as software and chips did in the benchmarks. These differ so much that its upper part "
        "first stands above the lowest cost measured: that nothing gets cheaper for some months is not excluded."
    )


SECTION = Section(
    50, "Inference costs", "Does anybody need an H100?",
    "To serve a large model at a speed that users accept, newer chips cost a small fraction of what an H100 does; without a "
    "bound on latency the gap is about twofold, and small models still run well on cheap cards. A stated price of the hour "
    "over measured throughput: benchmarks run at full load, production does not.",
    [
        Figure("inference_cost_by_speed", "DeepSeek-R1, cost against speed for the user",
            "USD per million output tokens, the whole cost on output; 8,192 tokens in, 1,024 out",
            ["inference_benchmarks", "inference_costs"], _curves, _order,
            "SemiAnalysis InferenceX, best of all measured configurations with the median first token within 5 s, over a "
            "neocloud's cost of a chip-hour as SemiAnalysis quotes it. A point counts at its speed and below; nothing is drawn "
            "on. The H100's curve rests on 25 results of two days.", height=380, finding=_need),
        Figure("inference_cost_by_round", "Llama 2 70B without a bound on latency",
            "USD per million output tokens at the rental price nearest to the round",
            ["inference_benchmarks", "inference_costs", "rental_rate_cards"],
            lambda rows, _: charts.lines(rows, "chip", True, "usd_per_chip_hour:Q", "tokens_per_second_per_chip:Q"),
            newest("chip", "month", lambda r: f"{r['index']:.2f} USD (n = {r['results']})", day),
            "MLPerf Inference, closed division, Offline, llama2-70b-99, rounds v4.1 to v6.0: median of the round over "
            "accelerators, derived and no official metric. MLPerf is a registered trademark of MLCommons.", finding=_halved),
        Figure("cost_ahead", "DeepSeek-R1 at 50 tokens a second for the user, to 2030",
            "USD per million output tokens on the cheapest chip, the whole cost on output",
            ["inference_benchmarks", "inference_costs"], _ahead, _start,
            "Steps: best measured so far over a neocloud's quoted cost of a chip-hour. Fan: 80% interval; MLPerf and InferenceX "
            "count alike. An assumption, not a backtested forecast.", finding=_fall,
            key="Steps: measured. Fan: 80% interval. Dashed: median, assumption-based. Upright line: as-of day."),
    ],
    [
        Listing("cheapest", "Cheapest chip for DeepSeek-R1 (8,192 tokens in, 1,024 out) by speed for the user and price of a "
            "chip-hour, USD per million output tokens", [
            ("tokens/s/user", "speed"), ("price of the hour", "price"), ("cheapest", "chip"),
            ("cost (80%)", interval("p10", "p50", "p90")), ("surely cheaper than the next", percent("chance")),
            ("H100", shown("h100", number)), ("times", shown("h100_times", "{:.0f}".format)), ("priced on", "priced_on"),
            ("timing", "price_timing"),
        ], "Each basis compares only the chips that it prices. Quoted costs are SemiAnalysis' estimates."),
    ],
)  # fmt: skip
