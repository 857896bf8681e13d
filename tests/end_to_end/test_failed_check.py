"""A check that fails says what is wrong, an alert tells it, and `status` says that the last run failed."""

from __future__ import annotations

import json

import dagster as dg
import pandas as pd
import pytest
from receivers import webhook
from sandbox import Sandbox

BUILT = 'key:"raw/read_results"+'


def test_a_wrong_figure_is_shown_with_its_row_its_file_and_the_query(
    grown: Sandbox, refreshed: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = grown.data / "read_results.csv"
    rows = file.read_text()
    assert ",total,revenue,consolidated,FY2027Q2,2026-07-26,96221," in rows, "NVIDIA's total of FY2027Q2 stands there"
    file.write_text(rows.replace(",96221,", ",46221,"))
    with webhook() as (address, alerts):
        # What is built of the file: the rest of a refresh takes seconds and does not get a turn.
        run = grown.here("refresh", "--quiet", SELECT=BUILT, CHIPCAST_ALERT_WEBHOOK=address)
    assert run.returncode != 0
    assert len(alerts) == 1 and "fiscal_period FY2027Q2" in alerts[0], "whoever started it is told, here too"
    told = run.stdout + run.stderr
    assert "segments_not_above_total: fail. Got 2 results" in told
    assert "row: vendor_id nvidia, fiscal_period FY2027Q2, segment_id data-center" in told
    named = "in market.vendor_quarters_vintages from read_results (data/read_results.csv): issuer=NVIDIA; segment=data-center"
    assert named in told and "query: -- A segment's revenue" in told

    kept = pd.read_parquet(grown.state / "raw" / "quality_checks.parquet").set_index("check_name")
    check = kept.loc["segments_not_above_total"]
    assert (check.status, check.rows_failed) == ("fail", 2)
    assert {row["segment_id"] for row in json.loads(check.first_rows)} == {"data-center", "all platforms"}
    assert "read_results" in check.came_from and "total_usd_m" in check["query"]
    assert pd.isna(kept.loc["quarters_add_up_to_the_year"].came_from)

    monkeypatch.setenv("DAGSTER_HOME", str(grown.state / "dagster"))
    with dg.DagsterInstance.from_config(str(grown.state / "dagster")) as instance:
        (run_id,) = (run.run_id for run in instance.get_runs())
        found = [entry.dagster_event for entry in instance.all_logs(run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION)]
    failed = {event.event_specific_data.check_name for event in found if not event.event_specific_data.passed}
    assert "segments_not_above_total" in failed and failed <= {
        *kept[kept.status.isin(["fail", "warn"])].index,
        "newest_fact",
    }

    status = grown.here("status", CHIPCAST_PUBLISHED=str(refreshed.published))
    assert status.returncode == 0, status.stderr
    assert f"of release {refreshed.latest.resolve().name}" in status.stdout
    assert "Last run: refresh, failure at" in status.stdout and "fiscal_period FY2027Q2" in status.stdout
