"""The stored backtest is stale when anything changed that it rests on."""

import grimp

from pipeline.build import backtesting
from pipeline.sources import all_sources


def test_the_key_holds_every_module_that_the_backtest_imports() -> None:
    reached = grimp.build_graph("forecasts").find_upstream_modules("forecasts.backtest") | {"forecasts.backtest"}
    alone = {name.removeprefix("forecasts.") for name in reached if not name.startswith("forecasts.models")}
    assert alone == set(backtesting.CODE)


def test_the_key_holds_every_model_and_source_that_the_facts_are_made_of() -> None:
    names = {path.stem for path in backtesting._tables_code()}
    assert {"vendor_quarters_vintages", "int_read_results", "stg_read_results", "segments"} < names
    staged = {name.removeprefix("stg_") for name in names if name.startswith("stg_")}
    earnings = {source.id for source in all_sources() if source.domain == "earnings"}
    assert staged - earnings == {"company_aliases"}  # names, a seed that is in the key itself
    assert "company_aliases" in names
