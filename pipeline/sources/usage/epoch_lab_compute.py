"""Epoch AI: compute of frontier labs at year ends."""

from pipeline.sources.base import Provenance, Source, amount, day, text
from pipeline.sources.epoch import CREDIT, LICENCE

SOURCE = Source(
    title="Epoch AI: year-end compute of frontier labs",
    description="H100-equivalents (8-bit) that five labs could use at year ends, 5/50/95 %.",
    licence=LICENCE,
    credit=CREDIT,
    cadence="yearly",
    files=("epoch_lab_compute/lab_compute_year_end.csv",),
    key=("lab", "as_of"),
    provenance=Provenance("Epoch AI, AI compute users, {lab}", confidence="estimate", reported_on="{generated_on}"),
    columns={
        "lab": text(),
        "as_of": day(past=True),
        "h100e_8bit_p05": amount(high=1e9, source="h100e_p5"),
        "h100e_8bit_p50": amount(high=1e9, source="h100e_median"),
        "h100e_8bit_p95": amount(high=1e9, source="h100e_p95"),
    },
)
