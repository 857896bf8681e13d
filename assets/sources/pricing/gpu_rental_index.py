"""Our own monthly index of GPU rental prices, over providers seen in every month.

The observations carry no licence, so only the index, the number of providers and their coverage leave this parser.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from assets.sources.base import Source, Upstream, amount, day, number, text, with_provenance

PATH = "gpu_rental_observations/observations.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per month, GPU and terms: 100 × geometric mean of the providers' own changes since the first month."""
    raw = upstream.csv(PATH)
    raw["price"] = raw["price_median_usd"].astype(float)
    raw["month"] = raw["date"].str.slice(0, 7)
    months = sorted(raw["month"].unique())
    rows = []
    for (gpu, terms), part in raw.groupby(["gpu_model", "rental_type"]):
        by_provider = part.groupby(["provider", "month"])["price"].median().unstack()
        if set(by_provider.columns) != set(months):
            continue
        panel = by_provider.dropna()
        for month in months if len(panel) else []:
            rows.append(
                {
                    "month": f"{month}-01",
                    "gpu_model": gpu,
                    "terms": terms,
                    "index_first_month_100": 100 * np.exp(np.log(panel[month] / panel[months[0]]).mean()),
                    "providers": len(panel),
                    "provider_coverage_share": len(panel) / by_provider[month].notna().sum(),
                    "last_observed_on": raw.loc[raw["month"] == month, "date"].max(),
                }
            )
    index = pd.DataFrame(rows).round({"index_first_month_100": 3, "provider_coverage_share": 4})
    return with_provenance(
        index,
        upstream,
        citation="own statistic over a fixed panel of providers, observations gathered daily by a price tracker",
        reported_on=index["last_observed_on"],
        basis="price_date",
        confidence="derived",
    )


SOURCE = Source(
    id="gpu_rental_index",
    title="GPU rental price index (own monthly statistic)",
    description="Index of hourly rental offers per GPU and terms over the providers present in every month: the mix of "
    "providers cannot move it. Offers, not transactions.",
    domain="pricing",
    licence="own statistic",
    credit="",
    cadence="daily",
    max_age_days=200,
    files=(PATH,),
    parse=parse,
    key=("month", "gpu_model", "terms"),
    columns={
        "month": day(past=True),
        "gpu_model": text(),
        "terms": text(choices=("on_demand", "spot")),
        "index_first_month_100": number(low=1, high=10_000),
        "providers": amount(high=1000),
        "provider_coverage_share": amount(high=1),
        "last_observed_on": day(past=True),
    },
)
