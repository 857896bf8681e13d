"""Company-wide quarterly figures: capital expenditure, cash flow, revenue."""

import pandas as pd

from pipeline.sources import edgar
from pipeline.sources.base import Provenance, Source, day, number, plus_days, text
from pipeline.sources.upstream import Upstream

PATH = "curated_facts/company_quarterly.csv"
FILED = "sec_edgar_companyconcept/edgar_facts.csv"
CAPEX_TAGS = ("PaymentsToAcquireProductiveAssets", "PaymentsToAcquirePropertyPlantAndEquipment")


def _first_filed(quarters: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """The day of the filing that first gave a quarter's capital expenditure this value; missing where none did.

    A filing states cash since the start of the fiscal year, so a quarter is stated or the difference of two filings'.
    """
    facts = facts[facts["tag"].isin(CAPEX_TAGS)].assign(
        company=facts["cik"].map(edgar.COMPANIES), usd=pd.to_numeric(facts["val"]), day_of=pd.to_datetime(facts["end"])
    )
    spans = facts.merge(facts, on=["cik", "tag", "start"], suffixes=("", "_before"))
    spans = spans[(spans["day_of"] - spans["day_of_before"]).dt.days.between(80, 100)]
    spans["usd"] -= spans["usd_before"]
    spans["filed"] = spans[["filed", "filed_before"]].max(axis=1)
    days = (facts["day_of"] - pd.to_datetime(facts["start"])).dt.days
    filed = pd.concat([facts[days.between(80, 100)], spans])[["company", "end", "usd", "filed"]]
    both = quarters.reset_index().merge(filed, left_on=["company", "period_end"], right_on=["company", "end"])
    both = both[(both["usd"] - 1e6 * pd.to_numeric(both["value"])).abs() <= 0.5e6]
    first = both.groupby("index")["filed"].min().reindex(quarters.index)
    return first.where(quarters["metric"].eq("capex_cash")).astype("string")


def parse(upstream: Upstream) -> pd.DataFrame:
    """Upstream's rows with the day on which this very value was known.

    That of a restated figure is a later year's filing. What has neither a filing nor a report date gets the last day it
    could be.
    """
    listed = upstream.csv(PATH)
    filed = _first_filed(listed, upstream.csv(FILED))
    return listed.assign(
        reported_on=filed.fillna(listed["reported_on"]),
        known_by=filed.notna().map({True: "filed", False: "release"}),
        latest=plus_days(listed["period_end"], edgar.LAG_DAYS),
    )


SOURCE = Source(
    title="Gathered company-wide quarterly figures",
    description="Capital expenditure (cash, or as companies state it), operating cash flow and revenue, USD million.",
    licence="facts with attribution",
    credit="company filings and releases",
    cadence="quarterly",
    files=(PATH, FILED),
    key=("company", "metric", "basis", "period_end"),
    parse=parse,
    provenance=Provenance(
        "{source}",
        confidence="{confidence}",
        reported_on="{reported_on}",
        basis="{known_by}",
        otherwise="{latest}",
        otherwise_basis="assumed_lag",
    ),
    columns={
        "company": text(choices=("Alphabet", "Amazon", "Meta", "Microsoft", "NVIDIA", "Oracle")),
        "period_end": day(past=True),
        "metric": text(choices=("capex_cash", "capex_company_stated", "revenue", "operating_cash_flow")),
        "basis": text(),
        "value": number(low=-100_000, high=1e6),
        "unit": text(choices=("USD million",)),
    },
)
