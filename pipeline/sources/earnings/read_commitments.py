"""What issuers are owed under contracts and owe under them, read in documents or in pages that quote them."""

from pipeline.sources.base import Source, amount, day, text
from pipeline.sources.earnings.read_guidance import READ

SOURCE = Source(
    title="Backlog and commitments read in documents",
    description="Remaining performance obligations and backlog (`receives`), purchase commitments and leases not yet begun "
    "(`pays`) in USD million, one row per figure and document that gives it. `overlaps_with` names the wider figure of the "
    "issuer that holds it, or may hold a part of it.",
    licence="facts with attribution",
    credit="company releases, calls and filings",
    cadence="quarterly",
    key=("issuer", "kind", "scope", "part", "definition", "as_of", "source_url"),
    columns={
        "issuer": text(),
        "side": text(choices=("receives", "pays")),
        "kind": text(
            choices=(
                "remaining_performance_obligations",
                "backlog",
                "contract_value",
                "purchase_commitments",
                "supply_commitments",
                "cloud_service_agreements",
                "other_purchase_commitments",
                "cloud_capacity_commitments",
                "construction_commitments",
                "leases_not_commenced",
                "contractual_obligations",
            )
        ),
        "scope": text(),
        "part": text(),
        "definition": text(),
        "overlaps_with": text(nullable=True),
        "as_of": day(past=True),
        # The largest so far is Alphabet's 811 billion USD of purchase commitments.
        "value": amount(high=5e6),
        "unit": text(choices=("USD million",)),
        "given_as": text(choices=("stated", "disputed")),
        **READ,
    },
)
