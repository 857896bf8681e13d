"""Filings with XBRL as the SEC describes them, made of the gathered segment results.

Member names, tags and the shape of contexts are those that public notes quote from the companies' own filings; the
figures are gathered facts (Broadcom's are quoted from its filings in public notes). Most accession numbers are made up.
"""

from __future__ import annotations

import json
from functools import cache

import pandas as pd

from pipeline.settings import PROJECT
from pipeline.sources.earnings.segment_filings import AXES, COMPANIES, OPERATING_SEGMENTS, links

SEGMENTS, PRODUCTS = AXES
REVENUE = "RevenueFromContractWithCustomerExcludingAssessedTax"
# Company and gathered segment -> axis, member, tag.
MEMBERS = {
    ("NVIDIA", "Data Center"): (PRODUCTS, "nvda:DataCenterMember", "Revenues"),
    ("NVIDIA", "Data Center - Hyperscale"): (PRODUCTS, "nvda:HyperscaleMember", "Revenues"),
    ("NVIDIA", "Edge Computing"): (PRODUCTS, "nvda:EdgeComputingMember", "Revenues"),
    ("AMD", "Data Center"): (SEGMENTS, "amd:DataCenterMember", REVENUE),
    ("Intel", "Data Center and AI (DCAI)"): (SEGMENTS, "intc:DatacenterAndAIMember", REVENUE),
    ("Broadcom", "Semiconductor Solutions"): (SEGMENTS, "avgo:SemiconductorSolutionsMember", REVENUE),
    ("Broadcom", "Infrastructure Software"): (SEGMENTS, "avgo:InfrastructureSoftwareMember", REVENUE),
    ("Alphabet", "Google Cloud"): (SEGMENTS, "goog:GoogleCloudMember", REVENUE),
    ("Amazon", "AWS"): (SEGMENTS, "amzn:AmazonWebServicesSegmentMember", REVENUE),
    ("Microsoft", "Intelligent Cloud"): (SEGMENTS, "msft:IntelligentCloudMember", REVENUE),
}
BROADCOM = [
    ("Semiconductor Solutions", "2024-11-04", "2025-11-02", 36858, "2025-12-18"),
    ("Infrastructure Software", "2024-11-04", "2025-11-02", 27029, "2025-12-18"),
    ("Semiconductor Solutions", "2026-02-02", "2026-05-03", 15009, "2026-06-10"),
    ("Infrastructure Software", "2026-02-02", "2026-05-03", 7178, "2026-06-10"),
]
ACCESSIONS = {("NVIDIA", "2025-10-26"): "0001045810-25-000230", ("NVIDIA", "2026-07-26"): "0001045810-26-000075"}
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:srt="http://fasb.org/srt/2025" xmlns:us-gaap="http://fasb.org/us-gaap/2025"
 xmlns:xbrldi="http://xbrl.org/2006/xbrldi">
