"""What `chipcast diff`, CHANGES.md and the stop on revisions say of two releases that differ in known rows."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from sandbox import Sandbox

from pipeline.publish import changes_page, release
from pipeline.publish.compare import Diff, compare
from pipeline.publish.diff import TableDiff
from pipeline.settings import Settings

QUARTERS = "market.vendor_quarters_vintages"
NVIDIA = "vendor_id = 'nvidia' and segment_id = 'total' and metric = 'revenue'"


def altered(original: Path, folder: Path, tables: dict[str, str], code: dict[str, str] | None = None) -> Path:
    """A copy of a release's data in which some tables hold the rows of other queries (`{t}` is the table as it was)."""
    shutil.copytree(original.resolve(), folder, ignore=shutil.ignore_patterns("*.duckdb", "charts", "hub", "sources"))
    for table, query in tables.items():
        path = folder / "parquet" / f"{table}.parquet"
        changed = query.format(t=f"'{original.resolve() / 'parquet' / table}.parquet'")
        duckdb.sql(f"copy ({changed}) to '{path}' (format parquet)")
    package = json.loads((folder / "datapackage.json").read_text()) | {"id": "altered"}
    (folder / "datapackage.json").write_text(json.dumps(package))
    lineage = json.loads((folder / "lineage.json").read_text())
    lineage["code"] |= code or {}
    (folder / "lineage.json").write_text(json.dumps(lineage))
    return folder


def of(found: Diff, table: str) -> TableDiff:
    return next(each for each in found.facts if each.table == table)


def test_equal_releases_have_no_difference(refreshed: Sandbox, tmp_path: Path) -> None:
    found = compare(refreshed.latest, altered(refreshed.latest, tmp_path / "b", {}))
    assert all(table.is_empty for table in found.facts) and len(found.facts) >= 20
    assert found.schema == [] and found.forecasts == [] and not any(found.causes.values())
    assert "None came, went or changed." in changes_page.page(found, "b")


def test_added_removed_revised_and_resourced_rows_are_counted_by_key(refreshed: Sandbox, tmp_path: Path) -> None:
    query = (
        "select * exclude (rn) replace (case when rn = 2 then value_usd_m * 1.5 else value_usd_m end as value_usd_m, "
        "case when rn = 3 then 'recalled again' else source_citation end as source_citation) from ("
        "select *, row_number() over (order by vendor_id, segment_id, metric, definition_version, fiscal_period, vintage) "
        "as rn from {t}) where rn > 1 union all "
        "select * replace ('FY2099Q1' as fiscal_period) from {t} where fiscal_period = 'FY2026Q1' and " + NVIDIA
    )
    new = altered(refreshed.latest, tmp_path / "b", {QUARTERS: query})
    table = of(compare(refreshed.latest, new), QUARTERS)
    assert (table.added, table.removed, table.revised, table.resourced) == (1, 1, 1, 1)
    ((was, now),) = [example["columns"]["value_usd_m"] for example in table.examples]
    assert now == pytest.approx(1.5 * was)
    back = of(compare(new, refreshed.latest), QUARTERS)
    assert (back.added, back.removed, back.revised, back.resourced) == (1, 1, 1, 1)


def test_rounding_noise_is_no_revision(refreshed: Sandbox, tmp_path: Path) -> None:
    noisy = {QUARTERS: "select * replace (value_usd_m * (1 + 1e-13) as value_usd_m) from {t}"}
    assert of(compare(refreshed.latest, altered(refreshed.latest, tmp_path / "b", noisy)), QUARTERS).is_empty


MOVED = {"forecast.vendor_revenue": "select * replace (p50 * 1.1 as p50) from {t}"}
NEW = (
    "select * from {t} union all select * replace ('FY2099Q1' as fiscal_period) from {t} "
    f"where fiscal_period = 'FY2026Q1' and {NVIDIA}"
)
REVISED = (
    f"select * replace (case when {NVIDIA} and fiscal_period = 'FY2026Q1' then 1 else value_usd_m end as value_usd_m) "
    "from {t}"
)


