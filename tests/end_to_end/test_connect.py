"""What docs/connect.md says, run on a release as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from sandbox import ROOT, Sandbox

PAGE = (ROOT / "docs" / "connect.md").read_text()


@pytest.fixture
def blocks(refreshed: Sandbox) -> dict[str, list[str]]:
    """The page's code by language, on the release of this test."""
    page = PAGE.replace("/srv/chipcast/published/latest", str(refreshed.latest))
    found: dict[str, list[str]] = {}
    for language, code in re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL):
        found.setdefault(language, []).append(code)
    return found


def test_any_duckdb_client(blocks: dict[str, list[str]], refreshed: Sandbox) -> None:
    with duckdb.connect() as connection:
        assert connection.sql(blocks["sql"][0]).fetchall() == refreshed.query("select count(*) from market.chips")
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("drop table chipcast.market.chips")


def test_dbt(blocks: dict[str, list[str]], refreshed: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text("name: mine\nprofile: mine\n")
    for code in [*blocks["yaml"], blocks["sql"][1]]:
        name = re.match(r"(?:#|--) (\S+)", code)
        assert name
        (tmp_path / name[1]).write_text(code)
    command = [str(Path(sys.executable).with_name("dbt")), "build", "--profiles-dir", "."]
    run = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(tmp_path / "mine.duckdb"), read_only=True) as connection:
        # the view reads the release, so what it says of it is the release's own
        (sql,) = connection.execute("select sql from duckdb_views() where view_name = 'chips_by_designer'").fetchone()
        connection.execute(f"attach '{refreshed.latest}/chipcast.duckdb' as chipcast (read_only)")
        counted = connection.execute("select sum(chips) from chips_by_designer").fetchall()
    assert "chipcast" in sql and counted == refreshed.query("select count(*) from market.chips")


def test_a_downstream_asset_of_dagster(blocks: dict[str, list[str]], refreshed: Sandbox) -> None:
    (code,) = blocks["python"]
    names: dict = {}
    exec(code, names)
    asset = names["nvidia_next_quarter"]
    assert dg.AssetKey("release") in asset.asset_deps[asset.key]
    (made,) = dg.materialize([asset]).asset_materializations_for_node("nvidia_next_quarter")
    ((median,),) = refreshed.query(
        "select p50 from forecast.vendor_revenue where entity_id = 'nvidia-total' and period_kind = 'quarter' and horizon = 1"
    )
    assert made.metadata["p50"].value == median
