"""`datapackage.json` by the Frictionless validator, and the rows of every table by the schema that it gives them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest
from frictionless import FrictionlessException, Package, Resource, Schema
from sandbox import Sandbox


def is_valid(descriptor: Path) -> bool:
    try:
        return Package(str(descriptor)).validate().valid
    except FrictionlessException:
        return False


@pytest.fixture(scope="module")
def package(refreshed: Sandbox) -> dict:
    return json.loads((refreshed.latest / "datapackage.json").read_text())


def test_the_frictionless_validator_finds_it_valid(refreshed: Sandbox, package: dict) -> None:
    command = [sys.executable, "-m", "frictionless", "validate", str(refreshed.latest / "datapackage.json"), "--json"]
    run = subprocess.run(command, text=True, capture_output=True)
    assert run.returncode == 0, run.stdout
    tasks = json.loads(run.stdout)["tasks"]
    assert [task["name"] for task in tasks] == [resource["name"] for resource in package["resources"]]


@pytest.mark.parametrize("fault", ["byte", "hash", "type", "key", "foreign key", "file"])
def test_the_frictionless_validator_sees_a_fault(refreshed: Sandbox, package: dict, tmp_path: Path, fault: str) -> None:
    smallest = min(package["resources"], key=lambda resource: resource["bytes"])
    (tmp_path / "parquet").mkdir()
    shutil.copy(refreshed.latest / smallest["path"], tmp_path / smallest["path"])
    descriptor = tmp_path / "datapackage.json"
    resource = json.loads(json.dumps(smallest))
    descriptor.write_text(json.dumps({"name": "one", "resources": [resource]}))
    assert is_valid(descriptor)
    if fault == "byte":
        (tmp_path / smallest["path"]).write_bytes((tmp_path / smallest["path"]).read_bytes() + b"x")
    elif fault == "hash":
        resource["hash"] = "sha256:" + 64 * "0"
    elif fault == "type":
        resource["schema"]["fields"][0]["type"] = "money"
    elif fault == "key":
        resource["schema"]["primaryKey"] = ["no_such_column"]
    elif fault == "foreign key":
        reference = {"resource": "market.chips", "fields": ["chip_id"]}
        resource["schema"]["foreignKeys"] = [{"fields": ["no_such_column"], "reference": reference}]
    else:
        (tmp_path / smallest["path"]).unlink()
    descriptor.write_text(json.dumps({"name": "one", "resources": [resource]}))
    assert not is_valid(descriptor)


def wrong_rows(rows: list[dict], schema: dict) -> list[str]:
    """What frictionless finds wrong in `rows` by `schema`: types, blanks and repeats in the primary key.

    Keys of other tables it can check only where it holds these too: another test does.
    """
    schema = {name: value for name, value in schema.items() if name != "foreignKeys"}
    names = [field["name"] for field in schema["fields"]]
    # Other tables are not at hand here; what is declared to refer to them was found to do so.
    schema = {name: part for name, part in schema.items() if name != "foreignKeys"}
    table = [names, *([row[name] for name in names] for row in rows)]
    return [
        error[0] for error in Resource(data=table, schema=Schema.from_descriptor(schema)).validate().flatten(["note"])
    ]


@pytest.mark.slow
def test_rows_are_what_the_schema_says(refreshed: Sandbox, package: dict, count) -> None:
    limit = count("rows of each table checked by frictionless", 300, 20_000)
    for resource in package["resources"]:
        with duckdb.connect() as connection:
            found = connection.sql(f"from '{refreshed.latest / resource['path']}' limit {limit}")
            assert found.columns == [field["name"] for field in resource["schema"]["fields"]], resource["name"]
            rows = found.to_arrow_table().to_pylist()
        assert wrong_rows(rows, resource["schema"]) == [], resource["name"]


def test_wrong_rows_are_seen(refreshed: Sandbox, package: dict) -> None:
    (vendors,) = (resource for resource in package["resources"] if resource["name"] == "market.vendors")
    with duckdb.connect() as connection:
        rows = connection.sql(f"from '{refreshed.latest / vendors['path']}'").to_arrow_table().to_pylist()
    assert wrong_rows(rows, vendors["schema"]) == []
    assert wrong_rows([*rows, rows[0]], vendors["schema"]) != []
    assert wrong_rows([{**rows[0], "vendor_id": None}], vendors["schema"]) != []
    assert wrong_rows([{**rows[0], "fiscal_year_end_month": "June"}], vendors["schema"]) != []


def test_keys_are_those_of_the_models_and_hold(release: duckdb.DuckDBPyConnection, package: dict) -> None:
    keys = {r["name"]: r["schema"]["primaryKey"] for r in package["resources"]}
    assert keys["market.chips"] == ["chip_id"]
    with_gaps = {"forecast.quantiles", "forecast.scenarios", "forecast.scores"}
    for name, key in keys.items():
        rows, distinct, blank = release.execute(
            f"select count(*), count(distinct ({', '.join(key)})), "
            f"count(*) filter ({' or '.join(f'{column} is null' for column in key)}) from {name}"
        ).fetchall()[0]
        assert rows == distinct and (blank > 0) == (name in with_gaps), name


def test_foreign_keys_hold_and_what_has_none_is_known(release: duckdb.DuckDBPyConnection, package: dict) -> None:
    declared = set()
    for resource in package["resources"]:
        for key in resource["schema"].get("foreignKeys", []):
            (column,), other = key["fields"], key["reference"]
            declared.add((resource["name"], column))
            orphans = (
                f"select {column} from {resource['name']} where {column} is not null except select {other['fields'][0]}"
            )
            found = release.execute(f"{orphans} from {other['resource']}").fetchall()
            assert found == [], (resource["name"], column)
    assert len(declared) >= 85
    named = {
        (resource["name"], field["name"])
        for resource in package["resources"]
        if resource["row_count"]
        for field in resource["schema"]["fields"]
        if field["name"].endswith(("chip_id", "provider_id", "source_id", "vendor_id", "model_id"))
    }
    forecasts = {(table, column) for table, column in named if table.startswith("forecast.") and column == "model_id"}
    identities = {("market.chips", "chip_id"), ("market.models", "model_id"), ("market.providers", "provider_id")}
    identities |= {("market.sources", "source_id"), ("market.vendors", "vendor_id")}
    assert named - declared - forecasts - identities == {
        ("market.chip_figures", "chip_id"),  # three names that a source has and no chip of ours
        ("market.chip_shipments_by_source", "source_id"),  # our own model among them
        ("quality.freshness", "source_id"),  # tables too
    }


def test_every_figure_has_a_unit(package: dict) -> None:
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            assert ("unit" in field) == (field["type"] in ("integer", "number")), (resource["name"], field["name"])
    assert not [f for r in package["resources"] for f in r["schema"]["fields"] if f["type"] == "any"]
    units = {f["name"]: f["unit"] for r in package["resources"] for f in r["schema"]["fields"] if "unit" in f}
    assert units["value_usd_m"] == "million USD"
    assert units["usd_per_chip_hour"] == "USD per chip-hour"
    assert units["operational_h100e_bandwidth_p50"] == "H100e (memory bandwidth)"
    assert units["p50"] == "see column unit"


def test_fields_of_the_parquet_files_carry_unit_and_meaning(refreshed: Sandbox, package: dict) -> None:
    for resource in package["resources"]:
        read = pyarrow.parquet.read_schema(refreshed.latest / resource["path"])
        for field in resource["schema"]["fields"]:
            said = {key.decode(): value.decode() for key, value in (read.field(field["name"]).metadata or {}).items()}
            want = {key: field[key] for key in ("description", "unit") if key in field}
            assert said == want, (resource["name"], field["name"])


def test_sources_carry_their_licence(package: dict) -> None:
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert len(package["sources"]) > 20
    assert all(source["title"] and source["licence"] for source in package["sources"])
