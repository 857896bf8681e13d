"""What the page rests on: sources with their age, and the checks of the release."""

from pipeline.report.section import Listing, Section, percent
from pipeline.report.text import link

SECTION = Section(
    100, "Sources", "Sources", "Every figure on this page comes from these, by the SQL beside it.",
    tables=[
        Listing("checks", "Checks of this release (quality.checks, quality.rejected_rows)", [
            ("passed", "passed"), ("warned", "warned"), ("failed", "failed"), ("rows in quarantine", "rejected"),
        ]),
        Listing("confidence", "How sure the rows of a table are (quality.confidence_shares)", [
            ("table", "table_name"), ("rows", "rows"), ("with an address", percent("addressed")),
            *((word, percent(word)) for word in ("verified", "quoted", "derived", "estimated", "recalled")),
        ], "Verified: read in the issuer's own document. Quoted: in another page. Derived: worked out here. Recalled: in no "
           "document at hand."),
        Listing("sources", "Sources with licence and age", [
            ("source", lambda r: link(r["title"], r["url"])), ("licence", "licence"), ("credit", "credit"), ("read", "mode"),
            ("rows known", "rows_known"), ("newest fact", "newest_fact"), ("age, days", "age_days"), ("state", "status"),
        ]),
    ],
)  # fmt: skip
