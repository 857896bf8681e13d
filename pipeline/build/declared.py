"""What the dbt project declares of the published tables: key, and each column with its type, unit and meaning.

`dbt/models/marts/_marts.yml` is the one place where a column is declared; SQL comments, docs, data package, Parquet
fields and the layout of what the forecasting stage writes follow from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.build import dbt

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SCHEMAS = ("market", "forecast", "quality")
NUMERIC = ("DOUBLE", "BIGINT", "INTEGER", "DECIMAL")


@dataclass(frozen=True)
class PublishedColumn:
    """A published column: its SQL type, its unit (None where it holds no number) and what it means."""

    name: str
    type: str
    unit: str | None
    meaning: str

    @property
    def numeric(self) -> bool:
        """True for a number, which needs a unit."""
        return self.type.startswith(NUMERIC)


@dataclass(frozen=True)
class Key:
    """The primary key that dbt tests; only where it is `filled` does none of its columns have a gap."""

    columns: tuple[str, ...]
    filled: bool


@dataclass(frozen=True)
class Table:
    """A declared table with its columns, by name and in order; no key for one of which none is declared."""

    description: str
    key: Key | None
    columns: Mapping[str, PublishedColumn]


def _columns(node: Mapping[str, Any]) -> dict[str, PublishedColumn]:
    return {
        name: PublishedColumn(name, column["data_type"].upper(), column["meta"].get("unit"), column["description"])
        for name, column in node["columns"].items()
    }


def _keys(manifest: Mapping[str, Any]) -> dict[str, Key]:
    """Keys by node: the database holds one whose columns are filled, the test `unique_key` one in which a value can miss."""
    keys = {}
    for uid, node in manifest["nodes"].items():
        for constraint in node.get("constraints", []):
            if constraint["type"] == "primary_key":
                keys[uid] = Key(tuple(constraint["columns"]), filled=True)
        if (node.get("test_metadata") or {}).get("name") == "unique_key":
            keys[node["attached_node"]] = Key(tuple(node["test_metadata"]["kwargs"]["columns"]), filled=False)
    return keys


def _models(manifest: Mapping[str, Any]) -> dict[str, Table]:
    keys = _keys(manifest)
    return {
        uid: Table(node["description"], keys.get(uid), _columns(node))
        for uid, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] in SCHEMAS
    }


def tables() -> dict[str, Table]:
    """Every published table by `schema.name`, in alphabetical order."""
    manifest = dbt.load_manifest()
    nodes = manifest["nodes"]
    return dict(sorted((f"{nodes[uid]['schema']}.{nodes[uid]['alias']}", t) for uid, t in _models(manifest).items()))


def written() -> dict[str, Table]:
    """What the forecasting stage has to write, by the table's name.

    A table without columns of its own has those of the published one that is made of it; of two, both have the same.
    """
    manifest = dbt.load_manifest()
    models = _models(manifest)
    found = {}
    for uid, source in manifest["sources"].items():
        if source["source_name"] == "forecasts" and source["columns"]:
            key = Key(tuple(source["config"]["meta"]["key"]), filled=True)
            found[source["name"]] = Table(source["description"], key, _columns(source))
        elif source["source_name"] == "forecasts":
            children = sorted(child for child in manifest["child_map"][uid] if child in models)
            found[source["name"]] = models[children[0]]
    return found


def arrow_schema(table: Table) -> pa.Schema:
    """The declared columns with their types in Arrow."""
    import pyarrow as pa

    types = {
        "VARCHAR": pa.string(),
        "DOUBLE": pa.float64(),
        "BIGINT": pa.int64(),
        "INTEGER": pa.int32(),
        "DATE": pa.date32(),
        "BOOLEAN": pa.bool_(),
        "DECIMAL(4,3)": pa.decimal128(4, 3),
    }
    return pa.schema([(column.name, types[column.type]) for column in table.columns.values()])


def arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    """The frame in the declared layout, which an empty or all-missing column of a frame lacks.

    Raises KeyError where the frame has other columns than are declared.
    """
    import pyarrow as pa

    schema = arrow_schema(table)
    if frame.empty:
        return schema.empty_table()
    if differing := set(frame.columns) ^ set(table.columns):
        raise KeyError(f"columns differ from those declared in dbt/models/marts/_marts.yml: {sorted(differing)}")
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
