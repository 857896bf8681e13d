"""Published figures of others, each rebuilt by one query over the tables."""

from pipeline.report.section import Listing, Section, shown

SECTION = Section(
    82, "Rebuilt", "Do the published totals fit together?",
    "Each figure of somebody else, computed again from the tables of this release on the nearest definition we have. Where the two "
    "differ, the input that explains it is named. `chipcast rebuild` prints the same.",
    tables=[
        Listing("figures", "Published figures, rebuilt", [
            ("published", lambda r: f"{r['publisher']}: {r['quantity']}, {r['target_period']} ({r['unit']})"),
            ("theirs", shown("theirs", "{:,.5g}".format)), ("ours", shown("ours", "{:,.5g}".format)),
            ("ours / theirs", shown("ratio", "{:.2f}".format)), ("verdict", "verdict"), ("how the definitions differ", "bridge"),
            ("what explains the rest", "explained_by"), ("document", lambda r: r["source_url"] or r["document_title"]),
        ], filter_by="verdict"),
    ],
)  # fmt: skip