<unit id="usd"><measure>iso4217:USD</measure></unit>
"""


def instance(cik: str, facts: list[tuple[dict[str, str], str, str, str, int]]) -> bytes:
    """An XBRL document of facts: dimensions (axis -> member), tag, first and last day, value in USD million."""
    parts = [HEAD]
    for at, (dimensions, tag, start, end, value) in enumerate(facts):
        members = "".join(
            f'<xbrldi:explicitMember dimension="{axis}">{member}</xbrldi:explicitMember>'
            for axis, member in dimensions.items()
        )
        parts.append(
            f'<context id="c-{at}"><entity><identifier scheme="http://www.sec.gov/CIK">{int(cik):010d}</identifier>'
            f"{f'<segment>{members}</segment>' if members else ''}</entity>"
            f"<period><startDate>{start}</startDate><endDate>{end}</endDate></period></context>\n"
            f'<us-gaap:{tag} contextRef="c-{at}" decimals="-6" id="f-{at}" unitRef="usd">{value}000000</us-gaap:{tag}>\n'
        )
    return ("".join(parts) + "</xbrl>\n").encode()


@cache
def _results() -> pd.DataFrame:
    rows = pd.read_csv(PROJECT / "data" / "curated_segment_results.csv", dtype="string", keep_default_na=False)
    rows = rows[rows["fiscal_period"].str.fullmatch(r"FY\d{4}Q\d")]
    return rows[[(one.company, one.segment) in MEMBERS for one in rows.itertuples()]]


def _facts(company: str, end: str, is_year: bool) -> list[tuple[dict[str, str], str, str, str, int]]:
    """What a report states: the quarter, the year to date, and both a year earlier; the year alone if it is annual."""
    facts = []
    rows = _results()[_results()["company"] == company]
    for (segment, metric, _), series in rows.groupby(["segment", "metric", "basis"], sort=False):
        axis, member, revenue = MEMBERS[company, segment]
        tag = revenue if metric == "revenue" else "OperatingIncomeLoss"
        # A segment is marked as one, as filings have it since 2024; a product line is not.
        dimensions = (
            {axis: member} if axis == PRODUCTS else {OPERATING_SEGMENTS[0]: OPERATING_SEGMENTS[1], axis: member}
        )
        known = {one.fiscal_period: one for one in series.itertuples()}
        label = next((name for name, one in known.items() if one.period_end == end), "")
        for back in (0, 1) if label else ():
            year, quarter = int(label[2:6]) - back, int(label[-1])
            so_far = [name for number in range(1, quarter + 1) if (name := f"FY{year}Q{number}") in known]
            periods = [[f"FY{year}Q{quarter}"]] if f"FY{year}Q{quarter}" in known and not is_year else []
            periods += [so_far] if len(so_far) == quarter and quarter > 1 else []
            for names in periods:
                part = [known[name] for name in names]
                value = sum(int(one.value) for one in part)
                facts.append((dimensions, tag, part[0].period_start, part[-1].period_end, value))
    return facts


def reports(company: str) -> list[tuple[str, str, str, list]]:
    """The last four reports of a company: form, last day, day of filing, facts; newest first."""
    if company == "Broadcom":
        found = []
        for form, end in (("10-Q", "2026-05-03"), ("10-K", "2025-11-02")):
            rows = [row for row in BROADCOM if row[2] == end]
            facts = [({MEMBERS[company, r[0]][0]: MEMBERS[company, r[0]][1]}, REVENUE, r[1], r[2], r[3]) for r in rows]
            found.append((form, end, rows[0][4], facts))
        return found
    rows = _results()[_results()["company"] == company]
    ends = rows.sort_values("reported_on").drop_duplicates("period_end").sort_values("period_end", ascending=False)
    return [
        (
            "10-K" if one.fiscal_period.endswith("Q4") else "10-Q",
            one.period_end,
            one.reported_on,
            _facts(company, one.period_end, one.fiscal_period.endswith("Q4")),
        )
        for one in ends.head(4).itertuples()
    ]


@cache
def answers() -> dict[str, bytes]:
    """Submissions of every company and, in their order, the XBRL of the reports that they name."""
    found = {}
    for cik, company in COMPANIES.items():
        made = reports(company)
        numbers = [
            ACCESSIONS.get((company, end), f"{int(cik):010d}-99-{at:06d}") for at, (_, end, _, _) in enumerate(made)
        ]
        recent = {
            "accessionNumber": ["0000000000-99-000000", *numbers],
            "filingDate": [made[0][2], *(filed for _, _, filed, _ in made)],
            "reportDate": [made[0][1], *(end for _, end, _, _ in made)],
            "form": ["8-K", *(form for form, _, _, _ in made)],
            "isXBRL": [1] * (len(made) + 1),
            "isInlineXBRL": [1] * (len(made) + 1),
            "primaryDocument": [f"x-{end.replace('-', '')}.htm" for end in [made[0][1], *(one[1] for one in made)]],
        }
        document = {"cik": f"{int(cik):010d}", "name": company, "filings": {"recent": recent, "files": []}}
        found[cik] = json.dumps(document).encode()
        assert len(links(found[cik])) == len(made)
        for at, (_, _, _, facts) in enumerate(made, start=2):
            whole = [
                ({}, facts[0][1], facts[0][2], facts[0][3], 10 * facts[0][4]),
                ({"srt:StatementGeographicalAxis": "country:US"}, facts[0][1], facts[0][2], facts[0][3], facts[0][4]),
            ]
            found[f"{cik}#{at}"] = instance(cik, [*facts, *whole])
    return found
