"""What dbt need not build again: only what was built, and held, from the very inputs that it has now."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build.dbt_reuse import Memory, NodeResult, inputs
from pipeline.settings import Settings

MANIFEST = {
    "sources": {"source.prices": {"name": "prices", "config": {"external_location": "raw/{name}.parquet"}}},
    "nodes": {
        "model.mart": {"depends_on": {"nodes": ["model.staged", "seed.names"]}, "config": {"tags": []}},
        "model.staged": {"depends_on": {"nodes": ["source.prices"]}, "config": {"tags": []}},
        "seed.names": {"depends_on": {"macros": []}, "config": {"tags": []}},
        "model.counts": {"depends_on": {"nodes": ["seed.names"]}, "config": {"tags": ["reads_catalogue"]}},
        "test.mart": {"depends_on": {"nodes": ["model.mart"]}, "config": {"tags": []}},
    },
}
PARENTS = {uid: node["depends_on"].get("nodes", []) for uid, node in MANIFEST["nodes"].items()}
BELOW_PRICES = {"model.staged", "model.mart", "test.mart"}
ALL = "everything"


def result(uid: str, status: str = "success") -> NodeResult:
    return NodeResult(uid, status, 0, "", 1.0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "prices.parquet").write_bytes(b"1")
    settings = Settings(state=tmp_path)
    settings.warehouse.touch()
    return settings


@pytest.fixture
def built(settings: Settings) -> Memory:
    now = inputs(MANIFEST, settings, "p")
    memory = Memory.of(settings, "p")
    memory.selections[ALL] = [*MANIFEST["nodes"]]
    memory.remember(map(result, now), now, PARENTS)
    return Memory.of(settings, "p")


def stale(memory: Memory, settings: Settings) -> set[str]:
    return {*memory.stale(ALL, inputs(MANIFEST, settings, "p"))}


def test_parents_come_before_children(settings: Settings) -> None:
    order = list(inputs(MANIFEST, settings, "p"))
    assert all(order.index(p) < order.index(uid) for uid in order for p in PARENTS[uid] if p in order)


def test_only_what_lies_below_a_changed_file_is_built_and_what_no_graph_knows(
    built: Memory, settings: Settings
) -> None:
    assert stale(built, settings) == {"model.counts"}
    (settings.raw / "prices.parquet").write_bytes(b"2")
    assert stale(built, settings) == {"model.counts", *BELOW_PRICES}


def test_a_killed_or_failed_build_is_done_again(built: Memory, settings: Settings) -> None:
    built.forget(["model.mart"])
    assert stale(Memory.of(settings, "p"), settings) == {"model.counts", "model.mart"}
    now = inputs(MANIFEST, settings, "p")
    built.remember([result("model.mart"), result("test.mart", "fail")], now, PARENTS)
    built.forget(["test.mart"])
    built.remember([result("test.mart", "fail")], now, PARENTS)
    assert stale(built, settings) == {"model.counts", "test.mart"}


def test_a_table_built_by_hand_on_a_stale_one_is_not_taken_for_new(built: Memory, settings: Settings) -> None:
    (settings.raw / "prices.parquet").write_bytes(b"2")
    built.forget(["model.mart"])
    built.remember([result("model.mart")], inputs(MANIFEST, settings, "p"), PARENTS)
    assert stale(built, settings) >= BELOW_PRICES


def test_another_project_or_a_lost_warehouse_begins_anew(built: Memory, settings: Settings) -> None:
    assert built.inputs and not Memory.of(settings, "q").inputs
    settings.warehouse.unlink()
    assert not Memory.of(settings, "p").inputs