@pytest.mark.parametrize(
    ("tables", "code", "nvidia", "amd"),
    [
        ({QUARTERS: NEW}, {}, ["new_truth"], ["truth_of_others"]),
        ({QUARTERS: REVISED}, {}, ["revised_truth"], ["truth_of_others"]),
        ({}, {"models": "x"}, ["model"], ["model"]),
        ({}, {"forecasts": "x"}, ["code"], ["code"]),
        ({QUARTERS: NEW}, {"tables": "x"}, ["new_truth", "code"], ["truth_of_others", "code"]),
    ],
)
def test_moves_are_split_by_reason(
    refreshed: Sandbox, tmp_path: Path, tables: dict, code: dict, nvidia: list[str], amd: list[str]
) -> None:
    found = compare(refreshed.latest, altered(refreshed.latest, tmp_path / "b", MOVED | tables, code))
    reasons = {move["key"]["entity_id"]: move["reasons"] for move in found.forecasts}
    assert reasons["nvidia-total"] == nvidia and reasons["amd-data-center"] == amd
    assert {round(move["change_pct"], 6) for move in found.forecasts} == {10}


def test_a_changed_assumption_moves_what_rests_on_assumptions(refreshed: Sandbox, tmp_path: Path) -> None:
    drift = "select * replace (case when parameter_id = 'share_drift' then 9 else p50 end as p50) from {t}"
    share = "select * replace (p50 * 0.9 as p50) from {t}"
    tables = MOVED | {"forecast.inference_share": share, "forecast.assumptions": drift}
    found = compare(refreshed.latest, altered(refreshed.latest, tmp_path / "b", tables))
    reasons = {move["table"]: move["reasons"] for move in found.forecasts}
    assert reasons == {"forecast.inference_share": ["assumption"], "forecast.vendor_revenue": []}
    assert found.causes["assumption"] == ["share_drift: median 0.25 → 9.0"]


@pytest.mark.parametrize(("share", "stops"), [(0.04, False), (0.06, True)])
def test_a_release_that_rewrites_the_past_stops(refreshed: Sandbox, tmp_path: Path, share: float, stops: bool) -> None:
    query = (
        "select * exclude (rn, n) replace (if(rn <= {share} * n, value_usd_m * 1000, value_usd_m) as value_usd_m) "
        "from (select *, row_number() over () as rn, count(*) over () as n from {t})"
    ).replace("{share}", str(share))
    found = compare(refreshed.latest, altered(refreshed.latest, tmp_path / "b", {QUARTERS: query}))
    assert bool(changes_page.excessive(found)) == stops
    if not stops:
        assert changes_page.refusal(found, "") is None
        return
    told = changes_page.refusal(found, "  ") or ""
    assert re.search(r"market\.vendor_quarters_vintages: \d+ revised and 0 gone of \d+ rows \(6%\)", told)
    assert changes_page.refusal(found, "the source moved from USD million to USD thousand") is None
    assert "were accepted: the source moved" in changes_page.page(
        found, "b", "the source moved from USD million to USD thousand"
    )


def test_what_passes_with_the_days_is_no_revision(refreshed: Sandbox, tmp_path: Path) -> None:
    """A newer list ends every price of the one before and estimates have a newer vintage: nothing was revised."""
    ended = (
        "select * replace (false as is_current, coalesce(valid_to, date '2026-11-30') as valid_to, "
        "observed_on + 1 as observed_on) from {t}"
    )
    older = "select * replace (false as is_latest_vintage) from {t}"
    tables = {"market.token_price_history": ended, "market.chip_shipments_by_source": older}
    found = compare(refreshed.latest, altered(refreshed.latest, tmp_path / "b", tables))
    for table in tables:
        assert of(found, table).revised == 0 and of(found, table).resourced > 100
    assert changes_page.excessive(found) == []
    reopened = {"market.token_price_history": "select * replace (null::date as valid_to) from {t}"}
    found = compare(refreshed.latest, altered(refreshed.latest, tmp_path / "c", reopened))
    assert of(found, "market.token_price_history").revised > 100


@pytest.mark.parametrize(("vintage", "stops"), [("2999-09", False), ("2026-04", True)])
def test_a_newer_vintage_may_give_every_figure_anew(
    refreshed: Sandbox, tmp_path: Path, vintage: str, stops: bool
) -> None:
    table = "market.chip_shipments"
    newer = f"select * replace (units_p50 * 1.5 as units_p50, '{vintage}' as estimate_vintage) from {{t}}"
    found = compare(refreshed.latest, altered(refreshed.latest, tmp_path / "b", {table: newer}))
    told = of(found, table)
    assert told.revised == told.rows_before and told.followed == (0 if stops else told.revised)
    assert [each.table for each in changes_page.excessive(found)] == ([table] if stops else [])
    assert f"| {table} | {told.rows_before} | 0 | 0 | {told.revised} | {told.followed} |" in changes_page.page(
        found, "b"
    )


