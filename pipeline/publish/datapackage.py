"""`datapackage.json`: the Frictionless description of a release, with units, keys, hashes, sources and licences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline import files
from pipeline.build import dbt

if TYPE_CHECKING:
    from pipeline.publish.release import Column, Table

TYPES = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "BOOLEAN": "boolean",
}
NUMERIC = ("integer", "number")

# The unit stands in a column's name (DESIGN 4); the first pattern found in the name counts.
_UNITS = {
    r"_ratio$|_over_": "1 (ratio)",
    r"index_first_month_100": "index, first month = 100",
    r"usd_per_mtok": "USD per million tokens",
    r"usd_per_chip_hour": "USD per chip-hour",
    r"usd_per_h100e_16bit_hour": "USD per H100e-hour (16-bit dense)",
    r"gb_per_s_per_usd_per_hour": "GB/s per USD per hour",
    r"flop_16bit_per_usd": "FLOP (16-bit dense) per USD",
    r"usd_m_2025": "million USD of 2025",
    r"usd_m|^guidance_mid$|^last_actual$": "million USD",
    r"usd": "USD",
    r"flops_\w+_per_s": "FLOP/s (dense)",
    r"ops_\w+_per_s": "operations/s (dense)",
    r"gb_per_s": "GB/s",
    r"_gb$": "GB",
    r"_w$": "W",
    r"_mw(_|$)": "MW",
    r"h100e_16bit": "H100e (16-bit dense)",
    r"h100e_bandwidth": "H100e (memory bandwidth)",
    r"h100e": "H100e (8-bit)",
    r"_flop$": "FLOP",
    r"_hours$": "hours",
    r"_days$": "days",
    r"_pct$": "percent",
    r"tokens_per_day": "tokens per day",
    r"_users_m$": "million users",
    r"(^|_)units_p|^chips$|^hardware_quantity$": "chips",
    r"^horizon$": "quarters",
    r"_share(_|$)|^skill|^prob|^empirical$|^nominal$|^band_": "1 (share)",
    r"^width_80$|^state_p|^interval_level$|difference$|^tolerance$": "1 (share)",
    r"_id$|_number$|^rank$|^effect_sign$|^fiscal_year_end_month$|^year$": "1",
    r"^log_wis$|^sd_log_odds$|weight$": "1",
    r"^n$|^n_eff$|^rows|^models$|^providers$|^parameters$|per_unit$|^buildings_operational$": "count",
}
# Long tables: another column of the same row says the unit, or the metric (a score's).
_ROW_UNIT = re.compile(
    r"^(p\d\d|mean|value|previous_p50|our_p\d\d|our_low|our_median|our_high|their_value|article_value_\w+|base_p50|scenario_p50)$"
)
_ROW_UNITS = {
    "value_a": "the two sources' own",
    "value_b": "the two sources' own",
    "ci05": "as value",
    "ci95": "as value",
}


def unit(name: str, columns: set[str]) -> str | None:
    """The unit of the numeric column `name` of a table with `columns`, from its name; None where the name has none."""
    if name in _ROW_UNITS:
        return _ROW_UNITS[name]
    if _ROW_UNIT.match(name):
        return next((f"see column {column}" for column in ("unit", "metric") if column in columns), None)
    return next((text for pattern, text in _UNITS.items() if re.search(pattern, name)), None)


def _field(column: Column, columns: set[str], key: Key | None) -> dict[str, Any]:
    kind = TYPES.get(column.type, "number" if column.type.startswith("DECIMAL") else "any")
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.description}
    if kind in NUMERIC and (found := unit(column.name, columns)):
        field["unit"] = found
    if key and key.filled and column.name in key.columns:
        field["constraints"] = {"required": True}
    return field


@dataclass(frozen=True)
class Key:
    """A primary key as a dbt model declares and tests it; only where it is `filled` does none of its columns have a gap."""

    columns: list[str]
    filled: bool


def primary_keys() -> dict[str, Key]:
    """The primary key of each published table.

    The database holds a key whose columns are filled; the test `unique_key` one in which a value can be missing.
    """
    nodes = dbt.load_manifest()["nodes"]
    keys = {}
    for uid, node in nodes.items():
        for constraint in node.get("constraints", []):
            if constraint["type"] == "primary_key":
                keys[uid] = Key(constraint["columns"], filled=True)
        if (node.get("test_metadata") or {}).get("name") == "unique_key":
            keys[node["attached_node"]] = Key(node["test_metadata"]["kwargs"]["columns"], filled=False)
    return {f"{nodes[uid]['schema']}.{nodes[uid]['name']}": key for uid, key in keys.items()}


def describe(folder: Path, database: str, published: list[Table], identity: dict[str, Any]) -> dict[str, Any]:
    """The descriptor of the release in `folder`, whose DuckDB file is named `database`."""
    from pipeline.publish import table_versions

    with duckdb.connect(str(folder / database), read_only=True) as connection:
        sources = connection.execute(
            "select title, url, licence from market.sources where rows_known > 0 order by source_id"
        ).fetchall()
    keys, versions = primary_keys(), table_versions.versions()
    resources = []
    for table in published:
        name = f"{table.schema}.{table.name}"
        path = folder / "parquet" / f"{name}.parquet"
        columns = {column.name for column in table.columns}
        key = keys.get(name)
        resources.append(
            {
                "name": name.lower(),
                # frictionless can check hash and bytes of a Parquet file, but not of a Parquet *table*, and reads an
                # integer column with a gap as floats. So the file is declared; tests check the rows by the schema.
                "type": "file",
                "version": versions.get(name),
                "description": table.description,
                "path": f"parquet/{path.name}",
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": path.stat().st_size,
                "hash": f"sha256:{files.sha256(path)}",
                "row_count": table.rows,
                "schema": {
                    "fields": [_field(column, columns, key) for column in table.columns],
                    **({"primaryKey": key.columns} if key else {}),
                },
            }
        )
    return {
        "name": "chipcast",
        "title": "chipcast: market tables and forecasts for AI compute",
        "description": "Normalised public facts about AI chips, prices, earnings and usage, and forecasts made from "
        "them. Contains data of Epoch AI (epoch.ai), CC BY 4.0.",
        **identity,
        "database": {"path": database, "hash": f"sha256:{files.sha256(folder / database)}"},
        "sources": [{"title": t, **({"path": u} if u else {}), "licence": licence} for t, u, licence in sources],
        "resources": resources,
    }
