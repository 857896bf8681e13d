"""The index of rents: what each way of matching says of the same quotes, and what is withheld."""

from __future__ import annotations

import duckdb
import pytest
from sandbox import Sandbox

WINDOW = "chip_id = 'nvidia-h100-sxm' and period_start in ('2024-02-01', '2025-12-01') order by period_start"
MODEL = "dbt_target/compiled/chipcast/models/marts/market/rental_price_index.sql"


def changes(connection: duckdb.DuckDBPyConnection, index: str) -> tuple[float, ...]:
    """Of the level, the index and the bridged one, over 22 months of an H100."""
    rows = connection.execute(
        "select usd_per_chip_hour_median, index_first_month_100, bridged_index_first_month_100 "
        f"from {index} where {WINDOW}"
    ).fetchall()
    return tuple(after / before - 1 for before, after in zip(*rows, strict=True))


def test_ways_of_matching_give_the_changes_that_the_quotes_give_by_hand(release: duckdb.DuckDBPyConnection) -> None:
    assert changes(release, "market.rental_price_index") == pytest.approx((-0.32, -0.22, -0.49), abs=0.005)


def test_over_the_prices_as_gathered_the_index_falls_further(
    refreshed: Sandbox, release: duckdb.DuckDBPyConnection
) -> None:
    release.execute(
        "create temp view as_gathered as select * replace (upstream_usd_per_chip_hour as usd_per_chip_hour) "
        "from market.rental_rate_cards"
    )
    model = (refreshed.state / MODEL).read_text().replace('"warehouse"."market"."rental_rate_cards"', "as_gathered")
    assert changes(release, f"({model})") == pytest.approx((-0.32, -0.25, -0.49), abs=0.005)


def test_a_page_that_names_the_form_of_an_unchanged_price_is_no_cut(release: duckdb.DuckDBPyConnection) -> None:
    prices = release.execute(
        "select usd_per_chip_hour from market.rental_rate_cards "
        "where chip_id = 'nvidia-b200' and provider_id = 'coreweave' order by period_start"
    ).fetchall()
    assert len(prices) == 16 and {price for (price,) in prices} == {8.6}


def test_withheld_months_have_no_value_but_a_reason(release: duckdb.DuckDBPyConnection) -> None:
    values = "index_first_month_100, usd_per_chip_hour_median, bridged_index_first_month_100"
    broken = release.execute(
        f"select * from market.rental_price_index where is_published = (coalesce({values}) is null) "
        "or is_published = (withheld_because is not null)"
    ).fetchall()
    months = release.execute(
        "select count(*), count(*) filter (where is_published) from market.rental_price_index"
    ).fetchone()
    assert not broken
    assert months == (127, 79)


def test_every_chip_has_every_month_between_its_first_and_last(release: duckdb.DuckDBPyConnection) -> None:
    gaps = release.execute(
        "select chip_id from market.rental_price_index group by chip_id "
        "having count(*) != datediff('month', min(period_start), max(period_start)) + 1"
    ).fetchall()
    assert not gaps
