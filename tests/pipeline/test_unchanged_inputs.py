"""dbt builds only what lies below what changed, and the tables are those of building everything, in any row order."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sandbox import Sandbox

from assets.tables import FORECAST_STAGE
from pipeline.build import dbt, dbt_reuse, forecasting
from pipeline.settings import Settings


def tables(settings: Settings) -> dict[str, list]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as warehouse:
        names = warehouse.execute("select table_name from duckdb_tables() where schema_name = 'market'").fetchall()
        return {name: warehouse.execute(f"from market.{name} order by all").fetchall() for (name,) in names}


CHANGED = {
    "token_prices",
    "token_price_history",
    "token_price_at_ability",
    "token_price_declines",
    "token_price_index",
    "token_usage_by_model",
    "usage_weighted_token_price",
}


def test_one_changed_price_moves_its_tables_and_back_gives_those_of_a_full_build(grown: Sandbox) -> None:
    settings = Settings(state=grown.state, data=grown.data)
    whole = tables(settings)
    path = settings.raw / "openrouter_prices.parquet"
    read = path.read_bytes()
    prices = pd.read_parquet(path)
    prices.loc[prices["input_usd_per_mtok"] > 0, "input_usd_per_mtok"] *= 1.005
    prices.to_parquet(path, index=False)

    results = dbt.build(settings, "fqn:*", FORECAST_STAGE)
    dbt.complain(results)
    built = {result.unique_id.split(".")[2] for result in results if result.seconds}
    of_part = tables(settings)
    assert {"stg_openrouter_prices", "token_prices", "token_price_index"} <= built and len(results) > 8 * len(built)
    assert {name for name in whole if of_part[name] != whole[name]} == CHANGED

    path.write_bytes(read)
    dbt.complain(dbt.build(settings, "fqn:*", FORECAST_STAGE))
    assert tables(settings) == whole


@pytest.mark.slow
def test_the_order_of_rows_in_the_sources_changes_no_table(grown: Sandbox) -> None:
    settings = Settings(state=grown.state, data=grown.data)
    before = tables(settings)
    random = np.random.default_rng(1)
    for path in settings.raw.glob("*.parquet"):
        rows = pq.read_table(path)
        pq.write_table(rows.take(random.permutation(len(rows))), path)
    dbt_reuse.path(settings).unlink()
    # The tables alone: what tests say of them was said when they were first built.
    everything = dbt.build(settings, "resource_type:model resource_type:seed", FORECAST_STAGE, tests="empty")
    assert all(result.seconds for result in everything)
    after = tables(settings)
    assert {name: set(before[name]) ^ set(rows) for name, rows in after.items() if rows != before[name]} == {}


def test_new_facts_say_that_the_stored_backtest_is_of_older_ones(grown: Sandbox) -> None:
    settings = Settings(state=grown.state, data=grown.data)

    def status() -> str:
        forecasting.run(["backtest"], settings)
        checks = pd.read_parquet(settings.state / "checks" / "forecasts_backtest.parquet").set_index("check_name")
        return checks["status"]["backtest_is_current"]

    before = status()
    for by, expected in ((1, "warn"), (-1, before)):
        with duckdb.connect(str(settings.warehouse)) as warehouse:
            warehouse.execute(
                f"update market.guidance set mid_usd_m = mid_usd_m + {by} where source_row = "
                "(select min(source_row) from market.guidance)"
            )
        assert status() == expected
