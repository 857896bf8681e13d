"""Releases in Python: docs/python.md as it stands, with DuckDB and pandas alone, on every Python that it names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sandbox import ROOT, Sandbox

from pipeline.settings import UserError

READING, POLARS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(), re.DOTALL)
# What pip brings with duckdb and pandas.
BROUGHT = {"duckdb", "_duckdb", "adbc_driver_duckdb", "pandas", "numpy", "dateutil", "pytz", "tzdata", "six"}
ALONE = f"""
import sys


class Nothing:
    def find_spec(self, name, *_):
        allowed = {BROUGHT | {"assets", "pipeline"}} | sys.stdlib_module_names
        if name.split(".")[0] not in allowed and not name.startswith("_sysconfigdata"):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)


sys.meta_path.insert(0, Nothing())
"""
PYTHONS = ("3.11", "3.12", "3.13")


def test_the_page_runs(refreshed: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHIPCAST_PUBLISHED", str(refreshed.published))
    names: dict[str, Any] = {}
    exec(READING + POLARS, names)
    assert len(names["fan"]) == 4 and (names["fan"]["p10"] < names["fan"]["p90"]).all()
    assert names["by_vendor"]["vendor_id"].iloc[0] == "amazon", "the largest company as a whole"
    assert names["then"]["reported_on"].max() <= pd.Timestamp("2025-02-28")
    assert names["fastest"].height == 5 and names["fastest"]["h100e_8bit"].min() > 1
    with pytest.raises(UserError, match="Open the release of a day"):
        names["release"].table("forecast.vendor_revenue", as_of="2025-02-28")


def test_a_frame_is_the_table(refreshed: Sandbox) -> None:
    from pipeline.client import open_release

    release = open_release(refreshed.published)
    for name in ("market.chips", "market.inference_benchmarks", "market.sources"):
        frame, parquet = release.table(name), pd.read_parquet(release.folder / "parquet" / f"{name}.parquet")
        for column in parquet:
            gaps = parquet[column].isna()
            assert frame[column].isna().tolist() == gaps.tolist(), (name, column)
            values = zip(frame[column][~gaps], parquet[column][~gaps], strict=True)
            assert all(
                one == (pd.Timestamp(other) if "datetime" in str(frame[column].dtype) else other)
                for one, other in values
            )
    assert str(release.table("market.sources")["age_days"].dtype) == "Int64"


def test_reading_needs_duckdb_and_pandas_alone(refreshed: Sandbox) -> None:
    def run(code: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", ALONE + code]
        return subprocess.run(command, cwd=ROOT, env=refreshed.env, text=True, capture_output=True)

    assert (done := run(READING)).returncode == 0, done.stderr
    assert "pyarrow" in run("import pyarrow").stderr  # control: what is blocked is missed
    assert run("from pipeline.client import open_release\nopen_release('s3://bucket')").stderr.endswith(
        "UserError: To read from s3:// install fsspec and its package for it: No module named 'fsspec'.\n"
    )
    told = run("from assets.cli import main\nmain()")
    assert told.returncode == 1 and "pip install 'chipcast[pipeline]'" in told.stderr.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("python", "resolution"), [(PYTHONS[0], "lowest-direct"), *((each, "highest") for each in PYTHONS)]
)
def test_every_python_reads_a_release(refreshed: Sandbox, tmp_path: Path, python: str, resolution: str) -> None:
    """Installed with the oldest packages allowed and the newest; of a Python that is not there, its wheels are resolved."""

    def uv(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("uv")), *arguments]
        return subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)

    if uv("venv", "--no-python-downloads", "--python", python, "env").returncode:
        compile_ = uv(
            "pip", "compile", "--python-version", python, "--only-binary", ":all:", str(ROOT / "pyproject.toml")
        )
        assert compile_.returncode == 0 and "duckdb==" in compile_.stdout, compile_.stderr
        minor = int(python.split(".")[1])
        for module in ("client", "settings", "publish/reader", "publish/push"):
            ast.parse((ROOT / "pipeline" / f"{module}.py").read_text(), feature_version=(3, minor))
        return
    install = uv("pip", "install", "--python", "env", "--resolution", resolution, str(ROOT))
    assert install.returncode == 0, install.stderr
    code = READING + "\nimport sys, duckdb, pandas\nprint(sys.version_info[:2], duckdb.__version__, pandas.__version__)"
    env = {"CHIPCAST_PUBLISHED": str(refreshed.published), "HOME": str(tmp_path)}
    run = subprocess.run(
        [tmp_path / "env/bin/python", "-c", code], cwd=tmp_path, env=env, text=True, capture_output=True
    )
    assert run.returncode == 0, run.stderr
    assert f"(3, {python.split('.')[1]})" in run.stdout
    listed = uv("pip", "list", "--python", "env", "--format", "freeze").stdout
    assert not {line.split("==")[0] for line in listed.split()} & {"dagster", "dbt-core", "pandera", "pyarrow", "typer"}
