"""SEC EDGAR XBRL facts of twelve companies, in the API's own shape."""

from __future__ import annotations

import pandas as pd

from assets.sources.base import Source, Upstream, day, number, pick, text, with_provenance

PATH = "sec_edgar_companyconcept/edgar_facts.csv"

UPSTREAM = {
    "cik": "cik",
    "entity": "entity",
    "taxonomy": "taxonomy",
    "tag": "tag",
    "unit": "unit",
    "period_start": "start",
    "period_end": "end",
    "value": "val",
    "accession": "accn",
    "form": "form",
    "filed_on": "filed",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per fact and filing that states it. `fy` and `fp` are left out: they describe the filing, not the fact."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "xbrl_facts")
    rows["entity"] = rows["entity"].str.replace("\xa0", " ")
    rows = rows.drop_duplicates()
    return with_provenance(
        rows,
        upstream,
        citation="SEC EDGAR companyconcept, CIK " + rows["cik"] + ", " + rows["tag"] + ", " + rows["accession"],
        reported_on=rows["filed_on"],
        basis="filed",
        confidence="verified",
    )


SOURCE = Source(
    id="xbrl_facts",
    title="SEC EDGAR: XBRL facts",
    description="Capital expenditure, operating cash flow, operating income and balance-sheet facts as filed. Cash flows "
    "in 10-Qs are year to date; the same fact recurs in later filings.",
    domain="earnings",
    licence="public domain (US government work)",
    credit="SEC EDGAR",
    homepage_url="https://data.sec.gov/api/xbrl/companyfacts/",
    cadence="daily",
    max_age_days=200,
    required=True,
    files=(PATH,),
    parse=parse,
    key=("cik", "tag", "unit", "period_start", "period_end", "accession", "form"),
    columns={
        "cik": text(),
        "entity": text(),
        "taxonomy": text(choices=("us-gaap", "ifrs-full")),
        "tag": text(),
        "unit": text(choices=("USD", "TWD")),
        "period_start": day(nullable=True),
        "period_end": day(past=True),
        "value": number(low=-1e13, high=1e14),
        "accession": text(),
        "form": text(),
        "filed_on": day(past=True),
    },
)
