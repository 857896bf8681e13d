"""What the page rests on: sources with their age, and the checks of the release."""

from __future__ import annotations

from pipeline.report.section import Listing, Section
from pipeline.report.text import link

SECTION = Section(
    100, "Sources", "Sources", "Every figure on this page comes from these, by the SQL beside it.",
    tables=[
        Listing("checks", "Checks of this release (quality.checks, quality.rejected_rows)", [
            ("passed", "passed"), ("warned", "warned"), ("failed", "failed"), ("rows in quarantine", "rejected"),
        ]),
        Listing("sources", "Sources with licence and age", [
            ("source", lambda r: link(r["title"], r["url"])), ("licence", "licence"), ("credit", "credit"), ("read", "mode"),
            ("rows known", "rows_known"), ("newest fact", "newest_fact"), ("age, days", "age_days"), ("state", "status"),
        ]),
    ],
)  # fmt: skip
