"""The article's claims, judged by the release."""

from __future__ import annotations

from pipeline.report.section import Listing, Section, percent
from pipeline.report.text import Cell, Row, plain, span


def ours(row: Row) -> Cell:
    """Our figure with its interval; years are not rounded."""
    if row["unit"] == "year" and row["our_p50"] is not None:
        low, middle, high = (f"{row[name]:.0f}" for name in ("our_p10", "our_p50", "our_p90"))
        return Cell(middle if low == high else f"{middle} ({low} to {high})", row["our_p50"])
    return Cell(span(row["our_p10"], row["our_p50"], row["our_p90"]), row["our_p50"])


def _article(row: Row) -> str:
    return " ".join(str(part) for part in (row["article_value"], row["unit"]) if part)


def _earlier(row: Row) -> object:
    return f"{plain(row['earlier_verdict'])} ({row['earlier_as_of']})" if row["earlier_verdict"] else None


SECTION = Section(
    90, "Claims", "Claims scorecard",
    "What the article says, what the tables say, and the verdict with what was known at each date.",
    tables=[
        Listing("claims", "Claims of the article, judged by the release", [
            ("id", "claim_id"), ("claim", "claim_short"), ("verdict", lambda r: plain(r["verdict"])),
            ("article says", _article), ("ours (80%)", ours), ("probability", percent("probability")),
            ("earlier verdict", _earlier), ("why", "reason"), ("tables", "tables_used"),
        ], filter_by="verdict"),
    ],
)  # fmt: skip
