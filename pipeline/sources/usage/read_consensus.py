"""What analysts expected on the eve of a report, read by hand in pages that state it."""

from pipeline.sources.base import Source, amount, number, text
from pipeline.sources.earnings.read_guidance import READ, READ_HOW

SOURCE = Source(
    title="Consensus of analysts read in documents",
    description="What analysts expected of a quarter on the eve of a report, one row per report and page that states it; "
    "`reported_on` is the day of the report. A row without an address was read in a note that gives none: it is recalled.",
    licence="facts with attribution",
    credit="the pages named, and the vendors of estimates that they quote",
    cadence="quarterly",
    key=(
        "company",
        "metric",
        "segment",
        "fiscal_period",
        "quarters_ahead",
        "reported_on",
        "source_url",
        "consensus",
        "unit",
    ),
    columns={
        "company": text(choices=("AMD", "Broadcom", "Intel", "Micron", "NVIDIA", "TSMC")),
        "metric": text(choices=("revenue", "net profit")),
        "segment": text(),
        "fiscal_period": text(),
        # 1: the quarter that is about to be reported, 2: the one that is guided with it.
        "quarters_ahead": number(low=1, high=2),
        "consensus": amount(high=1e7),
        "unit": text(choices=("USD million", "TWD million")),
        # Whom the page names for the estimate.
        "expected_by": text(nullable=True),
        # `whisper`: of investors and not of analysts; `doubtful`: the page contradicts others or itself.
        "given_as": text(choices=("consensus", "whisper", "doubtful")),
        **READ,
        "read_how": text(nullable=True, choices=READ_HOW),
    },
)
