"""Every kind of file that a refresh leaves, cut, emptied or removed: the next refresh gives the same release.

What cannot be had again, an answer that landed, is told in one sentence.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sandbox import ROOT, Sandbox

from pipeline.build import repair
from pipeline.publish import release
from pipeline.settings import Settings

sys.path.insert(0, str(ROOT / "tests" / "live"))
from answered import answered

SEED = 20261128
WAYS = ("cut", "emptied", "removed")
# Landed answers cannot be built again (below), the lock holds nothing, and what is put aside or drawn is nobody's input.
NOT_DERIVED = ("landing", "inbox", "alerts", "put_aside", "refresh.lock")


def kinds(folder: Path, *but: str) -> list[Path]:
    """One file of each kind, by the folder below `folder` and the suffix; found by a walk, so that a new kind is too."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        top = path.relative_to(folder).parts[0]
        if path.is_file() and top not in but:
            found.setdefault((top if path.parent != folder else "", path.suffix), []).append(path.relative_to(folder))
    return [random.Random(SEED).choice(paths) for paths in found.values()]


def damage(path: Path, way: str) -> None:
    """The file alone: where it is linked, the other name keeps what it had."""
    whole = path.read_bytes()
    path.unlink()
    if way != "removed":
        path.write_bytes(whole[: len(whole) // 2] if way == "cut" else b"")


def is_derived(path: Path) -> bool:
    return path.parts[0] in repair.DERIVED


def test_damage_of_each_kind_is_noticed(
    refreshed: Sandbox, tmp_path: Path, count: Callable[[str, int, int], int]
) -> None:
    """Each alone and without a refresh: in the rounds below, what is found first might hide what would be overlooked."""
    seed, whole = refreshed.folder / "seed", refreshed.latest.resolve()
    copy = Settings(state=tmp_path / "var", published=tmp_path / "published")
    derived = [path for path in kinds(seed, *NOT_DERIVED) if is_derived(path)]
    assert len(derived) > 10 and len(kinds(whole)) > 10
    cases = [(seed, path, way) for path in derived for way in WAYS]
    cases += [(whole, path, way) for path in kinds(whole) for way in WAYS]
    random.Random(SEED).shuffle(cases)
    for folder, path, way in cases[: count("damaged files noticed", 12, len(cases))]:
        others = shutil.ignore_patterns("dagster", "pictures")
        shutil.copytree(folder, copy.state, copy_function=os.link, ignore=others)
        damage(copy.state / path, way)
        if folder == seed:
            assert f"var/{path} was not as the last run left it" in repair.mend(copy), way
        else:
            assert release.verify(copy.state), f"{way}: {path}"
        shutil.rmtree(copy.state)


@pytest.mark.slow
def test_damaged_files_of_state_and_release_heal(installed: Sandbox, count: Callable[[str, int, int], int]) -> None:
    name = installed.latest.resolve().name
    # Mended apart, so that a refresh can meet one or a few of each.
    of_state = kinds(installed.state, *NOT_DERIVED)
    groups = {
        "derived": [path for path in of_state if is_derived(path)],
        "history": [path for path in of_state if path.parts[0] == "dagster"],
        "pictures": [path for path in of_state if path.parts[0] == "pictures"],
        "others": [path for path in of_state if not is_derived(path) and path.parts[0] not in ("dagster", "pictures")],
        "release": kinds(installed.latest.resolve()),
    }
    rounds = len(WAYS) * len(groups["others"])
    for number in range(count("rounds of damaged files", 2, rounds)):
        damaged = []
        for group, paths in groups.items():
            cases = [(path, way) for way in WAYS for path in random.Random(SEED).sample(paths, len(paths))]
            for path, way in cases[len(cases) * number // rounds : len(cases) * (number + 1) // rounds]:
                place = (installed.latest.resolve() if group == "release" else installed.state) / path
                if place.exists():  # a run's output goes with the history
                    damage(place, way)
                    damaged.append(f"{way}: {group} {path}")
        (installed.data / "touched.txt").write_text(
            str(number)
        )  # other bytes, equal facts: nothing is taken for unchanged
        run = installed.chipcast("refresh", "--quiet")
        assert run.returncode == 0 and "Traceback" not in run.stderr, f"{damaged}: {run.stderr}"
        assert (installed.latest.resolve().name, release.verify(installed.latest)) == (name, []), damaged


@pytest.mark.slow
def test_a_damaged_answer_that_landed_is_asked_for_again_or_told_in_one_sentence(sandbox: Sandbox) -> None:
    with contextlib.ExitStack() as stack:
        # The made answer is short, and one that lost most rows is not read at all.
        env = answered(stack) | {"CHIPCAST_OPENROUTER_PRICES_MAX_LOST_SHARE": "1"}
        first = sandbox.chipcast("refresh", "--quiet", **env)
        assert first.returncode == 0, first.stderr
        name, landed = sandbox.latest.resolve().name, sandbox.state / "landing" / "openrouter_prices"
        ((blob,), (record,)) = (landed / "blobs").iterdir(), landed.glob("*.json")

        def refused(path: Path, way: str, sentence: str) -> None:
            damage(path, way)
            # What was read before is not read again, and nothing is without FORCE.
            shutil.rmtree(sandbox.state / "raw" / "versions")
            run = sandbox.chipcast("refresh", "--quiet", "--from-landing", FORCE="1", **env)
            assert run.returncode == 1 and "Traceback" not in run.stderr and sentence in run.stderr, run.stderr

        for way in WAYS:
            whole = blob.read_bytes()
            refused(blob, way, f"Restore landing/openrouter_prices/blobs/{blob.name}")
            again = sandbox.chipcast("refresh", "--quiet", **env)
            assert again.returncode == 0 and blob.read_bytes() == whole, f"{way}: {again.stderr}"
            assert (sandbox.latest.resolve().name, release.verify(sandbox.latest)) == (name, []), way
        for way in WAYS[:2]:  # a record that is gone is a retrieval forgotten
            whole = record.read_bytes()
            refused(record, way, f"Landing record openrouter_prices/{record.name} is damaged")
            record.write_bytes(whole)
