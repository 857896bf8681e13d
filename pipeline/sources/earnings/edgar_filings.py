"""SEC EDGAR submissions: what the twelve companies filed lately. The sensor for new filings reads it."""

from collections.abc import Collection

import pandas as pd

from pipeline.sources import edgar
from pipeline.sources.base import Provenance, Source, SourceError, Upstream, day, text
from pipeline.sources.live import MEGABYTE, Live

# Annual, quarterly and current reports, domestic and foreign; "/A" amends one.
FORMS = tuple(form + suffix for form in ("10-K", "10-Q", "8-K", "20-F", "6-K") for suffix in ("", "/A"))

UPSTREAM = {
    "accession": "accessionNumber",
    "form": "form",
    "filed_on": "filingDate",
    "period_end": "reportDate",
    "items": "items",
    "document": "primaryDocument",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per recent filing of the forms that hold results, newest first within a company."""
    parts = []
    for cik, entity in edgar.COMPANIES.items():
        company = edgar.document(upstream, cik, "edgar_filings")
        lists = edgar.recent_filings(company, cik, UPSTREAM.values(), "edgar_filings")
        # An empty cell is none.
        rows = pd.DataFrame(lists, dtype="object").set_axis(list(UPSTREAM), axis=1)
        rows = rows.map(lambda cell: None if cell in (None, "") else str(cell)).astype("string")
        rows.insert(0, "cik", cik)
        rows.insert(1, "entity", entity)
        wanted = rows["form"].isin(FORMS) | rows["form"].isna()
        if not wanted.any():
            raise SourceError(
                f"Source edgar_filings: the field form of CIK {cik} holds no report of results, but "
                f"{', '.join(rows['form'].unique()[:5]) or 'nothing'}. Look at the company's filings; adapt FORMS."
            )
        parts.append(rows[wanted])
    return pd.concat(parts, ignore_index=True)


def new_filings(filings: pd.DataFrame, seen: Collection[str]) -> pd.DataFrame:
    """The filings whose accession number is not among `seen`, oldest first."""
    return filings[~filings["accession"].isin(list(seen))].sort_values(["filed_on", "accession"])


SOURCE = Source(
    title="SEC EDGAR: recent filings",
    description="Annual, quarterly and current reports of the twelve companies whose XBRL facts are read: which, and "
    "when filed. Filled in live mode alone.",
    licence=edgar.LICENCE,
    credit=edgar.CREDIT,
    homepage_url="https://data.sec.gov/submissions/",
    cadence="daily",
    live=Live(
        edgar.BASE_URL,
        edgar.requests("/submissions/CIK{cik}.json", max_bytes=20 * MEGABYTE),
        parse,
        headers=edgar.HEADERS,
        requests_per_second=edgar.REQUESTS_PER_SECOND,
        whole=False,
    ),
    key=("cik", "accession"),
    provenance=Provenance(
        "SEC EDGAR submissions, CIK {cik}, {accession}",
        confidence="verified",
        reported_on="{filed_on}",
        basis="filed",
    ),
    columns={
        "cik": text(),
        "entity": text(),
        "accession": text(),
        "form": text(choices=FORMS),
        "filed_on": day(past=True),
        "period_end": day(nullable=True),
        "items": text(nullable=True),
        "document": text(nullable=True),
    },
)
