"""Revenue and operating income of business segments and product lines, out of the filings' own XBRL."""

import json
import os
import re
import tempfile
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from pipeline.sources import edgar
from pipeline.sources.base import Provenance, Source, SourceError, Upstream, day, number, text
from pipeline.sources.live import JSON, MEGABYTE, XML, Live, Request
from pipeline.sources.responses import text_frame

ID = "segment_filings"
HOST = "www.sec.gov"

# Whose segments the market tables have. Broadcom's AI revenue is not in its filings' XBRL, only the segment that
# holds it.
COMPANIES = {
    "1045810": "NVIDIA",
    "2488": "AMD",
    "50863": "Intel",
    "1730168": "Broadcom",
    "1652044": "Alphabet",
    "1018724": "Amazon",
    "789019": "Microsoft",
}
FORMS = ("10-K", "10-Q")
# A year of reports: with the year and the nine months before its end the fourth quarter can be told.
REPORTS = 4

TAGS = (
    "us-gaap:Revenues",
    "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax",
    "us-gaap:RevenueFromContractWithCustomerIncludingAssessedTax",
    "us-gaap:OperatingIncomeLoss",
)
AXES = ("us-gaap:StatementBusinessSegmentsAxis", "srt:ProductOrServiceAxis")
# Says that a segment's figure is before the reconciliation to the whole company, which every segment's is.
OPERATING_SEGMENTS = ("srt:ConsolidationItemsAxis", "us-gaap:OperatingSegmentsMember")

FIELDS = {
    "accession": "accessionNumber",
    "form": "form",
    "filed_on": "filingDate",
    "document": "primaryDocument",
    "is_inline": "isInlineXBRL",
}


def reports(submissions: dict[str, Any]) -> list[dict[str, Any]]:
    """The newest annual and quarterly reports with XBRL that a submissions answer names, each with its `path`.

    The SEC extracts the XBRL of `name.htm` into `name_htm.xml` beside it. Raises SourceError naming the field.
    """
    cik = str(submissions.get("cik", "")).lstrip("0")
    found = []
    for cells in zip(*edgar.recent_filings(submissions, cik, FIELDS.values(), ID).values(), strict=True):
        one = dict(zip(FIELDS, cells, strict=True))
        stem = re.fullmatch(r"([\w-]+)\.htm", str(one["document"]))
        if one["form"] in FORMS and one["is_inline"] and stem and re.fullmatch(r"[\d-]{20}", str(one["accession"])):
            folder = str(one["accession"]).replace("-", "")
            found.append({**one, "path": f"/Archives/edgar/data/{cik}/{folder}/{stem[1]}_htm.xml"})
    return found[:REPORTS]


def links(answer: bytes) -> list[str]:
    """Where a submissions answer leads: to the XBRL of the newest reports. XBRL leads nowhere."""
    if not answer.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return []
    try:
        return [f"https://{HOST}{report['path']}" for report in reports(json.loads(answer.decode("utf-8-sig")))]
    except (SourceError, RecursionError):
        return []


def _xbrl(content: bytes, where: str) -> Any:
    """The document as edgartools reads it, which skips without a word what it cannot read: so that is looked for."""
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise SourceError(f"Source {ID}: {where} is not well-formed XML ({error}). Fetch it again.") from None
    # It makes itself a folder where this says, else in the home directory, and fails where it cannot.
    os.environ.setdefault("EDGAR_LOCAL_DATA_DIR", tempfile.gettempdir())
    # Imported here: it takes a second.
    from edgar.xbrl.parsers import XBRLParser

    document = XBRLParser()
    document.parse_instance_content(content.decode("utf-8-sig"))
    names = {tag.removeprefix("us-gaap:") for tag in TAGS}
    there = sum("us-gaap" in one.tag and one.tag.rpartition("}")[2] in names for one in root.iter())
    read = sum(fact.element_id in TAGS for fact in document.facts.values())
    if read != there:
        raise SourceError(
            f"Source {ID}: {where} has {there} facts of the wanted tags, but {read} of them have a contextRef and the "
            "prefix us-gaap. Look at the document."
        )
    return document


