"""Users, as companies disclosed them, written by hand with the page that states each figure."""

from pipeline.sources.base import Source, amount, day, text
from pipeline.sources.usage.published_figures import DOCUMENT

SOURCE = Source(
    title="Gathered user disclosures",
    description="Weekly or monthly active users of assistants, in millions. data/curated_user_disclosures.csv is written by "
    "hand.",
    licence="facts with attribution",
    credit="company statements and press",
    cadence="by hand",
    key=("organisation", "product", "as_of", "active_per"),
    columns={
        "organisation": text(),
        "product": text(),
        "as_of": day(past=True),
        "active_users_m": amount(high=10_000),
        "active_per": text(choices=("weekly", "monthly")),
        **DOCUMENT,
    },
)
