"""The newest result of a vendor that a release holds, who has reported since by the calendar, and how much has an address."""

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


_DOCUMENTS = """
    select string_agg(name || ' ' || share || '%', ', ' order by share desc)
    from (
        select replace(table_name[8:], '_', ' ') as name, floor(100 * sum(rows_with_address) / sum(rows))::int as share
        from quality.confidence_shares
        where table_name in (
            'market.vendor_quarters', 'market.vendor_years', 'market.capex_quarters', 'market.guidance',
            'market.token_usage', 'market.user_counts', 'market.compute_split', 'market.published_forecasts'
        )
        group by table_name
    )
"""


def documents(connection: duckdb.DuckDBPyConnection) -> str:
    """How many figures read by hand name the address of their document, by table."""
    try:
        ((shares,),) = connection.execute(_DOCUMENTS).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return "This release does not say how many of its figures have an address."
    return f"Figures with the address of a document: {shares}."
