"""Capital expenditure of the five hyperscalers by quarter, as first filed, back to 2014."""

from pipeline.sources.base import Provenance, Source, amount, day, text

SOURCE = Source(
    title="Capital expenditure as first filed",
    description="Cash capital expenditure in USD million per quarter (year-to-date filings differenced), with the date "
    "of the first filing.",
    licence="public domain (US government work)",
    credit="SEC EDGAR",
    cadence="ended 2026",
    files=("prototype_series/hyperscaler_capex_quarterly.csv",),
    key=("company", "period_end"),
    provenance=Provenance("{source}", confidence="{status}", reported_on="{first_filed}", basis="filed"),
    columns={
        "company": text(choices=("alphabet", "amazon", "meta", "microsoft", "oracle")),
        "period_end": day(past=True),
        "capex_usd_m": amount(high=1e6),
        "derivation": text(choices=("reported", "ytd_diff", "fy_minus_9m")),
        "filed_on": day(past=True, source="first_filed"),
        "tag": text(),
    },
)
