"""What the sources of SEC EDGAR share: the companies, the manners that the SEC asks for, and how its JSON is read."""

import json
from collections.abc import Collection
from typing import Any

from pipeline.sources.base import SourceError, Upstream
from pipeline.sources.live import Request

BASE_URL = "https://data.sec.gov"
LICENCE = "public domain (US government work)"
CREDIT = "SEC EDGAR"
# The SEC asks for a name and an e-mail address in every request, and for at most ten requests a second: of all its
# hosts together, and a filing's XBRL is on another than the rest.
HEADERS = {"User-Agent": "chipcast {CHIPCAST_CONTACT}"}
REQUESTS_PER_SECOND = 5

# Large filers have 40 days for a 10-Q; 45 is the last day a quarter's figures could have become public.
LAG_DAYS = 45

# Central index key -> company.
COMPANIES = {
    "1652044": "Alphabet",
    "1018724": "Amazon",
    "1326801": "Meta",
    "789019": "Microsoft",
    "1341439": "Oracle",
    "2488": "AMD",
    "1596532": "Arista",
    "1730168": "Broadcom",
    "1769628": "CoreWeave",
    "1571996": "Dell",
    "1045810": "NVIDIA",
    "1046179": "TSMC",
}


def requests(path: str, max_bytes: int) -> tuple[Request, ...]:
    """One request per company; `{cik}` in `path` is its key with ten digits."""
    return tuple(Request(cik, path.format(cik=f"{int(cik):010d}"), max_bytes=max_bytes) for cik in COMPANIES)


def document(upstream: Upstream, cik: str, source_id: str) -> dict[str, Any]:
    """A company's JSON document. Raises SourceError where it is none, or speaks of another company."""
    try:
        found = upstream.json(cik)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"Source {source_id}: the answer for CIK {cik} is not JSON ({error}).") from None
    if not isinstance(found, dict) or str(found.get("cik", "")).lstrip("0") != cik:
        said = json.dumps(found.get("cik") if isinstance(found, dict) else None)
        raise SourceError(f"Source {source_id}: field cik is {said} in the answer for CIK {cik}. Check the address.")
    return found


def recent_filings(company: dict[str, Any], cik: str, fields: Collection[str], source_id: str) -> dict[str, list]:
    """The named lists of a company's recent filings, one cell a filing. Raises SourceError where one is missing or short."""
    filings = member(company, "filings", dict, f"the answer for CIK {cik}", source_id)
    recent, where = member(filings, "recent", dict, f"filings of CIK {cik}", source_id), f"filings.recent of CIK {cik}"
    lists = {field: member(recent, field, list, where, source_id) for field in fields}
    lengths = {field: len(cells) for field, cells in lists.items()}
    if len(set(lengths.values())) != 1:
        raise SourceError(f"Source {source_id}: the lists in {where} differ in length: {lengths}. Fetch again.")
    return lists


def member(parent: Any, name: str, kind: type, where: str, source_id: str) -> Any:
    """A field of a JSON object that must be there, of the given kind. Raises SourceError naming field and place."""
    found = parent.get(name) if isinstance(parent, dict) else None
    if not isinstance(found, kind) or name not in parent:
        has = ", ".join(list(parent)[:12]) if isinstance(parent, dict) else type(parent).__name__
        raise SourceError(
            f"Source {source_id}: {where} has no field {name} as expected; it has {has}. Adapt pipeline/sources/edgar.py "
            "and the source's parser to the new layout."
        )
    return found
