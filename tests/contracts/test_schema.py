"""Readers' contract: database, dbt project, dictionary, data package and the committed schema say the same."""

from __future__ import annotations

import copy
import json
import re

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from sandbox import ROOT, Sandbox

from pipeline.build import claims, dbt, declared, forecasting
from pipeline.publish import table_versions

CHANGELOG = (ROOT / "CHANGELOG.md").read_text()


def problems(before: table_versions.Tables, after: table_versions.Tables, changelog: str) -> list[str]:
    """Why the committed schema cannot stand beside today's tables and the change log; empty where it can."""
    found = []
    for name, told in table_versions.changes(before, after).items():
        words = "; ".join(f"{text} ({kind})" for kind, text in told)
        found.append(
            f"{name}: {words}: run `make docs`, which makes it {table_versions.bumped(before[name]['version'], told)}"
        )
    found += [f"{name} is new: run `make docs`" for name in after if name not in before]
    for name, table in before.items():
        if int(table["version"].split(".")[0]) > 1 and f"{name} {table['version']}" not in changelog.replace("`", ""):
            found.append(f"CHANGELOG.md has no line on {name} {table['version']}")
    return found


def test_the_committed_schema_is_todays_and_breaking_changes_are_told() -> None:
    assert problems(table_versions.committed(), table_versions.current(), CHANGELOG) == []


def dictionary() -> dict[str, dict[str, tuple[str, str]]]:
    """Tables of docs/data_dictionary.md: column → (unit, meaning)."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for part in re.split(r"^## ", (ROOT / "docs" / "data_dictionary.md").read_text(), flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| `([^`]+)` \| [^|]+ \| ([^|]*) \| (.*) \|$", part, flags=re.MULTILINE)
        found[part.split("\n")[0]] = {name: (unit.strip(), meaning) for name, unit, meaning in rows}
    return found


def test_database_project_dictionary_package_and_contract_agree(
    release: duckdb.DuckDBPyConnection, refreshed: Sandbox
) -> None:
    def plain(text: str) -> str:
        return " ".join(text.replace("&lt;", "<").replace("\\|", "|").split())

    published: dict[str, dict[str, tuple[str, str]]] = {}
    for name, column, kind, said in release.execute(
        "select schema_name || '.' || table_name, column_name, data_type, comment from duckdb_columns() "
        "where schema_name in ('market', 'forecast', 'quality') order by table_name, column_index"
    ).fetchall():
        published.setdefault(name, {})[column] = (kind, said)
    schema = {name: table for name, table in table_versions.committed().items() if table["columns"]}
    package = json.loads((refreshed.latest / "datapackage.json").read_text())
    resources = {resource["name"]: resource for resource in package["resources"]}
    nodes = {
        f"{n['schema']}.{n['alias']}": n for n in dbt.load_manifest()["nodes"].values() if n["resource_type"] == "model"
    }
    documented = dictionary()
    assert set(published) == set(schema) == set(resources) == set(documented)
    for name, table in published.items():
        columns = list(table)
        assert columns == list(nodes[name]["columns"]), name
        assert columns == [field["name"] for field in resources[name]["schema"]["fields"]], name
        assert columns == list(schema[name]["columns"]) == list(documented[name]), name
        assert schema[name]["version"] == resources[name]["version"]
        assert schema[name]["key"] == resources[name]["schema"]["primaryKey"]
        for column, (kind, said) in table.items():
            declared = nodes[name]["columns"][column]
            assert kind == {"INT": "INTEGER"}.get(declared["data_type"].upper(), declared["data_type"].upper())
            assert plain(said) == plain(declared["description"]), (name, column)
            unit, meaning = documented[name][column]
            assert (plain(meaning), unit) == (plain(declared["description"]), declared["meta"].get("unit", ""))


def without_unit(tables: dict[str, declared.Table]) -> list[str]:
    """Columns that hold a number without a unit, or a unit without a number."""
    return [
        f"{name}.{column.name}"
        for name, table in tables.items()
        for column in table.columns.values()
        if column.numeric != bool(column.unit)
    ]


def test_every_numeric_column_has_a_unit() -> None:
    tables = declared.tables()
    assert without_unit(tables) == [], "give the column `config: { meta: { unit: … } }` in dbt/models/marts/_marts.yml"
    bare = declared.PublishedColumn(
        "flops_16bit_per_s_per_w", "DOUBLE", None, "A rate per watt, whose unit nobody said."
    )
    tables["market.chips"] = declared.Table("Chips.", None, {bare.name: bare})
    assert without_unit(tables) == ["market.chips.flops_16bit_per_s_per_w"]


def test_what_the_forecasting_stage_writes_has_a_declared_layout() -> None:
    assert set(declared.written()) == {claims.TABLE, *(t for tables in forecasting.TABLES.values() for t in tables)}
    layout = declared.written()["share_anchors"]
    assert layout == declared.tables()["forecast.share_anchors"]
    empty = declared.arrow(layout, pd.DataFrame())
    assert empty.schema.field("reported_on").type == pa.date32() and empty.num_rows == 0
    with pytest.raises(KeyError, match="no_such_column"):
        declared.arrow(layout, pd.DataFrame({"no_such_column": [1]}))


def mutated(change: str) -> table_versions.Tables:
    tables = copy.deepcopy(table_versions.current())
    table = tables["market.chips"]
    if change == "column gone":
        del table["columns"]["memory_gb"]
    elif change == "column renamed":
        table["columns"] = {("hbm_gb" if c == "memory_gb" else c): kind for c, kind in table["columns"].items()}
    elif change == "type":
        table["columns"]["memory_gb"] = "VARCHAR"
    elif change == "key":
        table["key"] = ["chip_name"]
    elif change == "table gone":
        del tables["market.chips"]
    elif change == "column new":
        table["columns"]["colour"] = "VARCHAR"
    return tables


@pytest.mark.parametrize(
    ("change", "version"),
    [
        ("column gone", "major"),
        ("column renamed", "major"),
        ("type", "major"),
        ("key", "major"),
        ("table gone", "major"),
        ("column new", "minor"),
    ],
)
def test_a_change_needs_a_version_and_a_breaking_one_a_line_in_the_changelog(change: str, version: str) -> None:
    before, after = table_versions.committed(), mutated(change)
    major, minor, _ = (int(part) for part in before["market.chips"]["version"].split("."))
    wanted = f"{major + 1}.0.0" if version == "major" else f"{major}.{minor + 1}.0"
    (problem,) = problems(before, after, CHANGELOG)
    assert problem.startswith("market.chips: ") and wanted in problem
    new = table_versions.renewed(before, after)
    assert new["market.chips"]["version"] == wanted
    told = problems(new, after, CHANGELOG)
    assert told == ([f"CHANGELOG.md has no line on market.chips {wanted}"] if version == "major" else [])
    assert problems(new, after, f"{CHANGELOG}\n- `market.chips` {wanted}: …") == []
    assert table_versions.renewed(new, after) == new
