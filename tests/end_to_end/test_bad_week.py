"""What can happen to a machine, done to a real installation: one clear sentence, nothing lost, the next refresh mends.

docs/operations.md, "A bad week", is the table of what a person sees; the damage of single files is test_damage.py.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dagster_server import ENDED, Server
from sandbox import ROOT, Sandbox

sys.path.insert(0, str(ROOT / "tests" / "live"))
from answered import answered

pytestmark = pytest.mark.slow
SEED = 20261128
KILLS = 20
NOBODY = 65534
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: mounts a small disk, or becomes another user")


def touched(sandbox: Sandbox, word: str) -> None:
    """Other bytes, equal facts: the next refresh takes nothing for unchanged."""
    (sandbox.data / "touched.txt").write_text(word)


def counted(sandbox: Sandbox) -> list[tuple]:
    return sandbox.query("select table_name, estimated_size from duckdb_tables() order by all")


def told(run: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """What a person read: a sentence or two, and no more of our insides."""
    said = run.stderr.strip()
    print(f"[{run.returncode}] {said}")
    assert run.returncode == code, said
    assert "Traceback" not in said and "bug of chipcast" not in said and len(said.splitlines()) <= 3, said
    return said


def heals(sandbox: Sandbox, tables: list[tuple] | None = None, **env: str) -> str:
    """The next refresh ends well with the same tables, and leaves nothing half-made."""
    run = sandbox.chipcast("refresh", "--quiet", **env)
    said = told(run, 0)
    assert tables is None or counted(sandbox) == tables
    assert not list((sandbox.published / "releases").glob(".*"))
    assert not [*sandbox.state.rglob(".*.tmp"), *sandbox.state.rglob(".*.part")]
    return said


# --- a full disk -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def disk(folder: Path, size_mb: int) -> Iterator[Path]:
    """A disk of so many MB in place of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Nothing is free, and what becomes free is taken at once."""
    ended = threading.Event()

    def fill() -> None:
        with (folder / "filler").open("ab", buffering=0) as file:
            while not ended.wait(0.001):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(4096))

    thread = threading.Thread(target=fill)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


STAGES = {
    "landing": "var/landing/*/blobs",
    "dbt": "var/warehouse.duckdb",
    "forecasts": "var/forecasts/*.parquet",
    "release": "published/releases/.building-*",
}


@AS_ROOT
@pytest.mark.parametrize("stage", STAGES)
def test_the_disk_fills(tmp_path: Path, stage: str) -> None:
    with contextlib.ExitStack() as stack:
        sandbox = Sandbox(tmp_path)
        stack.enter_context(disk(sandbox.state, 600))
        stack.enter_context(disk(sandbox.published, 200))
        env = dict(sandbox.env)
        if stage == "landing":
            env |= answered(stack)
        full = sandbox.published if stage == "release" else sandbox.state
        command = [sys.executable, "-m", "assets.cli", "refresh", "--quiet"]
        started = subprocess.Popen(command, env=env, cwd=ROOT, text=True, stderr=subprocess.PIPE)
        with started as process:
            while not list(tmp_path.glob(STAGES[stage])):
                assert process.poll() is None
                time.sleep(0.002)
            with filled(full):
                _, said = process.communicate(timeout=3600)
        sentence = told(subprocess.CompletedProcess(command, process.returncode, "", said))
        assert "The disk is full" in sentence and f"{full} has 0 MB free" in sentence
        assert not list(sandbox.published.glob("releases/*"))
        again = sandbox.chipcast("refresh", "--quiet")
        assert f"{full} has 0 MB free, and a refresh needs about" in told(again)
        (full / "filler").unlink()
        heals(sandbox)


# --- folders ---------------------------------------------------------------------------------------------------


@AS_ROOT
@pytest.mark.parametrize("name", ["var", "published"])
def test_a_read_only_folder(installed: Sandbox, name: str) -> None:
    folder, tables = installed.folder / name, counted(installed)
    touched(installed, "read-only")
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        assert f"{folder} cannot be written" in told(installed.chipcast("refresh", "--quiet"))
        assert counted(installed) == tables
        assert installed.here("status").returncode == 0
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
    heals(installed, tables)


def test_latest_as_a_real_folder_and_releases_removed(installed: Sandbox) -> None:
    tables, home = counted(installed), installed.latest.resolve()
    for change in ("folder", "folder alone", "link", "release", "releases", "published"):
        touched(installed, change)
        if change.startswith("folder"):
            installed.latest.unlink()
            shutil.copytree(home, installed.latest)
            if change == "folder alone":
                shutil.rmtree(home)
            assert installed.here("status").returncode == 0
        elif change == "link":
            installed.latest.unlink()
        elif change == "release":
            shutil.rmtree(home)
        else:
            shutil.rmtree(home.parent if change == "releases" else installed.published)
        if change != "folder" and change != "folder alone":
            assert "There is no release yet" in told(installed.chipcast("status")), change
        heals(installed, tables)
        assert installed.latest.is_symlink() and installed.latest.resolve() == home, change


# --- time ------------------------------------------------------------------------------------------------------


def test_a_clock_that_goes_back(installed: Sandbox, tmp_path: Path, needs: Callable[[str, str], str]) -> None:
    """Live mode reads the clock; a release of a later day stays the latest, and no other is compared with it."""
    with contextlib.ExitStack() as stack:
        env, first = answered(stack), installed.latest.resolve()
        assert installed.chipcast("refresh", "--quiet", **env, ACCEPT_REVISIONS="live").returncode == 0
        newest, landed = installed.latest.resolve(), set(installed.state.glob("landing/*/*.json"))
        assert newest.name.startswith(str(datetime.now(UTC).date()))
        (tmp_path / "back.c").write_text(BACK)
        back = str(tmp_path / "back.so")
        subprocess.run([needs("gcc", "gcc"), "-shared", "-fPIC", "-o", back, tmp_path / "back.c"], check=True)
        heals(installed, LD_PRELOAD=back, **env, ACCEPT_REVISIONS="live")
        (made,) = {*newest.parent.iterdir()} - {newest, first}
        assert f"Compared with {first.name}." in (made / "CHANGES.md").read_text()
        assert installed.latest.resolve() == newest and landed <= set(installed.state.glob("landing/*/*.json"))
        touched(installed, "forward")
        heals(installed, **env)
        assert installed.latest.resolve().name[:10] == newest.name[:10]


# Below Python: a class in place of `datetime.datetime` has another layout, and corrupts what pandas derives from it.
BACK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *now) {
    int ended = ((int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime"))(id, now);
    if (id == CLOCK_REALTIME) now->tv_sec -= 3 * 24 * 60 * 60;
    return ended;
}
"""


