"""The models that are fanned out need nothing but the series: alone they say what they say beside the whole panel."""

from __future__ import annotations

import numpy as np
import vendor_marts

from forecasts import panel
from forecasts.centre import SEASON_VENDORS
from forecasts.models import registry, scum
from tests.spark import fan_out

HORIZONS = 8


def test_a_series_alone_is_forecast_as_it_is_in_the_panel() -> None:
    quarters = vendor_marts.vendor_quarters()
    data = panel.build(quarters, vendor_marts.guidance(quarters), vendor_marts.capex_quarters())
    origin = max(item.reported_on.max() for item in data.series.values()).astype(object)
    # An engine promises no order of rows.
    rows = fan_out.rows_of(data.series.values()).sample(frac=1, random_state=1)
    found = fan_out.here(rows, origin, HORIZONS)
    context = data.at(origin)
    for entity_id in set(data.series) & set(panel.targets()):
        past = context.histories[entity_id]
        scummed = scum.path(past.log_level, SEASON_VENDORS)
        for model_id in fan_out.MODELS:
            alone = found[(found["entity_id"] == entity_id) & (found["model_id"] == model_id)]["p50"].to_numpy()
            beside = scummed if model_id == "scum" else registry()[model_id](past, context, HORIZONS)
            assert np.array_equal(alone, [] if beside is None else np.exp(beside)), (entity_id, model_id)
