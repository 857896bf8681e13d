"""EU-CRI: a public daily index of European on-demand prices of an H100-hour, kept to compare ours with."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, pick, text, with_provenance

PATH = "rental_rate_cards/eu_cri_daily.csv"

UPSTREAM = {
    "observed_on": "date",
    "series": "series",
    "usd_per_chip_hour": "value_usd",
    "sources_counted": "n_sources",
    "revision_flag": "flags",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per day and series that still has a value after its last revision."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "eu_cri_index")
    return with_provenance(
        rows,
        upstream,
        url="https://github.com/markrusch/Compute-Index",
        citation="markrusch/Compute-Index at f656459, data/eucri.db",
        reported_on=rows["observed_on"],
        basis="price_date",
        confidence="estimate",
    )


SOURCE = Source(
    id="eu_cri_index",
    title="EU-CRI index of an H100-hour in Europe",
    description="The index, its seven-day and its cloud-only form, on the days of July and August 2026 not withheld.",
    domain="pricing",
    licence="no licence stated; values quoted with attribution",
    credit="markrusch/Compute-Index",
    cadence="daily",
    max_age_days=120,
    files=(PATH,),
    parse=parse,
    key=("observed_on", "series"),
    columns={
        "observed_on": day(past=True),
        "series": text(),
        "usd_per_chip_hour": amount(high=100),
        "sources_counted": amount(high=1000),
        "revision_flag": text(nullable=True),
    },
)
