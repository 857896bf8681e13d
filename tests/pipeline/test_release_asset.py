"""What the UI shows of a release: its checks and what it holds; who answers for it; and runs that come to nothing."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.loader import LoadingContextForTest
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecord
from sandbox import ROOT, Sandbox

from assets import releases, runs
from assets.resources import Workspace
from pipeline.files import state_lock
from pipeline.publish import release
from pipeline.publish.reader import Release
from pipeline.settings import Settings, UserError


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    ours = {"module": "assets.event_log", "class": "KeptEventLogStorage", "config": {}}
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides={"event_log_storage": ours}) as instance:
        yield instance


def materialised(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    chosen = [releases.published_release, releases.copied_release]
    return dg.materialize(chosen, resources={"workspace": Workspace()}, instance=instance, raise_on_error=False)


def status(instance: dg.DagsterInstance, check: str) -> str:
    """What the UI says of a check of the release."""
    context = LoadingContextForTest(instance)
    key = dg.AssetCheckKey(dg.AssetKey("release"), check)
    record = AssetCheckExecutionRecord.blocking_get(context, key)
    assert record
    return asyncio.run(record.resolve_status(context)).value


@pytest.fixture
def at_release(refreshed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The release's own writing replaced by the session's release: what is tested is what the asset says of it."""
    monkeypatch.setenv("CHIPCAST_STATE", str(tmp_path / "var"))
    monkeypatch.setenv("CHIPCAST_PUBLISHED", str(refreshed.published))
    monkeypatch.setattr(release, "write", lambda _: (refreshed.latest.resolve(), None))
    return refreshed


def test_a_release_shows_its_checks_totals_changes_and_page(at_release: Sandbox, instance: dg.DagsterInstance) -> None:
    run = materialised(instance)
    assert run.success
    checks = {check.check_name: check for check in run.get_asset_check_evaluations()}
    assert {name: check.passed for name, check in checks.items()} == {"verification": True, "revisions": True}
    shown = run.asset_materializations_for_node("release")[0].metadata
    tables = Release(at_release.latest).tables()
    assert (shown["tables"].value, shown["dagster/row_count"].value) == (len(tables), tables["rows"].sum())
    assert shown["what_changed"].value == (at_release.latest / "CHANGES.md").read_text()
    assert shown["page"].value == (at_release.latest.resolve() / "index.html").as_uri()
    assert shown["changes"].value.endswith("/CHANGES.md") and shown["changes"].value.startswith("file:///")


@pytest.mark.parametrize(("refused", "other"), [("revisions", "verification"), ("verification", "revisions")])
def test_a_refused_release_fails_its_check_and_what_never_ran_is_skipped(
    refused: str, other: str, at_release: Sandbox, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_: Settings) -> None:
        raise release.Refused(refused, "market.chips: 90 revised")

    monkeypatch.setattr(release, "write", write)
    run = materialised(instance)
    assert not run.success
    (check,) = run.get_asset_check_evaluations()
    assert (check.check_name, check.passed) == (refused, False)
    assert check.metadata["message"].value == "market.chips: 90 revised"
    assert (status(instance, refused), status(instance, other)) == ("FAILED", "SKIPPED")


def test_a_run_that_meets_another_refresh_is_canceled(at_release: Sandbox, instance: dg.DagsterInstance) -> None:
    with state_lock(Settings.from_env().state):
        run = materialised(instance)
    stored = instance.get_run_by_id(run.run_id)
    assert stored and stored.status == dg.DagsterRunStatus.CANCELED
    told = [entry.dagster_event.message or "" for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    assert any(text.startswith("Another refresh holds var/") for text in told)
    assert [line.partition(" (")[0] for line in runs.what_failed(run.all_events, "refresh")] == [
        "refresh: Another refresh holds var/"
    ]
    assert materialised(instance).success  # control: without the other one it runs


def test_owners_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import json\nfrom assets.definitions import defs\n"
        "graph = defs().resolve_asset_graph()\n"
        "print(json.dumps([graph.get(key).owners for key in graph.materializable_asset_keys]))"
    )
    command = [sys.executable, "-c", code]
    env = {**Sandbox(ROOT).env, "CHIPCAST_OWNERS": "team:market-data ada@example.org"}
    run = subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True)
    assert run.returncode == 0, run.stderr
    owners = json.loads(run.stdout)
    assert len(owners) > 150 and all(each == ["team:market-data", "ada@example.org"] for each in owners)
    assert Settings.from_env().owners == ()
    monkeypatch.setenv("CHIPCAST_OWNERS", "ada")
    with pytest.raises(UserError, match="'ada' is neither an e-mail address nor team:NAME"):
        Settings.from_env()
