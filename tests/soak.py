"""A week in two hours: Dagster's web server and daemon with short schedules, changing answers of local upstreams and faults.

    python -m tests.soak --minutes 100 --folder /tmp/soak

Schedules tick in minutes in place of days, and between them the command line refreshes, one after another. Before each
the driver draws: nothing new, mostly, as in a week; one price changed, one upstream broken. While the daemon has the folder
it waits, and now and then tries all the same, or kills that run's process; or it cuts a file of the derived state. Old
runs' events are deleted after 8 runs in place of 30, so that it happens. Every half minute it counts processes, their
memory and open files, unfinished runs, the size of every folder and left-over temporary files: `samples.csv` in the
folder; `summary.json` at the end. It is no part of the suite; docs/operations.md has the figures of the last one.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import random
import re
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "live")]

from cases import CORE, SOURCES, Case, whole_answers  # noqa: E402
from cases_prices import PRICES  # noqa: E402
from dagster_server import ENDED, Server  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from server import Upstreams, serving  # noqa: E402

CRONS = {
    "prices_daily": "*/20 * * * *",
    "usage_weekly": "10 * * * *",
    "earnings_weekly": "50 * * * *",
    "full_refresh_nightly": "30 * * * *",
}
KEPT = 8
DEFINITIONS = f"""
import functools
from assets import runs, schedules
runs.prune = functools.partial(runs.prune, kept={KEPT})
CRONS = {CRONS!r}
schedules.PLAN = tuple((name, job, domain, CRONS[name], told) for name, job, domain, _, told in schedules.PLAN)
from assets.definitions import defs as defs
"""
FAULTS = ("500", "429", "reset", "truncated gzip", "HTML with status 200", "empty body", "wrong content type")
# How often, of the driver's turns. What is broken costs two refreshes that are not "nothing new": stale, and as before.
CHANGED, BROKEN, CUT = 0.04, 0.02, 0.01
TRIED, KILLED = 0.03, 0.01  # of the seconds in which the daemon's run has the folder
SAMPLE_S = 30


class Soak:
    """One soak: its server, its upstreams, what was done and what was seen."""

    def __init__(self, folder: Path, seed: int):
        self.sandbox = Sandbox(folder)
        self.draw = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []
        # By run id, and kept here: Dagster's own list is pruned.
        self.scheduled: dict[str, str] = {}
        self.samples: list[dict[str, Any]] = []
        self.hosts: dict[str, Upstreams] = {}
        self.answers = {case.source_id: dict(case.answers) for case in [*CORE, *PRICES]} | whole_answers()
        # Changed prices never break a rule; changed results would, as they should.
        self.changing = [case for case in PRICES if SOURCES[case.source_id].domain == "pricing"]

    def change(self, case: Case) -> None:
        """One number of one record moves by up to a twentieth."""
        name, pending = case.number[0], [self.draw.randrange(8)]

        def moved(record: dict[str, Any]) -> dict[str, Any]:
            value = record.get(name)
            if not isinstance(value, int | float | str) or isinstance(value, bool) or pending[0] < 0:
                return record
            with contextlib.suppress(ValueError):
                number = float(value) * self.draw.uniform(0.95, 1.05)
                pending[0] -= 1
                if pending[0] < 0:
                    return {**record, name: str(round(number, 6)) if isinstance(value, str) else round(number, 6)}
            return record

        body = self.answers[case.source_id]
        self.answers[case.source_id] = {
            key: text if case.apart(key) else case.shape.each(text, moved) for key, text in body.items()
        }
        self.hosts[case.source_id].serve(SOURCES[case.source_id], self.answers[case.source_id])

    def turn(self, server: Server) -> None:
        """One refresh by the command line, after one drawn misfortune; or a second's wait for the daemon's run."""
        assert server.process
        # The note in the lock may be of a dead process, whose number another one has by now.
        ours = {child.pid for child in psutil.Process(server.process.pid).children(recursive=True)}
        holder = server.lock_holder()
        holder = holder if holder in ours else None
        if holder and self.draw.random() < KILLED:
            with contextlib.suppress(ProcessLookupError):
                os.kill(holder, signal.SIGKILL)
                self.done["the run's process killed"] += 1
        if holder and self.draw.random() >= TRIED:
            return time.sleep(1)
        if not holder:
            self.misfortune()
        before = self.newest()
        run = self.sandbox.chipcast("refresh", "--quiet", **self.env)
        if run.returncode == 0:
            self.done["refreshes by the command line: " + ("new" if self.newest() != before else "nothing new")] += 1
        elif "Another refresh holds" in run.stderr:
            self.done["turned away: another refresh had the folder"] += 1
        else:
            self.done["refreshes by the command line: failed"] += 1
            self.failures.append(run.stderr[-1500:])

    def misfortune(self) -> None:
        for source_id, host in self.hosts.items():
            host.faults.pop(source_id, None)
        if self.draw.random() < CHANGED:
            self.change(self.draw.choice(self.changing))
            self.done["an upstream's price changed"] += 1
        if self.draw.random() < BROKEN:
            source_id = self.draw.choice(list(self.hosts))
            self.hosts[source_id].faults[source_id] = self.draw.choice(FAULTS)
            self.done["an upstream broken"] += 1
        if self.draw.random() < CUT:
            path = self.draw.choice(
                [*(self.sandbox.state / "raw").glob("*.parquet"), self.sandbox.state / "lineage.json"]
            )
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
            self.done["a file of the state cut"] += 1

    def runs(self, server: Server) -> list[dict[str, Any]]:
        """Every run that there is. Steps are not asked for: that reads all events of all runs."""
        found = server.ask("{runsOrError {... on Runs {results {runId status tags {key value}}}}}")["runsOrError"]
        for run in found["results"]:
            if any(tag["key"] == "dagster/schedule_name" for tag in run["tags"]):
                self.scheduled[run["runId"]] = run["status"].lower()
        return found["results"]

    def newest(self) -> str:
        return self.sandbox.latest.resolve().name

    def sample(self, server: Server, started: float) -> None:
        """What there is now. A process of the server is known by what it runs."""
        assert server.process
        found: dict[str, Any] = {"minute": round((time.monotonic() - started) / 60, 1)}
        processes = [psutil.Process(server.process.pid)]
        with contextlib.suppress(psutil.Error):
            processes += processes[0].children(recursive=True)
        for process in processes:
            with contextlib.suppress(psutil.Error):
                role = self.role(" ".join(process.cmdline()), process.status())
                memory = process.memory_info().rss / 1e6
                for name, value in (("processes", 1), ("mb", memory), ("files", process.num_fds())):
                    found[f"{role} {name}"] = round(found.get(f"{role} {name}", 0) + value, 1)
        states = Counter(run["status"] for run in self.runs(server))
        found |= {"runs unfinished": sum(n for state, n in states.items() if state not in ENDED)}
        found["runs ended"] = sum(n for state, n in states.items() if state in ENDED)
        for folder in (*sorted(self.sandbox.state.iterdir()), self.sandbox.published):
            if folder.is_dir():
                found[f"{folder.name} mb"] = round(_size(folder) / 1e6, 1)
        half_made = re.compile(r"/\.[^/]*\.(tmp|part)$|/\.building-")
        found["temporary files"] = sum(
            bool(half_made.search(str(path)))
            for top in (self.sandbox.state, self.sandbox.published)
            for path in _files(top)
        )
        self.samples.append(found)
        names = sorted({name for sample in self.samples for name in sample})
        with (self.sandbox.folder / "samples.csv").open("w") as file:
            writer = csv.DictWriter(file, ["minute", *(name for name in names if name != "minute")])
            writer.writeheader()
            writer.writerows(self.samples)

    def unfinished(self, server: Server) -> set[str]:
        return {run["runId"] for run in self.runs(server) if run["status"] not in ENDED}

    @staticmethod
    def role(command: str, status: str) -> str:
        if status == psutil.STATUS_ZOMBIE:
            return "zombie"
        known = {"dagster-webserver": "webserver", "dagster-daemon": "daemon", "dagster_webserver": "webserver",
                 "dagster._daemon": "daemon", "execute_run": "run", "api grpc": "code server", "resource_tracker": "tracker",
                 "code-server": "code server", "dagster dev": "parent", "commands.ui": "parent"}  # fmt: skip
        return next((role for word, role in known.items() if word in command), "other")

    def summary(self, minutes: float) -> dict[str, Any]:
        """What was done; of every measure its median in the first and last third after the start, and its most."""
        by_daemon = Counter(
            f"refreshes by the daemon: {status}" for status in self.scheduled.values() if status.upper() in ENDED
        )
        warm = self.samples[2:] or self.samples
        third = max(1, len(warm) // 3)
        measures = {}
        for name in sorted({name for sample in warm for name in sample} - {"minute"}):
            series = [sample.get(name, 0) for sample in warm]
            measures[name] = {
                "first third": statistics.median(series[:third]),
                "last third": statistics.median(series[-third:]),
                "most": max(series),
            }
        return {
            "minutes": round(minutes, 1),
            "refreshes": sum(n for what, n in (self.done + by_daemon).items() if what.startswith("refreshes")),
            "done": dict(sorted((self.done + by_daemon).items())),
            "failures": self.failures,
            "measures": measures,
        }

    def run(self, minutes: float) -> dict[str, Any]:
        """Soak for so long; returns the summary, which also lies in the folder."""
        with contextlib.ExitStack() as stack:
            self.env = {
                "LIVE": "1", "CHIPCAST_CONTACT": "soak@example.org", "ACCEPT_REVISIONS": "soak",
                "CHIPCAST_KEEP_DAYS": "0", "CHIPCAST_KEEP_RELEASES": "5",
            }  # fmt: skip
            for source_id, body in self.answers.items():
                self.hosts[source_id] = stack.enter_context(serving())
                self.hosts[source_id].serve(SOURCES[source_id], body)
                self.env[f"CHIPCAST_{source_id.upper()}_URL"] = f"{self.hosts[source_id].url}/{source_id}"
            self.sandbox.folder.mkdir(parents=True, exist_ok=True)
            first = self.sandbox.chipcast("refresh", "--quiet", **self.env)
            assert first.returncode == 0, first.stderr
            (self.sandbox.folder / "definitions.py").write_text(DEFINITIONS)
            workspace = self.sandbox.folder / "workspace.yaml"
            place = {"relative_path": str(self.sandbox.folder / "definitions.py"), "attribute": "defs",
                     "location_name": "chipcast", "working_directory": str(HERE.parent)}  # fmt: skip
            workspace.write_text(json.dumps({"load_from": [{"python_file": place}]}))
            server = Server(self.sandbox, workspace, **self.env)
            try:
                server.start(600)
                return self._drive(server, minutes)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    server.kill()

    def _drive(self, server: Server, minutes: float) -> dict[str, Any]:
        started = last = time.monotonic()
        while time.monotonic() - started < minutes * 60:
            self.turn(server)
            if time.monotonic() - last >= SAMPLE_S:
                last = time.monotonic()
                self.sample(server, started)
                self.write(self.summary((last - started) / 60))
        after = self.after(server)
        return self.write(self.summary((last - started) / 60) | {"after it": after})

    def write(self, summary: dict[str, Any]) -> dict[str, Any]:
        (self.sandbox.folder / "summary.json").write_text(json.dumps(summary, indent=1))
        return summary

    def after(self, server: Server) -> dict[str, Any]:
        """What is left: runs that nobody ends, then, when the server was asked to end, processes and damaged releases."""
        assert server.process
        begun, deadline = self.unfinished(server), time.monotonic() + 400
        while (left := begun & self.unfinished(server)) and time.monotonic() < deadline:
            time.sleep(5)
        parent = psutil.Process(server.process.pid)
        everyone = [parent, *parent.children(recursive=True)]
        parent.terminate()  # an interrupt is ignored by what a shell started in the background
        gone, alive = psutil.wait_procs(everyone, timeout=120)
        last = self.sandbox.chipcast("refresh", "--quiet", **self.env)
        releases = json.loads(self.sandbox.chipcast("releases", "--json").stdout)
        return {
            "runs that never ended": len(left),
            "processes ended": len(gone),
            "processes left": [" ".join(process.cmdline())[:80] for process in alive],
            "the next refresh": last.returncode,
            "releases": len(releases),
            "releases that do not verify": sum(release["verified"] != "ok" for release in releases),
        }


def _files(folder: Path) -> Iterator[Path]:
    """Every file now: folders come and go meanwhile, which `os.walk` bears."""
    return (Path(place) / name for place, _, names in os.walk(folder) for name in names)


def _size(folder: Path) -> int:
    total = 0
    for path in _files(folder):
        with contextlib.suppress(OSError):
            total += path.lstat().st_size
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument(
        "--folder", type=Path, required=True, help="an empty folder for state, releases and the figures"
    )
    parser.add_argument("--seed", type=int, default=20261128)
    arguments = parser.parse_args()
    print(json.dumps(Soak(arguments.folder.resolve(), arguments.seed).run(arguments.minutes), indent=1))


if __name__ == "__main__":
    main()
