"""Which rows of a table speak of the entity that a forecast is about."""

from typing import Any

# Ids that name the forecast, not what it is about.
_OF_THE_FORECAST = {"model_id", "scenario_id", "target_id", "baseline_id", "claim_id", "parameter_id", "anchor_id"}


def about(row: dict[str, Any], columns: set[str]) -> list[dict[str, Any]]:
    """Conditions for the rows of a table that speak of the same entity as a forecast row; none if it has no such."""
    # Half a second to load, which Dagster's definitions do without.
    from forecasts.panel import targets
    from forecasts.vendor_paths import VENDOR_TOTAL

    entity, known = row.get("entity_id"), targets()
    if entity in known:
        series = [known[entity].series]
    elif entity == VENDOR_TOTAL:
        series = [target.series for target in known.values() if target.in_total]
    elif entity and str(entity).startswith("capex-"):
        series = [target.series for target in known.values() if target.is_capex]
    else:
        series = [
            {k: v for k, v in row.items() if k.endswith("_id") and k in columns and k not in _OF_THE_FORECAST and v}
        ]
    # A guidance row names its issuer where a result names its vendor.
    issuer = "issuer_id" in columns and "vendor_id" not in columns
    named = [{"issuer_id" if k == "vendor_id" and issuer else k: v for k, v in each.items()} for each in series]
    return [each for each in named if each and each.keys() <= columns]
