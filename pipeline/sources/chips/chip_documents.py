"""What documents say of accelerators, read by hand: one row per chip, attribute and precision."""

from pipeline.sources.base import Source, amount, day, text

SOURCE = Source(
    title="Accelerators in their documents",
    description="Rates by precision, memory, bandwidth, power and days of accelerators as their makers' documents, or "
    "pages that quote them, state them; and what no document states. data/chip_documents.csv is written by hand.",
    licence="facts with attribution",
    cadence="by hand",
    key=("name", "attribute", "precision"),
    columns={
        "name": text(),
        "designer": text(),
        "attribute": text(
            choices=(
                "existence",
                "rate",
                "memory",
                "memory_bandwidth",
                "sram",
                "power",
                "release_date",
                "announced_on",
            )
        ),
        "precision": text(choices=("all", "fp16_bf16", "fp8", "int8", "any_8bit", "fp4", "int4")),
        "value": amount(nullable=True, high=1e6),
        "day": day(nullable=True),
        "unit": text(nullable=True, choices=("TFLOPS", "TOPS", "GB", "GB/s", "W", "date")),
        # Without a value: the chip has no such mode, its maker publishes none, no page was found,
        # a source's value is impossible or contradicted (withheld), or documents disagree on sparsity (disputed).
        "basis": text(
            choices=(
                "dense",
                "not_stated",
                "stated",
                "no_mode",
                "not_published",
                "not_found",
                "withheld",
                "disputed",
            )
        ),
        "source_title": text(),
        "source_kind": text(choices=("maker", "maker_copy", "vendor", "news", "reference", "none")),
        "read_how": text(choices=("opened", "note", "recalled", "looked_for")),
        "read_on": day(nullable=True),
        "remark": text(nullable=True),
    },
)
