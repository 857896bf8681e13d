"""The stored backtest is stale when anything changed that it rests on."""

import grimp

from pipeline.build import backtesting


def test_the_key_holds_every_module_that_the_backtest_imports() -> None:
    reached = grimp.build_graph("forecasts").find_upstream_modules("forecasts.backtest") | {"forecasts.backtest"}
    alone = {name.removeprefix("forecasts.") for name in reached if not name.startswith("forecasts.models")}
    assert alone == set(backtesting.CODE)
