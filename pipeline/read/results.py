"""What a release is told by: its newest result, how much of it has an address, and what in it needs a look."""

from contextlib import suppress

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


# What is counted and how it is told; a source has failed where its upstream, not the calendar, is why it is stale.
_NEEDS = (
    (
        "stale",
        "stale sources",
        "from market.sources where status = 'stale' and message like '%; it goes stale after %'",
    ),
    (
        "failed",
        "sources that failed at their last look",
        "from market.sources where message is not null and message not like '%; it goes stale after %'",
    ),
    (
        "vanished",
        "rejected rows that the last release had",
        "from (select distinct source_id, row_number from quality.rejected_rows where was_published)",
    ),
    ("checks", "checks that did not pass", "from quality.checks where status <> 'pass'"),
)


def needs_a_look(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How much of each kind is not as it should be; a release from before a table was there leaves its kind out."""
    found = {}
    for kind, _, rows in _NEEDS:
        with suppress(duckdb.CatalogException, duckdb.BinderException):
            found[kind] = connection.execute(f"select count(*) {rows}").fetchall()[0][0]
    return found


def verdict(found: dict[str, int]) -> str:
    """The counts of `needs_a_look` in one line."""
    told = [f"{words} {found[kind]}" for kind, words, _ in _NEEDS if found.get(kind)]
    return f"Needs a look: {', '.join(told)}." if told else "Every check passed, and no source is stale or failed."
