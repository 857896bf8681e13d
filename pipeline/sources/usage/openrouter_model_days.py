"""Tokens by model and day on OpenRouter: the fifty most used models and the rest."""

from pipeline.sources.base import Provenance, Source, amount, day, plus_days, text

SOURCE = Source(
    title="OpenRouter: tokens by model and day",
    description="Tokens of the fifty most used models of a day, and of all others together (other): one router's volume, "
    "developers and agents rather than enterprises. Input and output are not told apart.",
    licence="facts with attribution",
    credit="OpenRouter (openrouter.ai/rankings), as kept by the public repository silentdog918/ai-tracker",
    homepage_url="https://openrouter.ai/rankings",
    cadence="ended 2026",
    files=("openrouter_rankings/model_days.csv",),
    key=("usage_date", "listed_model"),
    provenance=Provenance(
        "OpenRouter rankings, {usage_date}, {model_id}",
        confidence="quoted",
        reported_on="{known_on}",
        basis="release",
        url="https://openrouter.ai/rankings",
    ),
    # A day's tokens can be read when the day is over.
    tidy=lambda listed: listed.assign(known_on=plus_days(listed["usage_date"], 1)),
    columns={
        "usage_date": day(past=True),
        "listed_model": text(source="model_id"),
        "tokens": amount(high=1e14),
    },
)
