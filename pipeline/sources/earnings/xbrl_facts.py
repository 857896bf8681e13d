"""SEC EDGAR XBRL facts of twelve companies, in the API's own shape."""

import pandas as pd

from pipeline.sources import edgar
from pipeline.sources.base import Provenance, Source, SourceError, Upstream, day, number, text
from pipeline.sources.live import MEGABYTE, Live

# What the API calls a fact's members, of which the first four stand above it.
COLUMNS = ["cik", "taxonomy", "tag", "unit", "start", "end", "val", "accn", "form", "filed"]
# What is taken out of the thousands of facts of a company.
TAGS = {
    "us-gaap": (
        "Assets",
        "DepreciationDepletionAndAmortization",
        "LiabilitiesCurrent",
        "NetCashProvidedByUsedInOperatingActivities",
        "OperatingIncomeLoss",
        "PaymentsToAcquireProductiveAssets",
        "PaymentsToAcquirePropertyPlantAndEquipment",
    ),
    "ifrs-full": ("Assets", "CurrentLiabilities", "ProfitLossFromOperatingActivities"),
}


def _facts(cik: str, company: dict) -> list[dict]:
    """The wanted facts of one companyfacts document, in the columns of the stored file."""
    rows = []
    facts = edgar.member(company, "facts", dict, f"the answer for CIK {cik}", "xbrl_facts")
    for taxonomy, tags in TAGS.items():
        for tag in tags:
            if tag not in facts.get(taxonomy, {}):
                continue
            where = f"{taxonomy}:{tag} of CIK {cik}"
            units = edgar.member(facts[taxonomy][tag], "units", dict, where, "xbrl_facts")
            for unit in units:
                for fact in edgar.member(units, unit, list, where, "xbrl_facts"):
                    for name in ("end", "val", "accn", "form", "filed"):
                        edgar.member(fact, name, object, f"a fact of {where}", "xbrl_facts")
                    said = {"cik": cik, "taxonomy": taxonomy, "tag": tag, "unit": unit}
                    rows.append({**said, "start": fact.get("start"), **fact})
    if not rows:
        raise SourceError(
            f"Source xbrl_facts: the answer for CIK {cik} holds none of the wanted tags. Look at the company's facts; "
            "adapt TAGS in pipeline/sources/earnings/xbrl_facts.py."
        )
    return rows


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """The same rows out of the companyfacts answers, one per company."""
    rows = [row for cik in edgar.COMPANIES for row in _facts(cik, edgar.document(upstream, cik, "xbrl_facts"))]
    facts = pd.DataFrame(rows, columns=COLUMNS, dtype="object")
    return facts.map(lambda cell: None if cell is None or cell != cell else str(cell)).astype("string")


def tidy(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per fact and filing that states it. `fy` and `fp` count for nothing: they describe the filing."""
    facts = facts.drop_duplicates(COLUMNS)
    # The SEC's name of a company changes with the company's letterhead: that would revise every fact it ever filed.
    return facts.assign(
        entity=facts["cik"].map(edgar.COMPANIES).astype("string"), folder=facts["accn"].str.replace("-", "")
    )


SOURCE = Source(
    title="SEC EDGAR: XBRL facts",
    description="Capital expenditure, operating cash flow, operating income and balance-sheet facts as filed. Cash flows "
    "in 10-Qs are year to date; the same fact recurs in later filings.",
    licence=edgar.LICENCE,
    credit=edgar.CREDIT,
    homepage_url="https://data.sec.gov/api/xbrl/companyfacts/",
    cadence="quarterly",
    required=True,
    files=("sec_edgar_companyconcept/edgar_facts.csv",),
    # One answer of the API was at hand; the companies' whole documents are made after the documentation.
    live=Live(
        edgar.BASE_URL,
        edgar.requests("/api/xbrl/companyfacts/CIK{cik}.json", max_bytes=60 * MEGABYTE),
        parse_live,
        headers=edgar.HEADERS,
        requests_per_second=edgar.REQUESTS_PER_SECOND,
    ),
    key=("cik", "tag", "unit", "period_start", "period_end", "accession", "form"),
    provenance=Provenance(
        "SEC EDGAR companyconcept, CIK {cik}, {tag}, {accn}",
        confidence="verified",
        reported_on="{filed}",
        basis="filed",
        # The SEC's own rule for a filing's folder: built, not opened.
        url="https://www.sec.gov/Archives/edgar/data/{cik}/{folder}/",
    ),
    tidy=tidy,
    columns={
        "cik": text(),
        "entity": text(),
        "taxonomy": text(choices=("us-gaap", "ifrs-full")),
        "tag": text(),
        "unit": text(choices=("USD", "TWD")),
        "period_start": day(nullable=True, source="start"),
        "period_end": day(past=True, source="end"),
        "value": number(low=-1e13, high=1e14, source="val"),
        "accession": text(source="accn"),
        "form": text(),
        "filed_on": day(past=True, source="filed"),
    },
)
