"""The recipes of CONTRIBUTING.md, followed block by block in a scratch copy of this checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from sandbox import ROOT, Sandbox

TEXT = (ROOT / "CONTRIBUTING.md").read_text()
RECIPES = {part.split("\n")[0]: part for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]}
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A recipe's commands, run by the code of the scratch checkout.
COMMANDS = {
    "chipcast snapshot": ["-m", "assets.cli", "snapshot"],
    "make backtest": ["-m", "assets.cli", "backtest"],
    "make docs": ["-m", "assets.docs"],
    "make refresh": ["-m", "assets.cli", "refresh", "--quiet"],
}


def patched(text: str, diff: str, name: str) -> str:
    before, after = (
        "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] != sign) for sign in ("+", "-")
    )
    assert text.count(before) == 1, f"CONTRIBUTING.md: {name} no longer has, once:\n{before}"
    return text.replace(before, after)


@dataclass(frozen=True)
class Checkout:
    """A copy of this checkout with state and releases of its own."""

    folder: Path

    def run(self, line: str) -> None:
        words = line.split()
        command = COMMANDS[" ".join(words[:2])]
        env = {name: value for name, value in os.environ.items() if not name.startswith(("CHIPCAST_", "DAGSTER_"))}
        ran = subprocess.run(
            [sys.executable, *command, *words[2:]], cwd=self.folder, env=env, capture_output=True, text=True
        )
        assert ran.returncode == 0, f"{line}\n{ran.stdout}{ran.stderr}"

    def follow(self, recipe: str) -> None:
        for kind, name, content in BLOCK.findall(RECIPES[recipe]):
            path = self.folder / name
            if kind == "sh":
                for line in content.splitlines():
                    self.run(line)
            elif kind == "diff":
                path.write_text(patched(path.read_text(), content, name))
            else:
                assert not path.exists()
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.folder / "published/latest/chipcast.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def page(self) -> str:
        return (self.folder / "published/latest/index.html").read_text()

    def changed(self) -> set[str]:
        """Files of the checkout that differ from ours, and new ones; not what git ignores."""
        listed = [path for path in self.folder.rglob("*") if path.is_file()]
        names = {str(path.relative_to(self.folder)) for path in listed}
        ignored = ("var/", "published/", "upstream/", "dbt/target/", "dbt/logs/")
        return {
            name
            for name in names
            if not name.startswith(ignored) and "__pycache__" not in name
            if not (ROOT / name).exists() or (ROOT / name).read_bytes() != (self.folder / name).read_bytes()
        }


@pytest.fixture
def checkout(refreshed: Sandbox, tmp_path: Path) -> Checkout:
    """Everything that git knows of, and the state that a first refresh leaves."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    folder = tmp_path / "checkout"
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    shutil.copytree(refreshed.folder / "seed", folder / "var", symlinks=True)
    return Checkout(folder)


def test_every_block_still_fits_the_checkout():
    """Quick, for `make test`; the tests below follow the blocks."""
    assert list(RECIPES) == ["A source", "A column", "A model", "A chart"]
    for text in RECIPES.values():
        for kind, name, content in BLOCK.findall(text):
            if kind == "sh":
                assert all(" ".join(line.split()[:2]) in COMMANDS for line in content.splitlines())
            elif kind == "diff":
                assert patched((ROOT / name).read_text(), content, name)
            else:
                assert not (ROOT / name).exists()


@pytest.mark.slow
def test_a_source_ends_as_rows_of_a_market_table(checkout):
    checkout.follow("A source")
    assert checkout.query(
        "select priced_on::varchar, provider_id, chip_id, usd_per_chip_hour, source_url, confidence "
        "from market.rental_prices where source_id = 'rack_quotes' order by 1"
    ) == [
        ("2026-11-02", "lambda", "nvidia-h100-sxm", 2.41, "https://example.org/quotes/1", "quoted"),
        ("2026-11-09", "lambda", "nvidia-h100-sxm", 2.38, "https://example.org/quotes/2", "quoted"),
        ("2026-11-16", "lambda", "nvidia-b200", 4.10, "https://example.org/quotes/3", "quoted"),
    ]
    assert checkout.query("select credit from market.sources where source_id = 'rack_quotes'") == [("Rack Weekly",)]
    assert checkout.changed() == {
        "data/SNAPSHOT.json",
        "data/rack_quotes.csv",
        "dbt/models/intermediate/int_rental_offers.sql",
        "dbt/models/staging/pricing/stg_rack_quotes.sql",
        "dbt/models/staging/sources.yml",
        "docs/attribution.md",
        "docs/sources.md",
        "pipeline/sources/pricing/rack_quotes.py",
    }


@pytest.mark.slow
def test_a_column_is_declared_once_and_described_everywhere(checkout):
    checkout.follow("A column")
    ((described,),) = checkout.query(
        "select comment from duckdb_columns() where table_name = 'data_centers' and column_name = 'h100e_per_mw'"
    )
    assert "H100-equivalents per megawatt" in described
    assert checkout.query("select count(*) > 50 from market.data_centers where h100e_per_mw > 100") == [(True,)]
    assert checkout.changed() == {
        "dbt/models/marts/_marts.yml",
        "dbt/models/marts/market/data_centers.sql",
        "docs/data_dictionary.md",
        "docs/schema.json",
    }


@pytest.mark.slow
def test_a_model_is_scored_beside_the_others(checkout):
    checkout.follow("A model")
    compared = checkout.query(
        "select model_id, n from forecast.scores where entity_id = 'pooled' and metric = 'log_wis' and panel = 'spliced' "
        "and target_window = 'all' and baseline_id = 'naive' and horizon = 4 order by 1"
    )
    scored = dict(compared)
    assert {"last_year", "log_drift", "recommended"} <= set(scored) and scored["last_year"] == scored["log_drift"] > 50
    assert 'value="' in re.search(r"<tr>\s*<th[^>]*>last year</th>.*?</tr>", checkout.page(), re.DOTALL)[0]
    assert checkout.changed() == {
        "data/backtest/KEY",
        "data/backtest/calibration.parquet",
        "data/backtest/forecasts.parquet",
        "data/backtest/scores.parquet",
        "forecasts/cards/last_year.yml",
        "forecasts/models/last_year.py",
    }


@pytest.mark.slow
def test_a_chart_appears_in_the_page(checkout):
    checkout.follow("A chart")
    page = checkout.page()
    order = re.findall(r'<a href="#([\w-]+)-part">', page)
    assert order.index("sites") == order.index("fleet") + 1
    figure = re.search(r'<figure class="chart" id="site_power">.*?</figure>', page, re.DOTALL)[0]
    assert "Newest: " in figure and "Source: Epoch AI" in figure and "from market.data_centers" in figure
    assert len((checkout.folder / "published/latest/charts/site_power.png").read_bytes()) > 20_000
    linted = [sys.executable, "-m", "sqlfluff", "lint", "pipeline/report"]
    ran = subprocess.run(linted, cwd=checkout.folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    assert checkout.changed() == {
        "pipeline/report/sections/sites.py",
        "pipeline/report/sections/sites.site_power.sql",
    }
