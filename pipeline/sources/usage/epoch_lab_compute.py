"""Epoch AI: compute of frontier labs at year ends."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, pick, text, with_provenance
from pipeline.sources.epoch import CREDIT, LICENCE

PATH = "epoch_lab_compute/lab_compute_year_end.csv"

UPSTREAM = {
    "lab": "lab",
    "as_of": "as_of",
    "h100e_8bit_p05": "h100e_p5",
    "h100e_8bit_p50": "h100e_median",
    "h100e_8bit_p95": "h100e_p95",
    "generated_on": "generated_on",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per lab and year end."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "epoch_lab_compute")
    return with_provenance(
        rows.drop(columns="generated_on"),
        upstream,
        citation="Epoch AI, AI compute users, " + rows["lab"],
        reported_on=rows["generated_on"],
        basis="release",
        confidence="estimate",
    )


SOURCE = Source(
    id="epoch_lab_compute",
    title="Epoch AI: year-end compute of frontier labs",
    description="H100-equivalents (8-bit) that five labs could use at year ends, 5/50/95 %.",
    domain="usage",
    licence=LICENCE,
    credit=CREDIT,
    cadence="yearly",
    max_age_days=400,
    files=(PATH,),
    parse=parse,
    key=("lab", "as_of"),
    columns={
        "lab": text(),
        "as_of": day(past=True),
        "h100e_8bit_p05": amount(high=1e9),
        "h100e_8bit_p50": amount(high=1e9),
        "h100e_8bit_p95": amount(high=1e9),
    },
)
