"""What companies said about periods to come, with the day they said it."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, confidence_words, day, number, text, with_provenance

PATH = "curated_facts/guidance.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per company, metric, target period and issue date, in USD billion or percent as issued."""
    raw = upstream.csv(PATH)
    rows = pd.DataFrame(
        {
            "company": raw["company"],
            "metric": raw["metric"],
            "target_period": raw["period"],
            "low": raw["guidance_low"],
            "mid": raw["guidance_mid"],
            "high": raw["guidance_high"],
            "unit": raw["unit"],
            "issued_on": raw["issued_on"],
        }
    )
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"],
        reported_on=raw["issued_on"],
        basis="issued",
        confidence=confidence_words(raw["confidence"]),
    )


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
    files=(PATH,),
    parse=parse,
    key=("company", "metric", "target_period", "issued_on"),
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
        "target_period": text(),
        # The largest guide so far is below USD 300 billion: a guide in millions would break this bound.
        "low": number(nullable=True, low=-100, high=1000),
        "mid": number(nullable=True, low=-100, high=1000),
        "high": number(nullable=True, low=-100, high=1000),
        "unit": text(choices=("USD billion", "percent")),
        "issued_on": day(past=True),
    },
)
