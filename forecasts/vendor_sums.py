"""Sums, which only paths can give: four quarters of one series, and all members of a total in one quarter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecasts import intervals, scoring
from forecasts.panel import quarter_label, quarter_ordinal
from forecasts.quantiles import LEVELS
from forecasts.vendor_paths import CAPEX_PARTS, CAPEX_TOTAL, COMMON, VENDOR_PARTS, VENDOR_TOTAL
from forecasts.vendor_records import HORIZONS, Records

SUM_QUARTERS, DRAWS, SEED = 4, 1000, 20261124
Models = Mapping[str, tuple[np.ndarray, np.ndarray]]  # log medians (rows, horizons) and scales (rows, eight)


def next_four_quarters(records: Records, models: Models, is_headline: np.ndarray) -> pd.DataFrame:
    """Forecast rows, as `scoring.score_rows` takes them, of the sum of the next four quarters; horizon is 4."""
    normal = intervals.normals(1, SUM_QUARTERS, DRAWS, 0.0, np.random.default_rng(SEED))[0]
    base = records.rows.assign(
        horizon=SUM_QUARTERS,
        target_quarter=[quarter_label(quarter_ordinal(label) + SUM_QUARTERS) for label in records.rows["last_quarter"]],
        is_scored=records.is_scored,
        is_headline=is_headline[:, SUM_QUARTERS - 1],
        in_panel=records.of_target("in_panel").astype(bool),
        crosses_definition=np.asarray(records.crosses[:, :SUM_QUARTERS].any(axis=1)),
        truth_recalled=np.asarray(records.recalled[:, :SUM_QUARTERS].any(axis=1)),
        truth_usd_m=np.exp(records.truth[:, :SUM_QUARTERS]).sum(axis=1),
    )
    parts = []
    for model_id, (median, scale) in models.items():
        errors = intervals.errors_from(normal, scale[:, :SUM_QUARTERS])
        sums = np.log(np.exp(median[:, :SUM_QUARTERS, None] + errors).sum(axis=1))
        table = pd.DataFrame(np.quantile(sums, LEVELS, axis=1).T, columns=scoring.QUANTILES, index=base.index)
        parts.append(base.assign(model_id=model_id, log_median=np.median(sums, axis=1), log_scale=np.nan).join(table))
    return pd.concat(parts, ignore_index=True)


def totals(records: Records, models: Models, is_headline: np.ndarray) -> pd.DataFrame:
    """Forecast rows of the two totals, once the last member has reported a quarter.

    The vendors' total is that of the vendors with enough history at the time: NVIDIA and Intel from 2019, AMD from 2024,
    Broadcom as its disclosures allow. It tests the adding up, without the spending ceiling of the published paths.
    """
    found: list[dict] = []
    scored = records.rows[records.is_scored]
    for total_id, members in ((VENDOR_TOTAL, VENDOR_PARTS), (CAPEX_TOTAL, CAPEX_PARTS)):
        rows = scored[scored["entity_id"].isin(members)]
        for quarter, group in rows.groupby("last_quarter"):
            at = group.index.to_numpy()
            # One vendor is no total; of capex all five are asked for.
            if len(at) < (2 if total_id == VENDOR_TOTAL else len(CAPEX_PARTS)):
                continue
            rng = np.random.default_rng([SEED, quarter_ordinal(str(quarter))])
            normal = intervals.normals(len(at), HORIZONS, DRAWS, COMMON, rng)
            for model_id, (median, scale) in models.items():
                errors = intervals.errors_from(normal, scale[at])
                sums = np.log(np.exp(median[at, :HORIZONS, None] + errors).sum(axis=0))
                for h in range(HORIZONS):
                    head = dict(
                        entity_id=total_id,
                        origin_date=group["origin_date"].max(),
                        last_quarter=quarter,
                        last_recalled=bool(group["last_recalled"].any()),
                        model_id=model_id,
                        horizon=h + 1,
                        target_quarter=quarter_label(quarter_ordinal(str(quarter)) + h + 1),
                        is_scored=True,
                        is_headline=bool(is_headline[at, h].all()),
                        in_panel=False,
                        crosses_definition=bool(records.crosses[at, h].any()),
                        truth_recalled=bool(records.recalled[at, h].any()),
                        truth_usd_m=float(np.exp(records.truth[at, h]).sum()),
                        log_median=float(np.median(sums[h])),
                        log_scale=np.nan,
                    )
                    found.append(head | dict(zip(scoring.QUANTILES, np.quantile(sums[h], LEVELS), strict=True)))
    columns = ["entity_id", "origin_date", "last_quarter", "last_recalled", "model_id", "horizon", "target_quarter"]
    columns += ["is_scored", "is_headline", "in_panel", "crosses_definition", "truth_recalled", "truth_usd_m"]
    return pd.DataFrame(found, columns=[*columns, "log_median", "log_scale", *scoring.QUANTILES])
