"""The quarterly forecasts of a release, and rents by month, once more, laid out as a hubverse modelling hub (schemas v6.0.0).

The newest origin is there with every model, earlier ones (the rolling backtest) with the recommended model and the two that
it is measured by, each with the eight quarters, of rents 24 months, after the last reported one. Calendar years, later
quarters and the other models' past are in `forecast.quantiles` only.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

import forecasts
from pipeline import files

SCHEMAS = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v6.0.0"
TEAM = "chipcast"
LAST_QUARTER, LAST_MONTH = 8, 24
PAST_MODELS = ("recommended", "naive", "log_drift")
# What is derived from the others: horizon as hub tools count it, in months from the origin's month to the target's, and
# periods_ahead as `forecast.quantiles` counts it, 1 for the first quarter (of rents month) that was not reported.
DERIVED = ("horizon", "periods_ahead")
TASK_IDS = ("origin_date", "target", "entity_id", "scenario_id", *DERIVED, "target_end_date")

# One calendar for forecasts and observations: the end of the calendar quarter or month, never a fiscal period's own last day.
_QUARTER_END = "last_day(make_date({0}[:4]::int, 3 * {0}[6:]::int, 1))"
_PERIOD_END = f"case period_kind when 'month' then target_end_date else {_QUARTER_END.format('target_period')} end"

_FORECASTS = f"""
create temp table hub_forecasts as
select model_id, origin_date, target_id as target, entity_id, scenario_id,
    date_diff('month', origin_date, {_PERIOD_END}) as horizon, horizon as periods_ahead,
    {_PERIOD_END} as target_end_date, output_type, output_type_id, value, unit, evidence_class
from forecast.quantiles
where (period_kind = 'quarter' and horizon <= {LAST_QUARTER} or period_kind = 'month' and horizon <= {LAST_MONTH})
    and (model_id in {PAST_MODELS} or origin_date = (select max(origin_date) from forecast.quantiles))
"""

# What was reported of the forecast series, by the day of the report; sums over companies are not reported, so not here.
_OBSERVATIONS = f"""
create temp table hub_observations as
with reported as (
    select 'vendor_revenue' as target, vendor_id || '-' || segment_id as entity_id,
        {_QUARTER_END.format("calendar_quarter")} as target_end_date, value_usd_m as observation, reported_on, vintage
    from market.vendor_quarters_vintages where metric = 'revenue'
    union all
    select 'capex', 'capex-' || company_id, {_QUARTER_END.format("calendar_quarter")}, capex_usd_m, reported_on, vintage
    from market.capex_quarters_vintages where basis = 'cash'
    union all
    select 'rental_price_index', chip_id, last_day(period_start), index_first_month_100, reported_on, 'first'
    from market.rental_price_index where is_published
)
select target, entity_id, target_end_date, observation, reported_on as as_of, vintage
from reported semi join hub_forecasts using (target, entity_id)
"""
# A value stands until a later report changes it; the same value again is no new version.
_TIME_SERIES = """
select target, entity_id, target_end_date, observation, as_of from hub_observations
qualify observation is distinct from
    lag(observation) over (partition by target, entity_id, target_end_date order by as_of, vintage)
