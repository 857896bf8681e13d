"""One release made by the real command, shared by every test that reads published tables."""

from __future__ import annotations

import atexit
import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from sandbox import ROOT, Sandbox

if "PYTEST_XDIST_WORKER" in os.environ:
    # Registered first, so the last that is done: to take every loaded module apart costs seconds, and the process ends.
    atexit.register(os._exit, 0)

# Set by `make test-all`: random tests make their full number of cases.
FULL = bool(os.environ.get("CHIPCAST_FULL"))


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Callable[[str, int, int], int]:
    """How many cases a random test makes: `count("corruptions", 30, 1000)` is the first number in `make test`, the
    second in `make test-all`. What was made stands in the summary of the run."""

    def number(what: str, reduced: int, full: int) -> int:
        made = full if FULL else reduced
        record_property(f"count: {what}", made)
        return made

    return number


@pytest.fixture
def needs() -> Callable[[str, str], str]:
    """The path of a program that pip cannot install; without it the test is reported as not run."""

    def path(program: str, package: str) -> str:
        found = shutil.which(program)
        if not found:
            pytest.skip(f"{program} is missing: apt-get install {package}")
        return found

    return path


# The files that take longest, longest first: at the end, the other workers would wait for one of them.
LONGEST = (
    "test_ui_server.py",
    "test_readers.py",
    "test_claims.py",
    "test_unchanged_inputs.py",
    "test_cli_manners.py",
    "test_release.py",
    "test_misread_answers.py",
    "test_report.py",
    "test_hub.py",
    "test_failed_check.py",
    "test_diff.py",
    "test_compute_forecast.py",
    "test_vendor_point_in_time.py",
    "test_assumptions.py",
    "test_faults.py",
    "test_broken_input.py",
    "test_refreshes.py",
    "test_mutations.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order in which workers take files: one that makes the release, those that need none meanwhile, the others."""
    needs_release = {item.path for item in items if "refreshed" in getattr(item, "fixturenames", ())}

    def place(item: pytest.Item) -> tuple[bool, bool, int]:
        name = item.path.name
        return name != LONGEST[0], item.path in needs_release, LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: a search for garbage takes half a second less without it, in every worker."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many random cases were made, and what was not run and why: neither hides in a row of dots."""
    made: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if report.when == "call" and name.startswith("count: "):
                made[name.removeprefix("count: ")] = made.get(name.removeprefix("count: "), 0) + value
            if report.when == "call" and name == "table":
                terminalreporter.section(report.nodeid.split("::")[-1])
                terminalreporter.write_line(value)
    skipped = terminalreporter.stats.get("skipped", [])
    if made or skipped:
        terminalreporter.section("cases made and tests not run")
    for name, number in sorted(made.items()):
        terminalreporter.write_line(f"{number:>10,} {name}")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(
            f"   NOT RUN {report.nodeid}: {str(reason).removeprefix('Skipped: ').removeprefix('not run: ')}"
        )


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A sandbox after one default refresh, shared by all workers. Tests read it and leave its newest release as it is.

    Only one file (so one worker) may refresh in it: tests/end_to_end/test_release.py.
    """
    parent = tmp_path_factory.getbasetemp()
    sandbox = Sandbox((parent.parent if "PYTEST_XDIST_WORKER" in os.environ else parent) / "refreshed")
    sandbox.folder.mkdir(exist_ok=True)
    with (sandbox.folder / "first_refresh.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not sandbox.latest.exists():
            run = sandbox.chipcast("refresh", "--quiet")
            assert run.returncode == 0, run.stderr
            shutil.copytree(sandbox.state, sandbox.folder / "seed")
    return sandbox


@pytest.fixture(scope="module")
def grown(refreshed: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A sandbox of a module's own that has everything a first refresh leaves but the release, and its own facts."""
    folder = tmp_path_factory.mktemp("grown")
    shutil.copytree(refreshed.folder / "seed", folder / "var", ignore=shutil.ignore_patterns("dagster", "refreshes"))
    shutil.copytree(ROOT / "data", folder / "data")
    return Sandbox(folder, folder / "data")


@pytest.fixture
def installed(refreshed: Sandbox, tmp_path: Path) -> Sandbox:
    """An installation of a test's own, as the first refresh left it: state, facts and the release."""
    sandbox = Sandbox(tmp_path / "place", tmp_path / "place" / "data")
    shutil.copytree(refreshed.folder / "seed", sandbox.state)
    shutil.copytree(ROOT / "data", sandbox.data)
    # The newest release alone: another worker may be making one beside it.
    newest = refreshed.latest.resolve()
    shutil.copytree(newest, sandbox.published / "releases" / newest.name)
    shutil.copy2(newest / "log.jsonl", sandbox.published)
    sandbox.latest.symlink_to(Path("releases") / newest.name)
    return sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """An empty sandbox of a test's own."""
    return Sandbox(tmp_path)


@pytest.fixture
def release(refreshed: Sandbox) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published release."""
    with duckdb.connect(str(refreshed.latest / "chipcast.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture
def warehouse(refreshed: Sandbox) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the private warehouse behind the release, with its intermediate tables."""
    with duckdb.connect(str(refreshed.state / "warehouse.duckdb"), read_only=True) as connection:
        yield connection
