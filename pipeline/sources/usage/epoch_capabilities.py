"""Epoch AI's Capabilities Index: one scale of ability over many benchmarks, by model version."""

from pipeline.sources.base import Provenance, Source, day, number, text
from pipeline.sources.epoch import CREDIT, LICENCE

SOURCE = Source(
    title="Epoch AI: Capabilities Index",
    description="Ability of 428 model versions on one scale: Claude 3.5 Sonnet is 130, GPT-5 is 150.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/eci",
    cadence="quarterly",
    files=("epoch_capabilities/eci.csv",),
    key=("listed_model",),
    # Day of the stored copy, from its SOURCE.md.
    provenance=Provenance(
        "Epoch AI, Capabilities Index, {Model name}",
        confidence="estimate",
        reported_on="2026-07-01",
        url="https://epoch.ai/data/eci",
    ),
    columns={
        "listed_model": text(source="Model version"),
        "model_name": text(source="Model name"),
        "organisation": text(nullable=True, source="Organization"),
        "released_on": day(nullable=True, source="Release date"),
        "eci": number(low=0, high=300, source="ECI Score"),
        "accessibility": text(nullable=True, source="Model accessibility"),
    },
)
