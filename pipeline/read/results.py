"""The newest result of a vendor that a release holds, and who has reported since by the calendar."""

from __future__ import annotations

import duckdb

_NEWEST = """
    select
        max_by(vendor_name || ' ' || newest_fiscal_period, newest_reported_on),
        max(newest_reported_on),
        string_agg(vendor_name, ', ' order by next_expected_on) filter (where is_missing)
    from quality.expected_results inner join market.vendors using (vendor_id)
"""


def newest(connection: duckdb.DuckDBPyConnection) -> str:
    """A line or two for people; says so where the release holds no results, or is older than this list."""
    try:
        ((what, day, missing),) = connection.execute(_NEWEST).fetchall()
    except duckdb.CatalogException:
        return "This release does not list which results it lacks."
    if what is None:
        return "No vendor result was known by then."
    since = f" Reported since by the calendar, and not in this release: {missing}." if missing else ""
    return f"Newest vendor result: {what}, reported on {day}.{since}"
