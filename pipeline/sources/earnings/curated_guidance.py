"""What companies said about periods to come, with the day they said it."""

from __future__ import annotations

from pipeline.sources.base import Provenance, Source, day, number, text

SOURCE = Source(
    id="curated_guidance",
    title="Gathered guidance",
    description="Revenue and capital-expenditure guidance with low, middle and high, in USD billion or percent.",
    domain="earnings",
    licence="facts with attribution",
    credit="company releases and calls",
    cadence="quarterly",
    max_age_days=120,
    required=True,
    files=("curated_facts/guidance.csv",),
    key=("company", "metric", "target_period", "issued_on"),
    provenance=Provenance("{source}", confidence="{confidence}", reported_on="{issued_on}", basis="issued"),
    columns={
        "company": text(
            choices=(
                "NVIDIA",
                "AMD",
                "Broadcom",
                "TSMC",
                "Marvell",
                "Intel",
                "Microsoft",
                "Alphabet",
                "Amazon",
                "Meta",
            )
        ),
        "metric": text(choices=("revenue", "AI semiconductor revenue", "Azure growth, constant currency", "capex")),
        "target_period": text(source="period"),
        # The largest guide so far is below USD 300 billion: a guide in millions would break this bound.
        "low": number(nullable=True, low=-100, high=1000, source="guidance_low"),
        "mid": number(nullable=True, low=-100, high=1000, source="guidance_mid"),
        "high": number(nullable=True, low=-100, high=1000, source="guidance_high"),
        "unit": text(choices=("USD billion", "percent")),
        "issued_on": day(past=True),
    },
)
