"""Capital expenditure of the five hyperscalers by quarter, as first filed, back to 2014."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, confidence_words, day, pick, text, with_provenance

PATH = "prototype_series/hyperscaler_capex_quarterly.csv"

UPSTREAM = {
    "company": "company",
    "period_end": "period_end",
    "capex_usd_m": "capex_usd_m",
    "derivation": "derivation",
    "filed_on": "first_filed",
    "tag": "tag",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per company and quarter: the value of the filing that first gave it."""
    raw = upstream.csv(PATH)
    rows = pick(raw, UPSTREAM, "prototype_capex")
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"],
        reported_on=raw["first_filed"],
        basis="filed",
        confidence=confidence_words(raw["status"]),
    )


SOURCE = Source(
    id="prototype_capex",
    title="Capital expenditure as first filed",
    description="Cash capital expenditure in USD million per quarter (year-to-date filings differenced), with the date "
    "of the first filing.",
    domain="earnings",
    licence="public domain (US government work)",
    credit="SEC EDGAR",
    cadence="ended 2026",
    max_age_days=400,
    files=(PATH,),
    parse=parse,
    key=("company", "period_end"),
    columns={
        "company": text(choices=("alphabet", "amazon", "meta", "microsoft", "oracle")),
        "period_end": day(past=True),
        "capex_usd_m": amount(high=1e6),
        "derivation": text(choices=("reported", "ytd_diff", "fy_minus_9m")),
        "filed_on": day(past=True),
        "tag": text(),
    },
)
