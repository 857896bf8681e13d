"""Users, as companies disclosed them."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, text


def periods_of_use(listed: pd.DataFrame) -> pd.DataFrame:
    """Within which period a user counts as active."""
    return listed.assign(active_per=listed["unit"].str.extract(r"million (\w+) active users", expand=False))


SOURCE = Source(
    id="curated_user_disclosures",
    title="Gathered user disclosures",
    description="Weekly or monthly active users of assistants, in millions.",
    domain="usage",
    licence="facts with attribution",
    credit="company statements and press",
    cadence="by hand",
    files=("curated_facts/user_disclosures.csv",),
    key=("organisation", "product", "as_of", "active_per"),
    provenance=Provenance("{source}", confidence="{confidence}", reported_on="{reported_on}"),
    tidy=periods_of_use,
    columns={
        "organisation": text(),
        "product": text(),
        "as_of": day(past=True, last=True),
        "active_users_m": amount(high=10_000, source="value"),
        "active_per": text(choices=("weekly", "monthly")),
    },
)
