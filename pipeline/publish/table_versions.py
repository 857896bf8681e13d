"""The schema that readers rely on: `docs/schema.json`, committed, with a semantic version for every published table.

A column or table that goes, another type or another key is a major change and needs a line in CHANGELOG.md that names
the table and its new version; a new column, or a first key, is a minor one. `make docs` writes the file and raises
the versions.
"""

import json
from collections.abc import Mapping
from typing import Any

from pipeline.build import dbt, declared
from pipeline.settings import PROJECT, Settings

FILE = PROJECT / "docs" / "schema.json"
FIRST = "1.0.0"
Tables = Mapping[str, Mapping[str, Any]]


def current() -> dict[str, dict[str, Any]]:
    """Key and columns (name → SQL type) of every published table, as the dbt project declares them."""
    dbt.ensure_manifest(Settings.from_env().state)
    return {
        name: {
            "key": list(table.key.columns) if table.key else [],
            "columns": {column.name: column.type for column in table.columns.values()},
        }
        for name, table in declared.tables().items()
    }


def committed() -> dict[str, dict[str, Any]]:
    """The committed schema, with versions."""
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def changes(before: Tables, after: Tables) -> dict[str, list[tuple[str, str]]]:
    """Per table that differs: what is different, each as ("major" or "minor", words)."""
    found: dict[str, list[tuple[str, str]]] = {}
    nothing: Mapping[str, Any] = {"key": [], "columns": {}}
    for name, old in before.items():
        new, told = after.get(name, nothing), []
        if name not in after and old["columns"]:
            told.append(("major", "the table is gone"))
        else:
            told += [("major", f"column {c} is gone") for c in old["columns"] if c not in new["columns"]]
            told += [
                ("major", f"column {c} is {kind}, was {old['columns'][c]}")
                for c, kind in new["columns"].items()
                if old["columns"].get(c, kind) != kind
            ]
            told += [("minor", f"column {c} is new") for c in new["columns"] if c not in old["columns"]]
            if list(old["key"]) != list(new["key"]):
                kind = "major" if old["key"] else "minor"
                told.append((kind, f"the key is {', '.join(new['key']) or 'gone'}"))
        if told:
            found[name] = told
    return found


def bumped(version: str, told: list[tuple[str, str]]) -> str:
    """The version after the changes of one table."""
    major, minor, _ = (int(part) for part in version.split("."))
    return f"{major + 1}.0.0" if any(kind == "major" for kind, _ in told) else f"{major}.{minor + 1}.0"


def renewed(before: Tables, after: Tables) -> dict[str, dict[str, Any]]:
    """The schema to commit: today's tables with raised versions; a table that is gone stays as a version without columns."""
    differing = changes(before, after)
    found = {}
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name, {"key": [], "columns": {}})
        version = FIRST if old is None else old["version"]
        found[name] = {"version": bumped(version, differing[name]) if name in differing else version, **new}
    return found


def text() -> str:
    """The content of `docs/schema.json` that fits today's tables."""
    tables = renewed(committed(), current())
    lines = [f" {json.dumps(name)}: {json.dumps(table)}" for name, table in tables.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def versions() -> dict[str, str]:
    """The version of every table in the committed schema."""
    return {name: table["version"] for name, table in committed().items()}
