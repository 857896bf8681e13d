"""Where the price of a GPU-hour is going."""

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import INK, Chart, Rows, data, time, tips
from pipeline.report.section import Figure, Listing, Section, interval, percent, shown, skill
from pipeline.report.text import Cell, evidence, span


def _draw(rows: Rows, as_of: str) -> Chart:
    """The index in USD as dots, the forecast as a fan."""
    past, ahead = ([row for row in rows if row["is_past"] is kind] for kind in (True, False))
    dots = alt.Chart(data(past)).encode(x=time(), y="p50:Q", tooltip=tips("period_end:T", "p50:Q"))
    told = charts.hover(ahead, "period_end:T", "p05:Q", "p50:Q", "p95:Q")
    line = dots.mark_line(color=INK, strokeWidth=1.25, point={"color": INK})
    return alt.layer(*charts.bands(ahead, [("p05", "p95"), ("p25", "p75")]), charts.today(as_of), line, told)


def _describe(rows: Rows) -> str:
    ends = [row for row in rows if not row["is_past"]][-1:]
    return " ".join(
        f"Forecast for {row['period_end']:%B %Y}: {span(row['p05'], row['p50'], row['p95'])}, 90% interval."
        for row in ends
    )


def _figure(chip: str, title: str, note: str = "") -> Figure:
    return Figure(
        f"rent_{chip}".replace("-", "_"), title, "USD per chip-hour, on demand", ["rental_rate_cards"], _draw, _describe,
        note, 220, "Dots: matched index at the newest list price. Fan: 90% and 50% interval.", "rental_prices", {"chip": chip},
    )  # fmt: skip


SECTION = Section(
    31, "Rents", "Where the price of a GPU-hour is going",
    "No model of two was surely better than “no change”, so that is the forecast; what it adds is how far rents may move. List "
    "prices of smaller clouds on demand, not transactions: contracts are a third to a half cheaper.",
    [
        _figure("nvidia-h100-sxm", "H100", "Months that the index withholds have no dot."),
        _figure("nvidia-h200-sxm", "H200"),
        _figure("nvidia-b200", "B200"),
        _figure("nvidia-a100-sxm-80gb", "A100"),
    ],
    [
        Listing("terms", "Rents in two years, and what a commitment costs today, USD per chip-hour", [
            ("chip", "chip"), ("out of", lambda r: r["rent_basis"].replace("_", " ")),
            ("list price now", shown("last_usd_per_chip_hour", "{:.2f}".format)), ("month", "target_period"),
            ("median (80% interval)", interval("p10", "p50", "p90")),
            ("committed", lambda r: r["committed_usd_per_chip_hour"] and Cell(
                f"{r['committed_usd_per_chip_hour']:.2f} ({r['committed_terms'].replace('_', ' ')}, {r['committed_priced_on']})",
                r["committed_usd_per_chip_hour"])),
            ("evidence", lambda r: evidence(r["evidence_class"])),
        ], "A commitment is a term, no forward: a GPU-hour can't be stored. Measured tokens: a prior for a chip without an index, "
           "out of what it serves in MLPerf Inference beside a B200."),
        Listing("scores", "Past forecasts of rents against no change, all chips together", [
            ("months ahead", "horizon"), ("model", "model_id"), ("skill", skill("skill")),
            ("90% interval", lambda r: None if r["ci05"] is None else f"{r['ci05']:+.2f} to {r['ci95']:+.2f}"),
            ("in the 80% interval", percent("coverage_80")), ("forecasts", "n"), ("of them apart", shown("n_eff", "{:.0f}".format)),
        ], "Skill is the share of the error saved. Forecasts overlap and the chips move together, so few are apart."),
    ],
)  # fmt: skip
