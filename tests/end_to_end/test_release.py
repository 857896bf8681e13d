"""The published release as its users meet it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping

import duckdb
import pytest
from conftest import FULL
from sandbox import ROOT, Sandbox

from pipeline import forecast_log
from pipeline.build import claims
from pipeline.publish import release as releases
from pipeline.publish.reader import Release

# Tables that a default release must have, with rows.
TABLES = [
    "market.vendors",
    "market.chips",
    "market.chip_prices",
    "market.rental_prices",
    "market.rental_price_index",
    "market.token_prices",
    "market.token_price_history",
    "market.token_price_index",
    "market.vendor_quarters",
    "market.vendor_quarters_vintages",
    "market.segment_quarters",
    "market.vendor_years",
    "market.capex_quarters",
    "market.capex_quarters_vintages",
    "market.guidance",
    "market.token_usage",
    "market.user_counts",
    "market.training_runs",
    "market.compute_spend",
    "market.chip_shipments",
    "market.shipment_comparison",
    "market.installed_base",
    "market.price_performance",
    "market.published_forecasts",
    "market.sources",
    "forecast.quantiles",
    "forecast.vendor_revenue",
    "forecast.compute_demand",
    "forecast.inference_share",
    "forecast.chip_market",
    "forecast.reconciliation",
    "forecast.token_holdouts",
    "forecast.scenarios",
    "forecast.assumptions",
    "forecast.scores",
    "forecast.calibration",
    "forecast.changes",
    "forecast.published_comparison",
    "quality.checks",
    "quality.rejected_rows",
    "quality.freshness",
]


def test_every_table_is_there_filled_and_described(release: duckdb.DuckDBPyConnection, refreshed: Sandbox) -> None:
    found = {name: rows for name, rows, _ in Release(refreshed.latest).tables().itertuples(index=False)}
    assert set(TABLES) <= set(found)
    assert [name for name in TABLES if not found[name]] == []
    said = "select table_name, column_name from duckdb_columns() where schema_name in ('market', 'forecast', 'quality')"
    assert release.execute(f"{said} and coalesce(length(comment), 0) < 8").fetchall() == []


def test_known_figures(release: duckdb.DuckDBPyConnection) -> None:
    def one(sql: str):
        return release.execute(sql).fetchall()[0][0]

    data_center = "from market.vendor_quarters_vintages where vendor_id = 'nvidia' and segment_id = 'data-center'"
    assert (
        one(f"select sum(value_usd_m) {data_center} and fiscal_period like 'FY2026Q_' and vintage = 'first'") == 193_737
    )
    assert one(f"select calendar_quarter {data_center} and fiscal_period = 'FY2027Q2'") == "2026Q2"
    assert 989e12 <= one("select flops_16bit_per_s from market.chips where chip_id = 'nvidia-h100-sxm'") <= 990e12
    assert one("select flops_16bit_per_s from market.chips where chip_id = 'nvidia-l40s'") == 362.05e12
    assert one("select count(*) from market.chips") >= 150
    stock = one("""
        select sum(operational_h100e_8bit_p50) from market.installed_base
        where calendar_quarter = '2025Q4' and designer_id = 'all-tracked'
    """)
    assert 13e6 <= stock <= 20e6


def test_the_next_quarter_ends_as_the_companys_quarters_do(release: duckdb.DuckDBPyConnection) -> None:
    found = release.execute("""
        select vendor_id, next_period_end = last_day(next_period_end), next_period_end - newest_period_end
        from quality.expected_results where vendor_id in ('alphabet', 'hpe', 'supermicro', 'nvidia', 'amd')
    """).fetchall()
    ends = {vendor: (with_month, days) for vendor, with_month, days in found}
    assert all(ends[vendor][0] for vendor in ("alphabet", "hpe", "supermicro"))
    assert ends["nvidia"][1] == ends["amd"][1] == 91


def test_nvidia_shipments_beside_epochs_by_fiscal_quarter(release: duckdb.DuckDBPyConnection) -> None:
    quarters, units, h100e = release.execute("""
        select count(*), count(*) filter (is_units_inside), count(*) filter (is_h100e_8bit_inside)
        from market.shipment_comparison
        where designer_id = 'nvidia' and period_kind = 'fiscal' and calendar_quarter between '2023Q1' and '2025Q4'
    """).fetchall()[0]
    assert quarters == 12 and units >= 10 and h100e >= 10
    wrong = "(units_ratio between epoch_units_p05 / epoch_units_p50 and epoch_units_p95 / epoch_units_p50) <> is_units_inside"
    assert (
        release.execute(f"select * from market.shipment_comparison where explanation is null or {wrong}").fetchall()
        == []
    )


def test_published_forecasts_of_others_stand_beside_ours(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute("""
        select count(*), count(our_median), count(*) filter (our_target_id is not null and definition_difference is null),
            count(*) filter (our_median is not null and not (our_low <= our_median and our_median <= our_high)),
            count(*) filter (used_as = 'compared' and our_median is null or used_as = 'listed' and our_median is not null),
            count(*) filter (reason = 'not judged yet')
        from forecast.published_comparison
    """).fetchall()[0]
    published = release.execute("select count(*) from market.published_forecasts").fetchall()[0][0]
    assert rows[0] >= published and rows[1] >= 40 and rows[2:] == (0, 0, 0, 0)
    beside, ours = release.execute("""
        select c.our_median * 1e3, v.p50 from forecast.published_comparison as c
        join forecast.vendor_revenue as v on v.entity_id = c.our_entity_id
        where c.publisher = 'Broadcom' and c.target_period = 'FY2027' and v.target_period = 'FY2027'
    """).fetchall()[0]
    assert beside == pytest.approx(ours)


def test_a_report_and_guidance_are_named_as_reasons(release: duckdb.DuckDBPyConnection) -> None:
    found = release.execute("""
        select distinct entity_id, attributed_to, new_facts from forecast.changes
        where entity_id in ('broadcom-ai', 'capex-oracle', 'amd-data-center') order by 1
    """).fetchall()
    assert [row[:2] for row in found] == [
        ("amd-data-center", "truth_of_others"),
        ("broadcom-ai", "new_truth"),
        ("capex-oracle", "new_truth"),
    ]
    assert "broadcom-ai FY2026Q3" in found[1][2] and "capex-oracle FY2027Q1" in found[2][2]


def test_datapackage_names_every_file_and_a_changed_byte_is_noticed(refreshed: Sandbox, tmp_path) -> None:
    package = json.loads((refreshed.latest / "datapackage.json").read_text())
    assert {resource["name"] for resource in package["resources"]} >= set(TABLES)
    assert any("Epoch" in source["title"] for source in package["sources"])
    assert releases.verify(refreshed.latest) == []
    copy = tmp_path / "copy"
    shutil.copytree(refreshed.latest.resolve(), copy)
    subprocess.run(["sha256sum", "--check", "--quiet", releases.SUMS], cwd=copy, check=True)
    inside = [path for path in copy.rglob("*") if path.is_file() and path.name != releases.SUMS]
    kinds = {(path.relative_to(copy).parts[0], path.suffix): path for path in inside}
    assert {name for name, _ in kinds} >= {"hub", "sources", "parquet", "index.html", "lineage.json", "CHANGES.md"}
    content = {str(victim.relative_to(copy)): victim.read_bytes() for victim in kinds.values()}
    for name, good in content.items():
        (copy / name).write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert {f"{name} differs from its recorded hash" for name in content} <= {*releases.verify(copy)}
    for name in content:
        (copy / name).unlink()
    assert {f"{name} is missing" for name in content} <= {*releases.verify(copy)}
    for name, good in content.items():
        (copy / name).write_bytes(good)
    assert releases.verify(copy) == []


def test_nothing_changed_gives_no_new_release(refreshed: Sandbox) -> None:
    before = sorted(path.name for path in (refreshed.published / "releases").iterdir())
    log = (refreshed.published / forecast_log.FILE).read_bytes()
    assert (refreshed.latest / forecast_log.FILE).read_bytes() == log and b"nvidia-total" in log
    verified = refreshed.here("log", "verify")
    assert verified.returncode == 0 and "all agree" in verified.stdout, verified.stderr
    started = time.monotonic()
    run = refreshed.chipcast("refresh")
    assert run.returncode == 0, run.stderr
    assert "Nothing changed" in run.stdout
    assert time.monotonic() - started < 30
    assert sorted(path.name for path in (refreshed.published / "releases").iterdir()) == before
    assert (refreshed.published / forecast_log.FILE).read_bytes() == log


def test_older_duckdb_reads_the_release(refreshed: Sandbox) -> None:
    shell = [str(ROOT / ".venv/bin/duckdb")] if (ROOT / ".venv/bin/duckdb").exists() else ["duckdb"]
    query = "select count(*) from market.chips"
    run = subprocess.run(
        [*shell, "-readonly", "-csv", "-noheader", str(refreshed.latest / "chipcast.duckdb"), query],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) == refreshed.query(query)[0][0]


def knows_nothing_later(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Collection[str]], day: str
) -> None:
    asked = 0
    for name, there in columns.items():
        for column in ("reported_on", "origin_date", "known_from"):
            if column in there:
                asked += 1
                later, blank = connection.execute(
                    f"select count(*) filter ({column} > date '{day}'), count(*) filter ({column} is null) from {name}"
                ).fetchall()[0]
                if column == "known_from":
                    # An assumption younger than the day is allowed only where it says so.
                    continue
                assert (name, column, later, blank) == (name, column, 0, 0)
    assert asked >= 20


def test_the_tables_of_the_articles_day_know_nothing_later(refreshed: Sandbox) -> None:
    """Every refresh makes them, to judge the article's claims by what was known then."""
    with duckdb.connect(str(refreshed.state / "then" / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select schema_name || '.' || table_name, list(column_name) from duckdb_columns() "
            "where schema_name in ('market', 'forecast') group by all"
        ).fetchall()
        knows_nothing_later(connection, dict(found), str(claims.THEN))


# More in CHIPCAST_DAYS.
DAYS = os.environ.get("CHIPCAST_DAYS", "2025-06-30").split()


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS)
def test_as_of_knows_nothing_later_and_does_not_replace_the_present(refreshed: Sandbox, day: str) -> None:
    latest, log = refreshed.latest.resolve(), (refreshed.published / forecast_log.FILE).read_bytes()
    run = refreshed.chipcast("refresh", "--quiet", AS_OF=day)
    assert run.returncode == 0, run.stderr
    assert (refreshed.published / forecast_log.FILE).read_bytes() == log
    assert refreshed.latest.resolve() == latest
    folder = refreshed.published / "as_of" / day
    made = Release(folder)
    with made.connect() as connection:
        knows_nothing_later(connection, made.columns, day)
        rows = made.tables().itertuples(index=False)
        empty = {name for name, count, _ in rows if not count and name.startswith("market.")}
        listed = connection.execute(
            "select source_id from quality.freshness where kind = 'table' and status = 'nothing known by then'"
        ).fetchall()
        assert empty == {row[0] for row in listed}