def test_a_machine_asleep_over_a_schedule(installed: Sandbox) -> None:
    """Every process of UI and daemon is stopped for two ticks of a schedule: one run makes up for both."""
    server = Server(installed, ROOT / "tests" / "pipeline" / "every_minute.yaml")
    server.start()
    try:
        ends = lambda: [run["status"] for run in server.runs() if run["tags"] and run["status"] in ENDED]  # noqa: E731
        server.wait("a run of a tick to end", ends, 400)
        assert server.process
        os.killpg(server.process.pid, signal.SIGSTOP)
        time.sleep(150)
        os.killpg(server.process.pid, signal.SIGCONT)
        told = "has no partition set, so not trying to catch up"
        server.wait("the daemon to notice", lambda: told in server.log(), 120)
        before = ends().count("SUCCESS")
        server.wait("a run that succeeds", lambda: ends().count("SUCCESS") > before, 600)
    finally:
        server.kill()


# --- two at once, and killed -----------------------------------------------------------------------------------


def test_two_refreshes_at_once(installed: Sandbox) -> None:
    tables = counted(installed)
    touched(installed, "two")
    command = [sys.executable, "-m", "assets.cli", "refresh", "--quiet"]
    with subprocess.Popen(command, env=installed.env, cwd=ROOT, text=True, stderr=subprocess.PIPE) as first:
        memory = installed.state / "warehouse.duckdb.wal"
        while not memory.exists() and first.poll() is None:
            time.sleep(0.01)
        assert first.poll() is None
        sentence = told(installed.chipcast("refresh", "--quiet"))
        assert f"Another refresh holds var/ (process {first.pid}, since" in sentence
        assert first.wait(timeout=3600) == 0, first.communicate()
    heals(installed, tables)