def test_withdrawn_offers_of_live_upstreams_do_not_stop_but_revisions_do() -> None:
    gone, revised = (TableDiff("market.rental_prices", 100, 0, n, m, 0, ()) for n, m in ((50, 0), (0, 50)))
    assert changes_page.excessive(Diff("a", "b", is_live=False, facts=[gone])) == [gone]
    assert changes_page.excessive(Diff("a", "b", is_live=True, facts=[gone])) == []
    assert changes_page.excessive(Diff("a", "b", is_live=True, facts=[revised])) == [revised]


def test_few_rows_of_a_small_table_may_change(refreshed: Sandbox, tmp_path: Path) -> None:
    described = duckdb.sql(f"describe from '{refreshed.latest}/parquet/market.compute_spend.parquet'").fetchall()
    number = next(name for name, kind, *_ in described if kind == "DOUBLE")
    query = (
        f"select * exclude (rn) replace (case when rn <= {{n}} then -1 else {number} end as {number}) "
        "from (select *, row_number() over () as rn from {t})"
    )
    for rows, stops in ((changes_page.FREE_ROWS, False), (changes_page.FREE_ROWS + 1, True)):
        new = altered(refreshed.latest, tmp_path / str(rows), {"market.compute_spend": query.replace("{n}", str(rows))})
        found = compare(refreshed.latest, new)
        assert of(found, "market.compute_spend").revised == rows
        assert bool(changes_page.excessive(found)) == stops


def test_a_release_is_made_with_a_reason(refreshed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The release before held other figures; that none is made without a reason, test_readers.py says."""
    for part in ("report", "publish.hub"):  # seconds that this test has no need of
        monkeypatch.setattr(f"pipeline.{part}.write", lambda *_: None)
    work = Sandbox(tmp_path)
    shutil.copytree(refreshed.state, work.state, ignore=shutil.ignore_patterns("then", "dagster", "pictures"))
    store = work.published / "releases"
    store.mkdir(parents=True)
    shutil.copy(refreshed.published / "log.jsonl", work.published)
    doubled = {QUARTERS: "select * replace (value_usd_m * 2 as value_usd_m) from {t}"}
    old = altered(refreshed.latest, store / "old", doubled | MOVED, {"models": "x"})
    shutil.copy(refreshed.latest / release.DATABASE, old)
    release.write_sums(old)  # a release that does not verify is not compared with
    (work.published / "latest").symlink_to(os.path.relpath(old, work.published))
    reason = "doubled <b>by mistake</b>"
    new, changes = release.write(Settings(work.state, work.published, work.data, accept_revisions=reason))
    assert f"more than the limit in 1 tables, accepted: {reason}" in changes_page.revisions(changes, reason)
    page = (new / "CHANGES.md").read_text()
    assert "were accepted: doubled &lt;b>by mistake&lt;/b>" in page and "Compared with altered." in page
    moved = (
        "select table_name, change_pct, attributed_to from quality.release_changes where row_key like '%nvidia-total%'"
    )
    assert work.query("select distinct previous_release from quality.release_changes", new) == [("altered",)]
    rows = work.query(moved, new)
    assert rows and {(table, round(change, 4)) for table, change, _ in rows} == {
        ("forecast.vendor_revenue", round(100 / 1.1 - 100, 4))
    }
    assert {why for *_, why in rows} == {"revised_truth, model"}
    assert release.verify(new) == []
    # what a release is does not hang on the one before: written again, it is the one that is there
    again = release.write(Settings(work.state, work.published, work.data, accept_revisions=reason))
    assert again == (new, None) and "it is the same" in changes_page.revisions(None, reason)


def test_the_first_release_says_so_and_an_as_of_run_follows_its_own_day(refreshed: Sandbox, tmp_path: Path) -> None:
    assert "nothing to compare with" in changes_page.page(None, "first")
    assert changes_page.previous(Settings(published=tmp_path)) is None
    present = Settings(published=refreshed.published, data=refreshed.data)
    assert changes_page.previous(present) == refreshed.latest.resolve()


def test_hostile_text_is_inert() -> None:
    example = {"key": "<script>alert(1)</script>|x", "columns": {"a": ["`", "=cmd()"]}}
    table = TableDiff("market.chips", 10, 0, 0, 1, 0, (example,))
    text = changes_page.page(Diff("a", "b", facts=[table]), "b")
    assert "<script>" not in text and "&lt;script>" in text and not re.search(r"(?<!\\)\|x", text)


def test_command_line(refreshed: Sandbox) -> None:
    name = refreshed.latest.resolve().name
    run = refreshed.here("diff", name, name, "--json")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["forecasts"] == []
    assert "None came, went or changed." in refreshed.here("diff", name, name).stdout
    assert "There is no release 'nothing'" in refreshed.here("diff", name, "nothing").stderr