def test_two_refreshes_do_not_share_a_state_folder(refreshed: Sandbox) -> None:
    from pipeline.files import state_lock

    stamps = sorted((refreshed.state / "raw").glob("*.json"))
    with state_lock(refreshed.state):
        run = refreshed.here("refresh", "--quiet", "--force")
    assert run.returncode == 1
    assert stamps and sorted((refreshed.state / "raw").glob("*.json")) == stamps, "the other refresh reads them"
    assert "Another refresh holds" in run.stderr
    assert "Traceback" not in run.stderr


# CHIPCAST_KILLS=10 kills ten times: each kill costs a refresh.
KILLS = int(os.environ.get("CHIPCAST_KILLS", "1"))


# Every step though no fact changed; in `make test` the step alone that writes the release.
AGAIN = ["refresh", "--quiet", *(["--force"] if FULL else ["--select", "release"])]
# Reads the newest release until its input ends, thirty times at least.
READER = """
import select, sys
import duckdb

reads, stop = 0, []
while not stop or reads < 30:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        assert connection.execute("select count(*) from forecast.vendor_revenue").fetchall()[0][0] > 0
    reads += 1
    stop, _, _ = select.select([sys.stdin], [], [], 0.2)
"""


def test_a_killed_refresh_leaves_the_last_release_and_readers_never_fail_during_the_next(refreshed: Sandbox) -> None:
    chance = random.Random(20261124)
    latest = refreshed.latest.resolve()
    for _ in range(KILLS):
        command = [sys.executable, "-m", "assets.cli", *AGAIN]
        run = subprocess.Popen(command, env=refreshed.env, cwd=ROOT, start_new_session=True)
        time.sleep(chance.uniform(1, 14 if FULL else 7))
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        assert refreshed.latest.resolve() == latest
        assert releases.verify(refreshed.latest) == []
    reading = [sys.executable, "-c", READER, str(refreshed.latest / "chipcast.duckdb")]
    with subprocess.Popen(reading, stdin=subprocess.PIPE) as reader:
        again = (refreshed.chipcast if FULL else refreshed.here)(*AGAIN)
    assert (again.returncode, reader.returncode) == (0, 0), again.stderr
    assert releases.verify(refreshed.latest) == []
