"""Dagster's run history in PostgreSQL, set up as docs/deploy/server says, with Debian's server."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import psycopg2
import pytest
from dagster._core.loader import LoadingContextForTest
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecord
from sandbox import ROOT, Sandbox

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of the test's own, on loopback."""

    programs: Path
    port: int

    def settings(self, database: str) -> dict[str, str]:
        """The environment that docs/deploy/server/dagster.yaml reads."""
        return {
            "CHIPCAST_PG_HOST": "127.0.0.1",
            "CHIPCAST_PG_PORT": str(self.port),
            "CHIPCAST_PG_USER": "chipcast",
            "CHIPCAST_PG_PASSWORD": "swordfish",
            "CHIPCAST_PG_DB": database,
        }

    def run(self, program: str, *arguments: str, **options) -> subprocess.CompletedProcess[bytes]:
        env = {**os.environ, "PGPASSWORD": "swordfish"}
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "chipcast"]
        return subprocess.run([self.programs / program, *where, *arguments], env=env, check=True, **options)

    def runs(self, database: str) -> list[tuple[str, str]]:
        """Job and status of every run on record."""
        where = {"host": "127.0.0.1", "port": self.port, "user": "chipcast", "password": "swordfish"}
        with psycopg2.connect(**where, dbname=database) as connection, connection.cursor() as cursor:
            cursor.execute("select pipeline_name, status from runs order by id")
            return cursor.fetchall()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    """A server with a role `chipcast` and an empty database of that name; not run without Debian's postgresql."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("initdb is missing: apt-get install postgresql")
    programs = found[-1].parent
    # Not in pytest's folders, which only their owner may enter: PostgreSQL refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="chipcast-postgres-"))
    other = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if other:
        shutil.chown(folder, **other)
    password = folder / "password"
    password.write_text("swordfish")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    control = [programs / "pg_ctl", "-D", folder / "data", "-w", "-s", "-l", folder / "log"]
    create = [programs / "initdb", "-D", folder / "data", "-U", "chipcast", "-A", "scram-sha-256"]
    subprocess.run([*create, f"--pwfile={password}"], check=True, capture_output=True, **other)
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder}"
    subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, **other)
    try:
        server = Server(programs, port)
        server.run("createdb", "chipcast")
        yield server
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, **other)
        shutil.rmtree(folder)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A DAGSTER_HOME with the deployed server's settings."""
    folder = tmp_path / "dagster_home"
    folder.mkdir()
    shutil.copy(ROOT / "docs/deploy/server/dagster.yaml", folder)
    return folder


def test_run_history_lives_in_postgres_and_survives_backup_and_restore(
    postgres: Server, home: Path, sandbox: Sandbox
) -> None:
    env = {"DAGSTER_HOME": str(home), **postgres.settings("chipcast")}
    run = sandbox.chipcast("refresh", "--quiet", **env)
    assert run.returncode == 0, run.stderr
    assert postgres.runs("chipcast") == [("refresh", "SUCCESS")]
    assert not list(home.rglob("*.db")), "no run history may be left in SQLite files"

    postgres.run("createdb", "restored")
    restored = Sandbox(sandbox.folder / "restored")
    paths = {"PATH": f"{postgres.programs}:{os.environ['PATH']}"}
    for verb, place, database in (("backup", sandbox, "chipcast"), ("restore", restored, "restored")):
        command = [ROOT / "docs" / "deploy" / verb, home.parent / "chipcast.tar"]
        told = subprocess.run(
            command, env={**place.env, **paths, **postgres.settings(database)}, text=True, capture_output=True
        )
        assert told.returncode == 0, told.stderr
    assert postgres.runs("restored") == postgres.runs("chipcast")
    assert restored.latest.resolve().name == sandbox.latest.resolve().name

    # Dagster itself reads the restored history: what docs/operations.md promises.
    script = "import dagster; print([r.status.value for r in dagster.DagsterInstance.get().get_runs()])"
    seen = subprocess.run(
        [sys.executable, "-c", script],
        env={**sandbox.env, **env, **postgres.settings("restored")},
        text=True,
        capture_output=True,
    )
    assert seen.stdout.strip() == "['SUCCESS']", seen.stderr


def test_a_check_that_never_ran_is_skipped(postgres: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @dg.asset(check_specs=[dg.AssetCheckSpec("whole", asset="thing")])
    def thing() -> dg.MaterializeResult:
        raise dg.Failure

    postgres.run("createdb", "checks")
    for name, value in {"DAGSTER_HOME": str(home), **postgres.settings("checks")}.items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        assert not dg.materialize([thing], instance=instance, raise_on_error=False).success
        context = LoadingContextForTest(instance)
        record = AssetCheckExecutionRecord.blocking_get(context, dg.AssetCheckKey(dg.AssetKey("thing"), "whole"))
        assert record and asyncio.run(record.resolve_status(context)).value == "SKIPPED"


def test_a_wrong_password_is_told_and_not_shown(postgres: Server, home: Path, sandbox: Sandbox) -> None:
    env = {"DAGSTER_HOME": str(home), **postgres.settings("chipcast"), "CHIPCAST_PG_PASSWORD": "not-the-one"}
    run = sandbox.chipcast("refresh", "--quiet", **env)
    assert run.returncode == 1
    assert "password authentication failed" in run.stderr and "Traceback" not in run.stderr
    assert "not-the-one" not in run.stdout + run.stderr


def test_an_empty_dagster_home_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    run = sandbox.chipcast("refresh", "--quiet", DAGSTER_HOME=str(tmp_path))
    assert run.returncode == 1
    assert "holds no dagster.yaml" in run.stderr and "Traceback" not in run.stderr
