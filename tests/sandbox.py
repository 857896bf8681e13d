"""A place of a test's own to run the command line in."""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Sandbox:
    """A state folder, a folder of releases and the facts of one test, with the command line run in them."""

    folder: Path
    data: Path = ROOT / "data"

    @property
    def state(self) -> Path:
        return self.folder / "var"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    @property
    def latest(self) -> Path:
        return self.published / "latest"

    @property
    def env(self) -> dict[str, str]:
        inherited = {
            k: v
            for k, v in os.environ.items()
            if k not in ("LIVE", "AS_OF", "FORCE", "SELECT", "AT", "PUBLISH_TO", "DAGSTER_HOME")
        }
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)
        return {
            **inherited,
            "CHIPCAST_STATE": str(self.state),
            "CHIPCAST_PUBLISHED": str(self.published),
            "CHIPCAST_DATA": str(self.data),
        }

    def chipcast(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run the command line to its end; standard output and error are kept apart."""
        command = [sys.executable, "-m", "assets.cli", *arguments]
        return subprocess.run(command, env={**self.env, **env}, cwd=ROOT, text=True, capture_output=True)

    def here(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """The command line in this process, seconds sooner; not for a whole refresh, which warms up workers of its own."""
        from assets import commands

        out, told = io.StringIO(), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(told),
        ):
            for name in os.environ.keys() - self.env.keys():
                patch.delenv(name)
            for name, value in {**self.env, **env}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["chipcast", *arguments])
            # A command that succeeded ends its process at once.
            patch.setattr(os, "_exit", sys.exit)
            patch.setattr(atexit, "_run_exitfuncs", lambda: None)
            # Else every process that the tests start from then on is deaf to Ctrl-C.
            patch.setattr(commands, "_hide_interrupts_from_children", lambda: None)
            with pytest.raises(SystemExit) as ended:
                commands.main()
        return subprocess.CompletedProcess(arguments, ended.value.code or 0, out.getvalue(), told.getvalue())

    def query(self, sql: str, release: Path | None = None) -> list[tuple]:
        """Rows of a query on a release."""
        with duckdb.connect(str((release or self.latest) / "chipcast.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()
