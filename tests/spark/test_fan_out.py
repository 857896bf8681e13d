"""Forecasts made by Spark's workers are to the last bit those made here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession
from sandbox import Sandbox

from forecasts import panel
from pipeline.build import backtesting
from pipeline.settings import Settings
from tests.spark import fan_out

SHUFFLED = 300
HORIZONS = 8
KEY = ["entity_id", "model_id", "horizon"]


@pytest.fixture(scope="module")
def series(refreshed: Sandbox) -> list[panel.Series]:
    """The real panel; real series whose growth was shuffled, as long and as jumpy; one not yet reported."""
    settings = Settings(state=refreshed.state, published=refreshed.published)
    marts = backtesting.read_tables(settings, backtesting.VENDOR_MARTS)
    real = list(panel.build(**marts).series.values())
    rng = np.random.default_rng(1)
    shuffled = []
    for number in range(SHUFFLED):
        item = real[number % len(real)]
        steps = rng.permutation(np.diff(np.log(item.values)))
        values = item.values[0] * np.exp(np.concatenate([[0.0], np.cumsum(steps)]))
        shuffled.append(replace(item, entity_id=f"shuffled-{number}", values=values))
    later = replace(real[0], entity_id="not-yet-reported", reported_on=real[0].reported_on + np.timedelta64(20_000))
    return [*real, *shuffled, later]


def test_spark_gives_what_this_process_gives(spark: SparkSession, series: list[panel.Series]) -> None:
    rows, origin = fan_out.rows_of(series), Settings().snapshot_date
    local = fan_out.here(rows, origin, HORIZONS).sort_values(KEY, ignore_index=True)
    found = fan_out.on_spark(spark.createDataFrame(rows), origin, HORIZONS).toPandas()
    assert set(local["entity_id"]) == {item.entity_id for item in series} - {"not-yet-reported"}
    assert set(local["model_id"]) == set(fan_out.MODELS)
    pd.testing.assert_frame_equal(found.sort_values(KEY, ignore_index=True), local, check_exact=True)
