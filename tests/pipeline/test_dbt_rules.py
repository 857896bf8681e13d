"""The rules of the models that are easy to get wrong, each on made-up rows: the unit tests of the dbt project."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import yaml
from sandbox import Sandbox

from pipeline.build import dbt
from pipeline.settings import Settings


def test_unit_tests_of_the_models_pass(refreshed: Sandbox, tmp_path: Path) -> None:
    settings = dataclasses.replace(Settings.from_env(), state=tmp_path)
    shutil.copy(refreshed.state / "warehouse.duckdb", settings.warehouse)
    for inputs in ("raw", "forecasts"):
        (tmp_path / inputs).symlink_to(refreshed.state / inputs)
    declared = yaml.safe_load((dbt.PROJECT_DIR / "models" / "unit_tests.yml").read_text())["unit_tests"]
    dbt.ensure_manifest(settings.state)
    results = dbt._in_project(settings, "test", "--select", "test_type:unit").results
    differing = {result.node.name: "" if str(result.status) == "pass" else result.message for result in results}
    assert differing == {test["name"]: "" for test in declared}
