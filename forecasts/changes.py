"""What moved since the previous origin: today's medians beside those that the day before the newest results gave."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from forecasts.panel import targets
from forecasts.vendor_paths import VENDOR_TOTAL

COLUMNS = {
    "origin_date": "datetime64[us]",
    "previous_origin_date": "datetime64[us]",
    "entity_id": "string",
    "period_kind": "string",
    "target_period": "string",
    "p50": "float64",
    "previous_p50": "float64",
    "change_pct": "float64",
    "unit": "string",
    "attributed_to": "string",
    "evidence_class": "string",
}


def previous_origin(vendor_quarters: pd.DataFrame, origin: date) -> date | None:
    """The day before the newest report date of a forecast vendor up to `origin`; None where nothing was reported."""
    rows = _panel_rows(vendor_quarters)
    reported = pd.to_datetime(rows["reported_on"])
    newest = reported[reported <= pd.Timestamp(origin)].max()
    return None if pd.isna(newest) else newest.date() - timedelta(days=1)


def vendor_changes(
    now: pd.DataFrame, before: pd.DataFrame | None, vendor_quarters: pd.DataFrame, origin: date
) -> pd.DataFrame:
    """Median now and at the previous origin per entity and period that both forecast, USD million, and why it moved.

    Code, assumptions and seed are the same in both, so what moved did so by new truth: `new_truth` where the vendor
    itself (or a part of the sum) reported since, `truth_of_others` where only the pooled errors and weights did.
    """
    if before is None or before.empty or now.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    keys = ["entity_id", "period_kind", "target_period"]
    both = now.merge(before[[*keys, "p50", "origin_date"]], on=keys, suffixes=("", "_before"))
    rows = _panel_rows(vendor_quarters)
    reported = pd.to_datetime(rows["reported_on"])
    fresh = rows[(reported > pd.Timestamp(before["origin_date"].iloc[0])) & (reported <= pd.Timestamp(origin))]
    movers = set(fresh["entity_id"])
    if any(targets()[key].in_total for key in movers):
        movers.add(VENDOR_TOTAL)
    return pd.DataFrame(
        {
            "origin_date": both["origin_date"],
            "previous_origin_date": both["origin_date_before"],
            **{key: both[key] for key in keys},
            "p50": both["p50"],
            "previous_p50": both["p50_before"],
            "change_pct": 100 * (both["p50"] / both["p50_before"] - 1),
            "unit": both["unit"],
            "attributed_to": both["entity_id"].isin(movers).map({True: "new_truth", False: "truth_of_others"}),
            "evidence_class": both["evidence_class"],
        }
    )


def _panel_rows(vendor_quarters: pd.DataFrame) -> pd.DataFrame:
    """Quarters of the forecast vendors, with the entity_id of each."""
    series = [{**target.series, "entity_id": key} for key, target in targets().items() if "vendor_id" in target.series]
    return vendor_quarters.merge(pd.DataFrame(series), on=["vendor_id", "segment_id"])
