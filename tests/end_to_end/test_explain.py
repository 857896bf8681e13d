"""`chipcast explain` ends at documents, and what it says of a cell is so."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox import ROOT, Sandbox

from pipeline.publish.reader import Release
from pipeline.read import explain
from pipeline.read.explain.chain import Chain, documents
from pipeline.settings import UserError

CELLS = 30
FACT = "vendor_id = 'nvidia' and segment_id = 'data-center' and fiscal_period = 'FY2027Q2'"
SHARE = "accounting = 'chip_hours' and flow_or_stock = 'stock' and scenario_id = 'base' and target_period = '2026'"


@pytest.fixture(scope="module")
def chain(refreshed: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """The chain of a release that was copied away: neither warehouse nor project lie beside it."""
    folder = tmp_path_factory.mktemp("alone") / "release"
    shutil.copytree(refreshed.latest.resolve(), folder)
    release = Release(folder)
    with release.connect_with_sources() as connection:
        yield Chain(release, connection)


def one(chain: Chain, table: str, where: str, column: str | None = None) -> dict:
    row = chain.rows(f"select * from {table} where {where}")[0]
    return chain.row(table, row, [column] if column else list(row))


def test_random_cells_end_in_documents(chain: Chain) -> None:
    """Thirty random cells of market and forecast tables: each ends in a committed row with citation or URL and hash."""
    chance = random.Random(20261124)
    rows = {resource["name"]: resource["row_count"] for resource in chain.release.package["resources"]}
    tables = sorted(name for name in rows if rows[name] and not name.startswith("quality."))
    for number in range(CELLS):
        # Every table in turn before any comes twice; the cell within it by chance.
        name = chance.sample(tables, len(tables))[0] if number >= len(tables) else tables[number]
        row = chain.rows(f"select * from {name} limit 1 offset {chance.randrange(rows[name])}")[0]
        column = chance.choice(chain.tables[name])
        found = chain.row(name, row, [column])
        ends = found["documents"]
        assert ends, (name, column, row)
        assert any(end["source_citation"] or end["source_url"] for end in ends), (name, column)
        for end in ends:
            content = (ROOT / end["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == end["sha256"], end


def test_a_fact_ends_in_its_own_row(chain: Chain) -> None:
    found = one(chain, "market.vendor_quarters_vintages", FACT, "value_usd_m")
    sources = {origin.removesuffix(" (worked on)") for origin in found["columns"]["value_usd_m"]}
    assert {"raw.read_results.value", "raw.segment_filings.value", "raw.curated_segment_results.value"} <= sources
    (fact,) = found["facts"]
    assert fact["rows_found"] == 1 and not fact["whole"]
    (row,) = fact["rows"]
    assert (row["issuer"], row["segment"], row["fiscal_period"]) == ("NVIDIA", "data-center", "FY2027Q2")
    assert row["value"] == found["row"]["value_usd_m"]
    committed = csv.DictReader((ROOT / fact["file"]).open())
    assert any(each["fiscal_period"] == "FY2027Q2" and float(each["value"]) == row["value"] for each in committed)


def test_every_row_names_rows_of_its_source(chain: Chain) -> None:
    """Each key in `source_row` is that of exactly one row which the release carries of the source."""
    named = [t for t, table in chain.tables.items() if "source_row" in table]
    assert len(named) >= 20
    for table in named:
        # Rows of our own models rest on forecasts, and have no row of a source.
        nobody = chain.rows(
            f"select count(*) as n from {table} where source_row is null and source_id in "
            "(select source_id from market.sources)"
        )[0]["n"]
        assert nobody == 0, table
        for each in chain.rows(f"select distinct source_id from {table} where source_row is not null"):
            keys = f"select unnest(string_split(source_row, chr(10))) as key from {table} where source_id = ?"
            source = chain.release.source(f"raw.{each['source_id']}")
            rows = f"select source_row as key, count(*) as times from {source} group by 1"
            wrong = chain.rows(
                f"select * from ({keys}) left join ({rows}) using (key) where times is distinct from 1 limit 3",
                [each["source_id"]],
            )
            assert wrong == [], (table, wrong)


def test_a_figure_worked_out_of_two_rows_names_both(chain: Chain) -> None:
    newest = "where segment_id = 'hpc' and source_row like '%' || chr(10) || '%' order by period_end desc limit 1"
    (row,) = chain.rows(f"select * from market.vendor_quarters_vintages {newest}")
    (fact,) = chain.row("market.vendor_quarters_vintages", row, ["value_usd_m"])["facts"]
    share, total = sorted(fact["rows"], key=lambda each: each["value"])
    assert (share["unit"], total["unit"]) == ("percent", "USD million")
    assert row["value_usd_m"] == pytest.approx(share["value"] / 100 * total["value"])


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("market.training_runs", "training_flop"),
        ("market.published_forecasts", "value"),
        ("market.gpu_cluster_states", "power_mw"),
    ],
)
def test_carried_values_are_those_of_the_source_rows(chain: Chain, table: str, column: str) -> None:
    """Where lineage says that a value is carried over, a row that is found holds just this value."""
    chance, compared = random.Random(7), 0
    rows = chain.rows(f"select * from {table} where {column} is not null order by all")
    for row in chance.sample(rows, 15):
        (fact,) = chain.row(table, row, [column])["facts"]
        node = f"raw.{fact['source_id']}"
        carried = [leaf.column for leaf in chain.leaves(table, column) if leaf.direct and leaf.node == node]
        if carried and not row.get("is_derived"):
            compared += 1
            held = [found[name] for found in fact["rows"] for name in carried if found[name] is not None]
            assert any(math.isclose(float(value), row[column], rel_tol=1e-6) for value in held), (row, held)
    assert compared >= 10


def test_a_forecast_names_inputs_known_at_its_origin_assumptions_and_files(chain: Chain) -> None:
    quarter = "entity_id = 'nvidia-total' and period_kind = 'quarter' and horizon = 1"
    revenue = one(chain, "forecast.vendor_revenue", quarter)
    inputs = {each["table"]: each for each in revenue["forecast"]["inputs"]}
    assert set(inputs) == {"market.vendor_quarters_vintages", "market.guidance", "market.capex_quarters_vintages"}
    shown = inputs["market.vendor_quarters_vintages"]["shown"][0]["row"]
    assert (shown["vendor_id"], shown["segment_id"]) == ("nvidia", "total")
    share = one(chain, "forecast.inference_share", SHARE)
    assumptions = {each["parameter_id"] for each in share["forecast"]["assumptions"]}
    assert "share_drift" in assumptions and "serving_overhead" not in assumptions  # the latter is reconciliation's
    (early,) = chain.rows("select * from forecast.quantiles order by origin_date limit 1")
    ends = documents(chain.row("forecast.quantiles", early, ["value"]))
    assert ends
    for end in ends:
        assert end["reported_on"] is None or end["reported_on"] <= early["origin_date"]


def test_no_row_later_than_the_day_of_the_release_is_carried(chain: Chain) -> None:
    day = chain.rows("select max(newest_fact + age_days::int)::date as day from market.sources")[0]["day"]
    for path in (chain.release.folder / "sources").glob("raw.*.parquet"):
        newest = chain.rows(f"select max(reported_on) as newest from '{path}'")[0]["newest"]
        assert newest is None or newest <= day


def test_lineage_knows_every_column_of_every_published_table(chain: Chain) -> None:
    """All but literals have an origin, only an unpivot that compares sources is beyond sqlglot, and what differs
    from the release before comes with the release."""
    for name, table in chain.tables.items():
        assert set(chain.nodes[name]["columns"]) == set(table)
    without = {n for n, t in chain.tables.items() if not any(chain.leaves(n, column) for column in t)}
    assert without <= {"quality.source_differences", "quality.release_changes"}


def test_command_line(refreshed: Sandbox) -> None:
    run = refreshed.here("explain", "market.vendor_quarters_vintages", "--where", FACT, "--json")
    assert run.returncode == 0, run.stderr
    (found,) = json.loads(run.stdout)
    assert found["documents"][0]["file"] == "data/read_results.csv"
    run = refreshed.here("explain", "market.vendor_quarters_vintages", "--where", FACT)
    assert re.search(r"sha256\s+[0-9a-f]{64}", run.stdout) and "NVIDIA results of FY2027Q2" in run.stdout


@pytest.mark.parametrize(
    ("table", "where", "column", "message"),
    [
        ("market.nothing", "true", None, "no table 'market.nothing'"),
        ("market.chips", "true", None, "More than 10 rows"),
        ("market.chips", "chip_id = 'none'", None, "No row of market.chips"),
        (
            "market.chips",
            "chip_id = 'nvidia-h100'",
            None,
            "nearest: nvidia-h100-nvl, nvidia-h100-sxm, nvidia-h100-pcie.",
        ),
        ("market.chips", "chip_name = 'H100'", None, "nearest: NVIDIA H100"),
        ("market.chips", "chip_id = (select content from read_text('/etc/passwd'))", None, "disabled by configuration"),
        ("market.chips", "true; copy market.chips to 'stolen.csv'; select 1", None, "disabled by configuration"),
        (
            "market.chips",
            "chip_id = (select any_value(chip_id) from 'other.parquet')",
            None,
            "disabled by configuration",
        ),
        ("market.chips", "chip = 1", None, "cannot be used"),
        ("market.chips", "chip_id = 'nvidia-h100-sxm'", "flops", "has no column 'flops'"),
    ],
)
def test_mistakes_are_told(refreshed: Sandbox, table: str, where: str, column: str | None, message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)):
        explain.explain(refreshed.latest, table, where, column)


def test_text_of_sources_is_no_markup(refreshed: Sandbox, tmp_path: Path) -> None:
    from rich.console import Console

    from pipeline.read.explain import view

    chain = explain.explain(refreshed.latest, "market.chips", "chip_id = 'nvidia-h100-sxm'", "memory_gb")[0]
    chain["row"]["chip_name"] = "[bold red]=cmd()[/] <script>alert(1)</script>"
    console = Console(width=200, record=True, file=(tmp_path / "out").open("w"))
    console.print(view.tree(chain))
    assert chain["row"]["chip_name"] in console.export_text()