def segment_facts(content: bytes, where: str) -> list[dict[str, str | None]]:
    """The facts of an XBRL document that speak of one segment or product line, and of its revenue or income.

    A fact whose context or unit is not there is kept with empty cells: of what it speaks cannot be known. Raises
    SourceError where the document cannot be read whole.
    """
    document = _xbrl(content, where)
    rows = []
    for fact in document.facts.values():
        if fact.element_id not in TAGS:
            continue
        context = document.contexts.get(fact.context_ref)
        dimensions = dict(context.dimensions) if context else {}
        if dimensions.get(OPERATING_SEGMENTS[0]) == OPERATING_SEGMENTS[1]:
            del dimensions[OPERATING_SEGMENTS[0]]
        if context and (len(dimensions) != 1 or not set(dimensions) <= set(AXES)):
            continue
        ((axis, member),) = dimensions.items() if context else ((None, None),)
        period = context.period if context else {}
        unit = document.units.get(fact.unit_ref or "", {})
        rows.append(
            {
                "axis": axis,
                "member": member,
                "tag": fact.element_id,
                "period_start": period.get("startDate"),
                "period_end": period.get("endDate"),
                "value": fact.value,
                "unit": str(unit.get("measure", "")).rsplit(":", 1)[-1],
                "decimals": fact.decimals,
            }
        )
    return [{name: (cell or "").strip() or None for name, cell in row.items()} for row in rows]


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per fact and report that states it, as filed; the same fact twice in one report is one."""
    rows: list[dict[str, str | None]] = []
    for cik, entity in COMPANIES.items():
        found = reports(edgar.document(upstream, cik, ID))
        documents = upstream.pages(cik)[1:]
        if not found or len(documents) != len(found):
            raise SourceError(
                f"Source {ID}: of CIK {cik} {len(documents)} reports were fetched where the fields form, accessionNumber, "
                f"primaryDocument and isInlineXBRL name {len(found)}. Look at the submissions answer; adapt FORMS."
            )
        of_company = []
        for name, report in zip(documents, found, strict=True):
            said = {
                "cik": cik,
                "entity": entity,
                **{key: str(report[key]) for key in ("accession", "form", "filed_on")},
            }
            url = f"https://{HOST}{report['path']}"
            facts = segment_facts(upstream.files[name], f"{report['form']} {report['accession']} ({url})")
            of_company += [{**said, "url": url, **fact} for fact in facts]
        if not of_company:
            raise SourceError(
                f"Source {ID}: the reports of {entity} have no fact of the tags {', '.join(TAGS)} by {' or '.join(AXES)}. "
                "Look at the newest document; adapt TAGS and AXES."
            )
        rows += of_company
    return text_frame(rows, [*SOURCE.columns, "url"]).drop_duplicates(ignore_index=True)


SOURCE = Source(
    title="SEC EDGAR: segments in the filings' XBRL",
    description="Revenue and operating income in USD by business segment or product line, as the newest annual and "
    "quarterly reports of seven companies tag them, for each period that a report states. Filled in live mode alone. "
    "Which segment of the market tables a member is says the seed filed_segments.",
    licence=edgar.LICENCE,
    credit=edgar.CREDIT,
    homepage_url="https://www.sec.gov/edgar",
    cadence="quarterly",
    live=Live(
        edgar.BASE_URL,
        tuple(
            Request(
                cik,
                f"/submissions/CIK{int(cik):010d}.json",
                (*JSON, *XML),
                max_bytes=50 * MEGABYTE,
                links=links,
                max_answers=1 + REPORTS,
            )
            for cik in COMPANIES
        ),
        parse,
        headers=edgar.HEADERS,
        requests_per_second=edgar.REQUESTS_PER_SECOND,
        hosts=(HOST,),
        whole=False,
    ),
    key=("cik", "axis", "member", "tag", "period_start", "period_end", "accession", "decimals"),
    provenance=Provenance(
        "{entity} {form} {accession}, {tag}",
        confidence="verified",
        reported_on="{filed_on}",
        basis="filed",
        url="{url}",
    ),
    columns={
        "cik": text(),
        "entity": text(),
        "axis": text(choices=AXES),
        "member": text(),
        "tag": text(choices=TAGS),
        "period_start": day(),
        "period_end": day(past=True),
        # Empty where the report says that there is none.
        "value": number(nullable=True, low=-1e12, high=1e12),
        "unit": text(choices=("USD",)),
        "decimals": text(nullable=True),
        "accession": text(),
        "form": text(choices=FORMS),
        "filed_on": day(past=True),
    },
)
