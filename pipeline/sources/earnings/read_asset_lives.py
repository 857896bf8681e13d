"""Over how many years companies write off servers and the like, read in documents or in pages that quote them."""

from pipeline.sources.base import Source, day, number, text
from pipeline.sources.earnings.read_guidance import READ

SOURCE = Source(
    title="Useful lives of assets read in documents",
    description="Useful life of servers and the like in years, from which day, and what the issuer says the change did: a "
    "positive effect is less depreciation or more income, in USD million. One row per statement and document.",
    licence="facts with attribution",
    credit="company releases, calls and filings",
    cadence="yearly",
    key=("issuer", "asset_class", "effective_from", "effect_on", "effect_period", "effect_is", "source_url"),
    columns={
        "issuer": text(),
        "asset_class": text(),
        "effective_from": day(),
        # `in force by`: the life before the first change, on the last day of the report or year that shows it.
        "effective_from_is": text(choices=("stated", "in force by")),
        "life_years_low": number(nullable=True, low=1, high=50),
        "life_years_high": number(nullable=True, low=1, high=50),
        "former_life_years": number(nullable=True, low=1, high=50),
        "effect_usd_m": number(nullable=True, low=-20_000, high=20_000),
        "effect_on": text(
            nullable=True, choices=("depreciation", "operating income", "operating expenses", "net income")
        ),
        "effect_period": text(nullable=True),
        "effect_is": text(nullable=True, choices=("expected", "realised")),
        "effect_covers": text(nullable=True),
        "given_as": text(choices=("stated", "disputed")),
        **READ,
    },
)