def test_killed_at_twenty_random_moments(installed: Sandbox) -> None:
    tables, draw = counted(installed), random.Random(SEED)
    command = [sys.executable, "-m", "assets.cli", "refresh", "--quiet"]
    touched(installed, "first")
    began = time.monotonic()
    heals(installed, tables)
    whole = time.monotonic() - began
    for number in range(KILLS):
        touched(installed, str(number))
        process = subprocess.Popen(
            command, env=installed.env, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True
        )
        with process:
            time.sleep(draw.uniform(0, whole))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        assert counted(installed) == tables, "who reads sees a whole release at any time"
    heals(installed, tables)


# --- places and people -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git has of the project, its environment and dbt's parse, in a folder whose name has spaces and umlauts."""
    if not (ROOT / ".venv").exists():
        pytest.skip("this checkout has no .venv to copy")
    folder = tmp_path_factory.mktemp("checkouts") / "Größe und Übung"
    folder.mkdir()
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    # The packages are linked, which nothing writes into; the copy's set-up writes the rest anew.
    linked = lambda path, to: (os.link if "site-packages" in path else shutil.copy2)(path, to)  # noqa: E731
    shutil.copytree(ROOT / ".venv", folder / ".venv", symlinks=True, copy_function=linked)
    if (ROOT / "dbt" / "target").exists():
        shutil.copytree(ROOT / "dbt" / "target", folder / "dbt" / "target")
    return folder


def test_a_copied_or_moved_checkout_acts_on_itself(checkout: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("CHIPCAST_")}

    def ran(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)

    def acts_on_itself(folder: Path) -> None:
        for command in (["make", "-s", "refresh"], [".venv/bin/chipcast", "status"], ["make", "-s", "report"]):
            run = ran(folder, *command)
            assert run.returncode == 0, run.stderr + run.stdout
        assert run.stdout.strip() == str(folder / "published" / "latest" / "index.html")
        assert (folder / "var" / "warehouse.duckdb").exists()

    copied = told(ran(checkout, ".venv/bin/chipcast", "status"))
    assert f"{checkout / '.venv'} is a copy of {ROOT / '.venv'}, which it would act on: run `make setup`" in copied
    acts_on_itself(checkout)
    moved = checkout.rename(checkout.with_name("moved"))
    try:
        acts_on_itself(moved)
    finally:
        moved.rename(checkout)


LIVES = {
    "LANG=C": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a foreign VIRTUAL_ENV": {"VIRTUAL_ENV": "/nowhere/venv", "PYTHONHOME": ""},
    "no writable HOME": {"HOME": "/proc/nowhere", "XDG_CACHE_HOME": ""},
}


@pytest.mark.parametrize("name", LIVES)
def test_an_odd_environment(installed: Sandbox, tmp_path: Path, name: str) -> None:
    odd = Sandbox(tmp_path / "Größe und Übung")
    installed.folder.rename(odd.folder)
    odd = replace(odd, data=odd.folder / "data")
    tables = counted(odd)
    touched(odd, name)
    heals(odd, tables, **LIVES[name])


# May read all, because Python itself may lie in root's home, where its children could not start it.
READS_ALL = [f"--{kind}-caps=+dac_read_search" for kind in ("inh", "ambient")]
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *READS_ALL]
HOMELESS = {"HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A folder of that user's; pytest's own let in only who made them."""
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


@AS_ROOT
def test_another_user_without_a_home(installed: Sandbox, nobodys: Path) -> None:
    tables = counted(installed)
    shutil.move(installed.folder, nobodys)
    moved = Sandbox(nobodys / installed.folder.name, nobodys / installed.folder.name / "data")
    touched(moved, "nobody")
    for path in (moved.folder, *moved.folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    command = [*AS_NOBODY, sys.executable, "-m", "assets.cli", "refresh", "--quiet"]
    run = subprocess.run(command, cwd=ROOT, env={**moved.env, **HOMELESS}, capture_output=True, text=True)
    assert told(run, 0) == ""
    assert counted(moved) == tables


@AS_ROOT
def test_a_checkout_that_its_owner_never_refreshed(checkout: Path, nobodys: Path) -> None:
    """dbt's parse is kept in the checkout, which another user cannot write."""
    shutil.rmtree(checkout / "dbt" / "target", ignore_errors=True)
    command = [*AS_NOBODY, checkout / ".venv/bin/python", "-m", "assets.cli", "refresh", "--quiet"]
    env = {**Sandbox(nobodys).env, **HOMELESS}
    run = subprocess.run(command, cwd=checkout, env=env, capture_output=True, text=True)
    assert f"{checkout / 'dbt' / 'target'} cannot be written: the first refresh of a checkout" in told(run)
