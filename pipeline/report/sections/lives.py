"""How long a bought GPU earns its keep, against the life in the books."""

from pipeline.report.section import Listing, Section, Show, interval, percent, shown
from pipeline.report.text import Cell, Row, evidence, span

LONGEST = 15.0  # rent_life_last_age of forecast.assumptions: no longer life is told apart


def _years(name: str) -> Show:
    def show(row: Row) -> Cell:
        low, middle, high = (row[f"{name}_{level}"] for level in ("p10", "p50", "p90"))
        return Cell(f"{_year(middle)} ({_year(low)} to {_year(high)})", middle)

    return show


def _year(years: float) -> str:
    return f"over {LONGEST:.0f}" if years >= LONGEST else f"{years:.1f}"


SECTION = Section(
    32, "Lives", "How long a GPU earns its keep",
    "By rents nobody has to write off faster: a chip bought now pays for itself in about three years, and its rent covers power "
    "and space for longer than the five to six years of the books. That is no age that machines reach.",
    tables=[
        Listing("lives", "An owner’s answer by chip and day of purchase, 80% intervals", [
            ("chip", "chip"), ("bought on", "purchased_on"), ("chip, USD", shown("chip_usd", "{:,.0f}".format)),
            ("paid back after, years", _years("pay_back")),
            ("return a year", lambda r: Cell(f"{r['return_p50']:.0%} ({r['return_p10']:.0%} to {r['return_p90']:.0%})", r["return_p50"])),
            ("rent covers costs for, years", _years("life")), ("yearly fall that makes it six", percent("fall_p50")),
            ("as answered on", "answered_on"), ("evidence", lambda r: evidence(r["evidence_class"])),
        ], "Forecast of rents for two years, then a fall of 3 to 28% a year; 50 to 72% of the list price for 60 to 95% of the hours; "
           "power and space are paid, staff, interest and tax are not counted. All of it stands in forecast.assumptions."),
        Listing("since", "What the answer of the end of 2024 said of list rents since, USD per chip-hour", [
            ("chip", "chip"), ("as answered on", "answered_on"),
            ("forecast (80% interval)", lambda r: Cell(span(r["p10"], r["p50"], r["p90"]), r["p50"])),
            ("was", shown("actual", "{:.2f}".format)),
        ], "Two chips only had a history by then. Prices and priors of the answer are today’s."),
        Listing("books", "Yearly depreciation if servers were written off over the life by rent of an H100, USD billion", [
            ("company", "company"), ("year to", "year_to"), ("servers’ life in the books, years", shown("book_life_years", "{:g}".format)),
            ("as filed", shown("filed_usd_bn", "{:.1f}".format)), ("at the life by rent (80% interval)", interval("p10", "p50", "p90")),
            ("evidence", lambda r: evidence(r["evidence_class"])),
        ], "A life is counted to 15 years at most. Steady state; buildings and networks stay as filed. The lines of Meta and CoreWeave hold more than "
           "property; CoreWeave’s is of four quarters of which two are differences."),
    ],
)  # fmt: skip
