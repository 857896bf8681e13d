"""`datapackage.json`: the Frictionless description of a release, with units, keys, hashes, sources and licences."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipeline import files
from pipeline.build import declared
from pipeline.publish import table_versions

TYPES = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "BOOLEAN": "boolean",
}

# What a column of this name, or one that ends so, names a row of.
IDENTITIES = {
    "chip_id": "market.chips",
    "model_id": "market.models",
    "parameter_id": "forecast.assumptions",
    "provider_id": "market.providers",
    "result_id": "market.inference_benchmarks",
    "source_id": "market.sources",
    "vendor_id": "market.vendors",
}
# Older ones stop with "version number 67, but we can only read versions between 64 and 66".
DUCKDB_VERSIONS = ">=1.4.0"


def _foreign_keys(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str], published: Mapping[str, int]
) -> list[dict[str, Any]]:
    """The columns that name a row of another table. One of which some value has no row in this release is not declared."""
    found = []
    for key, other in IDENTITIES.items():
        for column in (name for name in columns if name == key or name.endswith(f"_{key}")):
            if (table, column) == (other, key) or other not in published:
                continue
            holds = f"count({column}) > 0 and bool_and({column} is null or {column} in (select {key} from {other}))"
            if connection.execute(f"select {holds} from {table}").fetchall()[0][0]:
                found.append({"fields": [column], "reference": {"resource": other, "fields": [key]}})
    return found


def _field(column: declared.PublishedColumn, key: declared.Key | None) -> dict[str, Any]:
    kind = TYPES.get(column.type, "number" if column.type.startswith("DECIMAL") else "any")
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.meaning}
    if column.unit:
        field["unit"] = column.unit
    if key and key.filled and column.name in key.columns:
        field["constraints"] = {"required": True}
    return field


def describe(folder: Path, database: str, published: Mapping[str, int], identity: dict[str, Any]) -> dict[str, Any]:
    """The descriptor of the release in `folder`, whose DuckDB file is named `database`."""
    with duckdb.connect(str(folder / database), read_only=True) as connection:
        sources = connection.execute(
            "select title, url, licence from market.sources where rows_known > 0 order by source_id"
        ).fetchall()
        tables, versions = declared.tables(), table_versions.versions()
        foreign = {name: _foreign_keys(connection, name, tables[name].columns, published) for name in published}
    resources = []
    for name, rows in published.items():
        path = folder / "parquet" / f"{name}.parquet"
        key, columns = tables[name].key, tables[name].columns
        resources.append(
            {
                "name": name.lower(),
                # frictionless can check hash and bytes of a Parquet file, but not of a Parquet *table*, and reads an
                # integer column with a gap as floats. So the file is declared; tests check the rows by the schema.
                "type": "file",
                "version": versions.get(name),
                "description": tables[name].description,
                "path": f"parquet/{path.name}",
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": path.stat().st_size,
                "hash": f"sha256:{files.sha256(path)}",
                "row_count": rows,
                "schema": {
                    "fields": [_field(column, key) for column in columns.values()],
                    **({"primaryKey": list(key.columns)} if key else {}),
                    **({"foreignKeys": foreign[name]} if foreign[name] else {}),
                },
            }
        )
    return {
        "name": "chipcast",
        "title": "chipcast: market tables and forecasts for AI compute",
        "description": "Normalised public facts about AI chips, prices, earnings and usage, and forecasts made from "
        "them. Contains data of Epoch AI (epoch.ai), CC BY 4.0.",
        **identity,
        "database": {
            "path": database,
            "hash": f"sha256:{files.sha256(folder / database)}",
            "duckdb_versions": DUCKDB_VERSIONS,
        },
        "sources": [{"title": t, **({"path": u} if u else {}), "licence": licence} for t, u, licence in sources],
        "resources": resources,
    }
