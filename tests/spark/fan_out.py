"""Forecasts of many series side by side on Spark, each made by the very function that makes it here.

Medians only, and only of models that look at nothing but the series: guidance, intervals and the ceiling come from the
whole panel, which is small (ADR 6).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecasts.centre import SEASON_VENDORS
from forecasts.models import registry, scum
from forecasts.panel import Context, History, Series, history

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MODELS = ("log_drift", "naive", "scum")
DAYS = ("reported_on", "period_ends")
# What `medians` gives: horizon in quarters ahead, p50 in the unit of the series.
SCHEMA = "entity_id string, model_id string, horizon bigint, p50 double"


def rows_of(series: Iterable[Series]) -> pd.DataFrame:
    """Series as one table: a row per series and quarter, the columns as in `Series`."""
    rows = pd.concat([pd.DataFrame(vars(item)) for item in series], ignore_index=True)
    # Not times: those are another day in another session's time zone.
    return rows.assign(**{name: rows[name].dt.date for name in DAYS})


def series_of(rows: pd.DataFrame) -> Series:
    """The inverse of `rows_of` for the rows of one series, in whatever order they come."""
    rows = rows.sort_values("quarters")
    columns = {name: rows[name].to_numpy("datetime64[D]" if name in DAYS else None) for name in rows}
    return Series(**columns | {"entity_id": rows["entity_id"].iloc[0]})


def _scum(past: History) -> np.ndarray | None:
    """The fits that the recommended model rests on, of the reported history alone."""
    return scum.path(past.log_level, SEASON_VENDORS)


def medians(rows: pd.DataFrame, origin: date, horizons: int) -> pd.DataFrame:
    """Median forecasts of one series as known at `origin`; `rows` is its part of `rows_of`, the columns are SCHEMA's."""
    past, nothing_else = history(series_of(rows), origin), Context(origin, {}, pd.DataFrame())
    found = []
    if past is not None:
        for model_id in MODELS:
            path = _scum(past) if model_id == "scum" else registry()[model_id](past, nothing_else, horizons)
            ahead = enumerate([] if path is None else np.exp(path), start=1)
            found += [(past.entity_id, model_id, quarters, p50) for quarters, p50 in ahead]
    columns = [column.split()[0] for column in SCHEMA.split(", ")]
    return pd.DataFrame(found, columns=columns).astype({"horizon": "int64", "p50": "float64"})


def here(rows: pd.DataFrame, origin: date, horizons: int) -> pd.DataFrame:
    """`medians` of every series, one after the other in this process."""
    return pd.concat([medians(part, origin, horizons) for _, part in rows.groupby("entity_id")], ignore_index=True)


def on_spark(rows: DataFrame, origin: date, horizons: int) -> DataFrame:
    """`medians` of every series, each on whichever worker is free; workers need this project installed."""
    return rows.groupBy("entity_id").applyInPandas(lambda part: medians(part, origin, horizons), SCHEMA)
