"""The article's claims, judged by the release."""

import re

from pipeline.report.section import Listing, Section, percent
from pipeline.report.text import Cell, Row, plain, worded


def ours(row: Row) -> Cell:
    """Our figure with its interval; years are not rounded."""
    if row["unit"] == "year" and row["our_p50"] is not None:
        low, middle, high = (f"{row[name]:.0f}" for name in ("our_p10", "our_p50", "our_p90"))
        return Cell(middle if low == high else f"{middle} ({low} to {high})", row["our_p50"])
    if row["our_p50"] is None:
        return Cell("–")
    return Cell(f"{worded(row['our_p10'], row['our_p50'], row['our_p90'])} {_unit(row)}".strip(), row["our_p50"])


# What the claims' units mean in words; the others are words already.
UNITS = {
    "ratio": "times", "x": "times", "x / ratio": "times", "x lower": "times lower", "qual": "", "count": "", "n": "", "share": "",
    "pp": "percentage points", "bn": "billion", "bn params": "billion parameters", "trillion params": "trillion parameters",
    "USD bn": "USD billion", "USD bn/yr": "USD billion a year", "USD/h": "USD an hour", "%/yr": "% a year",
    "tokens/day": "tokens a day", "tokens/yr": "tokens a year", "year": "", "growth ratio": "times",
}  # fmt: skip


def _unit(row: Row) -> str:
    return UNITS.get(row["unit"], row["unit"] or "")


def _article(row: Row) -> str:
    """The article's figure; powers of ten as words, ranges and bounds as they are."""
    figure = re.sub(
        r"\d+(\.\d+)?e\d+|\d{5,}", lambda found: worded(None, float(found[0]), None), row["article_value"] or ""
    )
    return " ".join(part for part in (re.sub(r"(?<=\w)-", "–", figure), _unit(row)) if part)


SECTION = Section(
    90, "Claims", "Claims scorecard",
    "The article is “AI Compute Workloads Shift: Training vs. Inference and the Impact on Chip Leaders”, written by ChatGPT's "
    "research function in February 2025. Each of its figures beside ours, judged by what was known at the end of that month and "
    "by what is known now.",
    tables=[
        Listing("claims", "The article's claims, judged by this release", [
            ("id", "claim_id"), ("claim", "claim_short"), ("verdict", lambda r: plain(r["verdict"])),
            ("article says", _article), ("ours (range)", ours), ("the range is", "our_range"), ("chance", percent("probability")),
            ("earlier verdict", lambda r: r["earlier_verdict"] and f"{plain(r['earlier_verdict'])} ({r['earlier_as_of']:%B %Y})"),
            ("why", "reason"), ("tables", "tables_used"),
        ], filter_by="verdict"),
    ],
)  # fmt: skip
