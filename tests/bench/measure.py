"""Running a job in its own process: wall and processor time, peak memory, and the median of several runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
IDLE_S = 10


@dataclass(frozen=True)
class Measured:
    """Medians over the runs. `seconds` is what the job timed itself, else the wall time of its process."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    result: Any
    runs: int


def _once(command: list[str], env: dict[str, str]) -> tuple[float, float, float, str]:
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    # Linux gives kilobytes: the largest of the process and of the children it waited for.
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def command(arguments: list[str], runs: int = 1, **env: str) -> Measured:
    """A command of this Python, such as ["-m", "assets.cli", "refresh"]."""
    found = [_once([sys.executable, *arguments], env) for _ in range(runs)]
    wall, cpu, memory, outputs = zip(*found, strict=True)
    return Measured(median(wall), median(cpu), median(memory), outputs[-1], runs)


def ui(port: int, runs: int, **env: str) -> Measured:
    """`chipcast ui` until it lists the loaded code location; `peak_mb` is what all its processes hold when idle.

    What processes share counts once (Linux's PSS).
    """
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        line = [sys.executable, "-m", "assets.cli", "ui", "--port", str(port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        first = psutil.Popen(line, cwd=ROOT, env={**os.environ, **env}, start_new_session=True, **quiet)
        try:
            while not _lists_location(port):
                time.sleep(0.05)
            wall = time.perf_counter() - start
            time.sleep(IDLE_S)
            processes = [first, *first.children(recursive=True)]
            cpu = sum(sum(process.cpu_times()[:2]) for process in processes)
            found.append((wall, cpu, sum(process.memory_full_info().pss for process in processes) / 2**20))
        finally:
            os.killpg(first.pid, signal.SIGKILL)
            first.wait()
    return Measured(*(median(values) for values in zip(*found, strict=True)), None, runs)


def _lists_location(port: int) -> bool:
    query = "{repositoriesOrError {... on RepositoryConnection {nodes {name}}}}"
    try:
        answer = httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": query})
    except httpx.TransportError:
        return False
    return answer.is_success and bool(answer.json()["data"]["repositoriesOrError"].get("nodes"))


def job(name: str, folder: Path, number: int = 0, runs: int = 1) -> Measured:
    """A job of tests/bench/jobs.py; every run must give the same result."""
    arguments = [sys.executable, "-m", "tests.bench.jobs", name, str(folder), str(number)]
    found = [_once(arguments, {}) for _ in range(runs)]
    _, cpu, memory, outputs = zip(*found, strict=True)
    said = [json.loads(output.splitlines()[-1]) for output in outputs]
    return Measured(median(item["seconds"] for item in said), median(cpu), median(memory), said[-1]["result"], runs)
