"""What moved since the previous origin: today's medians beside those that the day before the newest results gave.

Both are made by today's code with the same seed, so facts (and assumptions dated in between) are all that differs.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from forecasts import assumptions, panel
from forecasts.panel import targets
from forecasts.vendor_paths import CAPEX_PARTS, CAPEX_TOTAL, VENDOR_PARTS, VENDOR_TOTAL

KEYS = ["target_id", "entity_id", "period_kind", "target_period"]
COLUMNS = ["origin_date", "previous_origin_date", *KEYS, "p50", "previous_p50", "change_pct", "unit"]
COLUMNS += ["attributed_to", "new_facts", "evidence_class"]
NEWS = ("new_truth", "new_guidance")  # the first that applies is the reason
REPORTS = (
    "vendor_quarters",
    "capex_quarters",
    "guidance",
)  # what companies say; what else the fleet rests on is estimates


def previous_origin(vendor_quarters: pd.DataFrame, origin: date) -> date | None:
    """The day before the newest report date of a forecast vendor up to `origin`; None where nothing was reported."""
    series = [target.series for target in targets().values() if "vendor_id" in target.series]
    rows = vendor_quarters.merge(pd.DataFrame(series), on=["vendor_id", "segment_id"])
    reported = pd.to_datetime(rows["reported_on"])
    newest = reported[reported <= pd.Timestamp(origin)].max()
    return None if pd.isna(newest) else newest.date() - timedelta(days=1)


def news(data: panel.Panel, since: date) -> dict[str, dict[str, str]]:
    """By entity and kind (NEWS), what it reported or guided after `since` that its forecast rests on; absent if nothing.

    A total has the news of its parts, a company's total that of the segment it holds.
    """
    found: dict[str, dict[str, str]] = {}
    for key, target in targets().items():
        own: dict[str, str] = {}
        series = data.series.get(key)
        if series is not None:
            labels = series.fiscal_periods[series.reported_on.astype(object) > since]
            if len(labels):
                own["new_truth"] = f"{key} {', '.join(labels)}"
        guided = target.guidance or {}
        rows = data.guidance
        if guided and len(rows):
            rows = rows[(rows["issuer_id"] == guided["issuer_id"]) & (rows["issued_on"] > pd.Timestamp(since))]
            if "segment_id" in guided:
                rows = rows[rows["segment_id"] == guided["segment_id"]]
            if len(rows):
                periods = ", ".join(sorted(set(rows["target_period"])))
                own["new_guidance"] = f"guidance of {guided['issuer_id']} for {periods}"
        found[key] = own
    sums = {VENDOR_TOTAL: VENDOR_PARTS, CAPEX_TOTAL: CAPEX_PARTS}
    sums |= {key: (key, target.holds) for key, target in targets().items() if target.holds}
    for total, parts in sums.items():
        both = {kind: [found[part][kind] for part in parts if kind in found.get(part, {})] for kind in NEWS}
        found[total] = {kind: "; ".join(dict.fromkeys(items)) for kind, items in both.items() if items}
    return found


def vendor_changes(now: pd.DataFrame, before: pd.DataFrame | None, data: panel.Panel) -> pd.DataFrame:
    """Median now and at the previous origin per entity and period that both forecast, USD million, and why it moved.

    `now` and `before` are `forecast.vendor_revenue` of two origins, `data` is the panel of the later one.
    attributed_to: new_truth where the entity itself (or a part of the sum) reported since, new_guidance where it only
    guided, truth_of_others where only pooled errors, weights or the spending ceiling moved.
    """
    if before is None or before.empty or now.empty:
        return pd.DataFrame(columns=COLUMNS)
    moved = news(data, before["origin_date"].iloc[0].date())
    capex = {CAPEX_TOTAL, *CAPEX_PARTS}

    def prepared(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(target_id=frame["entity_id"].isin(capex).map({True: "capex", False: "vendor_revenue"}))

    both = _both(prepared(now), prepared(before))
    own = both["entity_id"].map(lambda key: moved.get(key, {}))
    both["attributed_to"] = own.map(lambda kinds: next((kind for kind in NEWS if kind in kinds), "truth_of_others"))
    both["new_facts"] = own.map(lambda kinds: "; ".join(kinds.values()) or None)
    return both[COLUMNS]


def compute_changes(
    now: pd.DataFrame, before: pd.DataFrame | None, marts: Mapping[str, pd.DataFrame], origin: date
) -> pd.DataFrame:
    """The same for calendar years of supply, demand and shares, from the `forecast.quantiles` rows of two origins.

    attributed_to: assumption where the values of one differ, else new_estimates where a table of estimates has new rows,
    else new_truth. new_facts counts the rows that each table gained.
    """
    if before is None or before.empty or now.empty:
        return pd.DataFrame(columns=COLUMNS)
    since = before["origin_date"].iloc[0].date()
    gained = {name: _gained(frame, since, origin) for name, frame in sorted(marts.items())}
    gained = {name: rows for name, rows in gained.items() if rows}
    levels = ["parameter_id", "p10", "p50", "p90"]
    reason = "new_estimates" if set(gained) - set(REPORTS) else "new_truth"
    if not assumptions.load(origin)[levels].equals(assumptions.load(since)[levels]):
        reason = "assumption"
    told = ", ".join(f"{name} +{rows}" for name, rows in gained.items())
    both = _both(_medians(now), _medians(before))
    return both.assign(attributed_to=reason, new_facts=told or None)[COLUMNS]


def _both(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    both = now.merge(before[[*KEYS, "p50", "origin_date"]], on=KEYS, suffixes=("", "_before"))
    both = both.rename(columns={"p50_before": "previous_p50", "origin_date_before": "previous_origin_date"})
    return both.assign(change_pct=100 * (both["p50"] / both["previous_p50"] - 1))


def _medians(quantiles: pd.DataFrame) -> pd.DataFrame:
    rows = quantiles[quantiles["is_recommended"] & (quantiles["period_kind"] == "calendar_year")]
    return rows[rows["output_type_id"] == 0.5].rename(columns={"value": "p50"})


def _gained(frame: pd.DataFrame, since: date, origin: date) -> int:
    column = "reported_on" if "reported_on" in frame else "release_date"
    if column not in frame:
        return 0
    days = pd.to_datetime(frame[column])
    return int(days.between(pd.Timestamp(since), pd.Timestamp(origin), inclusive="right").sum())