order by all
"""
# Forecasts are scored against the value first reported.
_ORACLE = """
select target, entity_id, target_end_date, arg_min(observation, (as_of, vintage)) as oracle_value
from hub_observations group by all order by all
"""


def write(database: Path, folder: Path) -> None:
    """Write the hub of the release in `database` into the new folder `folder`."""
    with duckdb.connect(str(database), read_only=True) as connection:
        # One thread writes each file whole and in order, so that equal forecasts are equal bytes.
        connection.execute("set threads = 1")
        connection.execute(_FORECASTS)
        connection.execute(_OBSERVATIONS)
        _write_model_output(connection, folder / "model-output")
        (folder / "target-data").mkdir()
        for name, query in (("time-series", _TIME_SERIES), ("oracle-output", _ORACLE)):
            target = folder / "target-data" / f"{name}.parquet"
            connection.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)")
        models = connection.execute(
            "select model_id, bool_or(is_recommended) from forecast.quantiles "
            "semi join hub_forecasts using (model_id) group by 1 order by 1"
        ).fetchall()
        config = {"tasks": _tasks(connection), "admin": _ADMIN, "target-data": _TARGET_DATA}
    config["model-metadata-schema"] = _METADATA_SCHEMA
    for name, content in config.items():
        files.write_bytes(folder / "hub-config" / f"{name}.json", json.dumps(content, indent=1, default=str).encode())
    for model, is_recommended in models:
        text = yaml.safe_dump(_metadata(model, is_recommended), sort_keys=False, allow_unicode=True)
        files.write_bytes(folder / "model-metadata" / f"{TEAM}-{model}.yml", text.encode())


def _write_model_output(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    parts = folder.with_name(".parts")
    folder.mkdir(parents=True)
    connection.execute(
        f"copy (select model_id as model, origin_date as origin, {', '.join(TASK_IDS)}, output_type, output_type_id, "
        f"value from hub_forecasts order by all) to '{parts}' "
        # of files so small zstd makes none smaller, and takes twice the time
        "(format parquet, compression snappy, partition_by (model, origin))"
    )
    for part in parts.glob("model=*/origin=*/*.parquet"):
        model, origin = (parent.name.partition("=")[2] for parent in (part.parent.parent, part.parent))
        target = folder / f"{TEAM}-{model}" / f"{origin}-{TEAM}-{model}.parquet"
        target.parent.mkdir(exist_ok=True)
        part.rename(target)
    shutil.rmtree(parts, ignore_errors=True)


def _tasks(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """tasks.json: one group of tasks per target and evidence class, so that an assumption never passes for a test."""
    listed = ", ".join(f"list(distinct {name} order by {name})" for name in TASK_IDS)
    groups = connection.execute(
        f"select target, evidence_class, any_value(unit), {listed}, "
        "list(distinct output_type_id order by output_type_id) filter (output_type = 'quantile'), "
        "bool_or(output_type = 'mean') from hub_forecasts group by target, evidence_class order by all"
    ).fetchall()
    round_ = {
        "round_id_from_variable": True,
        "round_id": "origin_date",
        "model_tasks": [
            _group(target, evidence, unit, dict(zip(TASK_IDS, values, strict=True)), levels, has_mean)
            for target, evidence, unit, *values, levels, has_mean in groups
        ],
        "submissions_due": {"relative_to": "origin_date", "start": 0, "end": 0},
    }
    return {
        "schema_version": f"{SCHEMAS}/tasks-schema.json",
        "rounds": [round_],
        "output_type_id_datatype": "double",
        "derived_task_ids": list(DERIVED),
    }


def _group(
    target: str, evidence: str, unit: str, ids: dict[str, Sequence], levels: Sequence[float] | None, has_mean: bool
) -> dict[str, Any]:
    value = {"type": "double", "minimum": 0, **({"maximum": 1} if unit == "share" else {})}
    outputs: dict[str, Any] = {}
    if levels:
        outputs["quantile"] = {"output_type_id": {"required": levels}, "value": value, "is_required": True}
    if has_mean:
        outputs["mean"] = {"output_type_id": {"required": None}, "value": value, "is_required": not levels}
    return {
        "task_ids": {name: {"required": None, "optional": list(values)} for name, values in ids.items()},
        "output_type": outputs,
        "target_metadata": [
            {
                "target_id": target[:30],  # the schema allows no more; the whole name is the key's
                "target_name": target.replace("_", " "),
                "target_units": unit,
                "target_keys": {"target": target},
                "target_type": "continuous",
                "is_step_ahead": True,
                "time_unit": "month",
                "description": "Value of the calendar quarter (of rents the month) that ends on target_end_date. horizon "
                "is 0 or negative for one that had ended by origin_date without being reported; periods_ahead is 1 for "
                "the first that was not reported.",
                "additional_metadata": {"evidence_class": evidence},
            }
        ],
    }


_ADMIN = {
    "schema_version": f"{SCHEMAS}/admin-schema.json",
    "name": "chipcast: forecasts for AI compute",
    "maintainer": TEAM,
    "contact": {"name": TEAM},
    "repository": {"host": "github", "owner": "unpublished", "name": TEAM},
    "file_format": ["parquet"],
    "timezone": "Africa/Abidjan",  # the schema's list has no UTC; this zone is UTC all year
}
_TARGET_DATA = {
    "schema_version": f"{SCHEMAS}/target-data-schema.json",
    "observable_unit": ["target", "entity_id", "target_end_date"],
    "date_col": "target_end_date",
    "versioned": False,
    "time-series": {"versioned": True},
    "oracle-output": {"has_output_type_ids": False},
}
_METADATA = {
    "team_name": {"type": "string", "description": "Name of the team."},
    "team_abbr": {"type": "string", "description": "First part of the model's id.", "pattern": "^[a-z0-9_]+$"},
    "model_name": {"type": "string", "description": "Name of the model."},
    "model_abbr": {"type": "string", "description": "Second part of the model's id.", "pattern": "^[a-z0-9_]+$"},
    "designated_model": {"type": "boolean", "description": "Whether this is the recommended model."},
    "license": {"type": "string", "description": "SPDX identifier.", "enum": ["CC-BY-4.0"]},
    "methods": {"type": "string", "description": "The idea of the model."},
    "data_inputs": {"type": "string", "description": "What the model reads."},
}
# What a file in model-metadata/ has to hold, as a JSON Schema: validators of hubs read it.
_METADATA_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Metadata of a model",
    "type": "object",
    "properties": _METADATA,
    "required": list(_METADATA),
    "additionalProperties": False,
}


def _metadata(model: str, is_recommended: bool) -> dict[str, Any]:
    """A model's metadata from its card; the compute models have none, their method is a page of the docs."""
    path = Path(forecasts.__file__).with_name("cards") / f"{model}.yml"
    card = yaml.safe_load(path.read_text()) if path.exists() else {}
    return {
        "team_name": TEAM,
        "team_abbr": TEAM,
        "model_name": card.get("name", model.replace("_", " ")),
        "model_abbr": model,
        "designated_model": is_recommended,
        "license": "CC-BY-4.0",
        "methods": card.get("idea", "See docs/methodology.md."),
        "data_inputs": card.get("inputs", "Published tables of the schema market, and forecast.assumptions."),
    }
