"""Words and figures as a reader sees them: honest rounding, plain words for evidence, cells of tables."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]

# Every forecast says in one plain word what it rests on; the tables' own term is in the page's key. `tested` alone would
# read as if the forecast had passed.
EVIDENCE = {"tested": "backtested", "anchored_prior": "assumption-based", "scenario": "scenario", "fact": "fact"}
# What a reader sees in place of a column's name.
COLUMNS = {
    "p05": "5% lie below",
    "p10": "10% lie below",
    "p25": "25% lie below",
    "p50": "median",
    "p75": "75% lie below",
    "p90": "90% lie below",
    "p95": "95% lie below",
    "n eff": "independent",
    "usd bn": "USD billion",
}
REASONS = {
    "new_truth": "new results reported",
    "new_guidance": "new guidance",
    "truth_of_others": "results of other companies",
    "new_estimates": "new estimates or disclosures",
    "revised_truth": "past results revised",
    "assumption": "an assumption changed",
    "model": "a model changed",
    "code": "code changed",
}


@dataclass(frozen=True)
class Cell:
    """What one table cell shows; `value` is the exact figure behind rounded text, `href` an address of the source."""

    text: str
    value: float | None = None
    href: str | None = None


def plain(word: str) -> str:
    """An identifier as words."""
    words = word.replace("_", " ").replace("-", " ")
    return COLUMNS.get(words, words)


def evidence(word: str | None) -> str:
    """The plain word for an evidence class."""
    return EVIDENCE.get(word or "", plain(word or "not stated"))


def reason(word: str | None) -> str:
    """The plain words for why a forecast moved."""
    return REASONS.get(word or "", plain(word or "not stated"))


def number(value: float, digits: int = 3) -> str:
    """A figure to significant digits, with thousands separators; very large and small ones in powers of ten.

    A whole figure gets no decimals: `48`, not `48.0`.
    """
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if not -4 <= exponent <= 9:
        return f"{value:.{digits - 1}e}".replace("e+", "e").replace("-", "−")
    places = min(digits - 1 - exponent, 0) if value == int(value) else digits - 1 - exponent
    return f"{round(value, places):,.{max(places, 0)}f}".replace("-", "−")


def rounded(p10: float, p50: float, p90: float) -> tuple[str, str, str]:
    """Low, median and high to the step at which the interval's width has two digits: no precision that is not there."""
    width = abs(p90 - p10)
    if not math.isfinite(width) or width == 0 or abs(p50) >= 1e7 or width < 1e-4:
        return number(p10, 2), number(p50, 2), number(p90, 2)
    places = 1 - math.floor(math.log10(width))
    shown = (f"{round(value, places) + 0.0:,.{max(places, 0)}f}".replace("-", "−") for value in (p10, p50, p90))
    low, middle, high = shown
    return low, middle, high


def signed(value: float) -> str:
    """A skill or change with its sign; what rounds to zero has none."""
    return f"{value:+.2f}".replace("-", "−") if abs(value) >= 0.005 else "0.00"


def listed(numbers: Sequence[int]) -> str:
    """`1–3, 5`: whole numbers in order, runs joined."""
    runs: list[list[int]] = []
    for value in numbers:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def span(p10: float | None, p50: float | None, p90: float | None, percent: bool = False) -> str:
    """`142 (130 to 154)`; shares as percent."""
    scale, sign = (100, "%") if percent else (1, "")
    if p50 is None:
        return "–"
    if p10 is None or p90 is None or p10 == p90:
        return number(p50 * scale) + sign
    low, middle, high = rounded(p10 * scale, p50 * scale, p90 * scale)
    return f"{middle}{sign} ({low} to {high}{sign})"


_SIZES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def worded(p10: float | None, p50: float, p90: float | None) -> str:
    """A figure with its range as it is said: `133 billion`, `1.9 (1.5 to 2.4) million`, never in powers of ten."""
    size, name = next((one for one in _SIZES if abs(p50) >= one[0]), (1.0, ""))
    return " ".join(filter(None, (span(p10 and p10 / size, p50 / size, p90 and p90 / size), name)))


def day(value: date | None) -> str:
    """`23 November 2026`."""
    return f"{value.day} {value:%B %Y}" if value else "an unknown day"


def cell(value: object, digits: int = 4) -> Cell:
    """Any value of a table as a cell."""
    if isinstance(value, Cell):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Cell("–")
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, int):
        return Cell(str(value) if 1900 <= value <= 2100 else f"{value:,}", value)
    if isinstance(value, float):
        return Cell(number(value, digits), value)
    return Cell(str(value))


def link(label: str, address: str | None) -> Cell:
    """A label that leads to a web address; any other kind of address stays out."""
    return Cell(label, href=address if address and address.startswith(("https://", "http://")) else None)
