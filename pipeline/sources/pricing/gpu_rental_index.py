"""Our own monthly index of GPU rental prices, over providers seen in every month.

The observations carry no licence, so only the index, the number of providers and their coverage leave this parser.
"""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, number, text, with_provenance

PATH = "gpu_rental_observations/observations.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per month, GPU and terms: 100 × geometric mean of the providers' own changes since the first month."""
    import duckdb

    from pipeline import price_history

    raw = upstream.csv(PATH)
    prices = pd.DataFrame(
        {
            "observed_on": pd.to_datetime(raw["date"]),
            "chip_id": raw["gpu_model"],
            "terms": raw["rental_type"],
            "provider_id": raw["provider"],
            "usd_per_chip_hour": raw["price_median_usd"].astype(float),
        }
    )
    with duckdb.connect() as connection:
        connection.register("prices", prices)
        # The same rule as that of the price history, in dbt/macros/price_index.sql.
        found = connection.execute(
            f"{price_history.rules().fixed_panel_index('prices')} order by chip_id, terms, month"
        ).df()
    index = found.rename(columns={"chip_id": "gpu_model"})
    for column in ("month", "last_observed_on"):
        index[column] = index[column].dt.strftime("%Y-%m-%d")
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
