"""`make ui` as a test meets it: the real web server and daemon in a sandbox, asked through GraphQL."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from sandbox import ROOT, Sandbox

LOCATION = {"repositoryLocationName": "chipcast", "repositoryName": "__repository__"}
ENDED = ("SUCCESS", "FAILURE", "CANCELED")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`chipcast ui` in a process group of its own, with the project's workspace or another."""

    def __init__(self, sandbox: Sandbox, workspace: Path = ROOT / "workspace.yaml", **env: str):
        self.sandbox, self.workspace, self.env = sandbox, workspace, {**sandbox.env, **env}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None
        self.seconds_to_answer = 0.0

    def start(self, seconds: float = 120) -> None:
        log = (self.sandbox.folder / "server.log").open("a")
        code = f"from assets import commands; commands.WORKSPACE = {str(self.workspace)!r}; commands.ui({self.port})"
        command = [sys.executable, "-c", code]
        began = time.monotonic()
        self.process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        self.wait("the server to answer", lambda: self._loaded(), seconds)
        self.seconds_to_answer = time.monotonic() - began

    def _loaded(self) -> bool:
        try:
            found = self.ask("{repositoriesOrError {__typename ... on RepositoryConnection {nodes {name}}}}")
        except (httpx.TransportError, AssertionError):
            return False
        return bool(found["repositoriesOrError"].get("nodes"))

    def kill(self) -> None:
        """The end that no process can prepare for, of every process of the group."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self) -> str:
        return (self.sandbox.folder / "server.log").read_text()

    def wait(self, what: str, found: Callable[[], Any], seconds: float = 180) -> Any:
        end = time.monotonic() + seconds
        while not (result := found()):
            assert self.process and self.process.poll() is None, self.log()[-3000:]
            assert time.monotonic() < end, f"waited {seconds} s for {what}\n{self.log()[-3000:]}"
            time.sleep(0.5)
        return result

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/graphql", json={"query": query, "variables": variables}, timeout=60)
        assert answer.status_code == 200, answer.text
        assert "errors" not in answer.json(), answer.text
        return answer.json()["data"]

    def launch(self, job: str, assets: list[str] | None = None, **tags: str) -> str:
        """Start a run of a job or of some of its assets; returns its id."""
        selector = {**LOCATION, "pipelineName": job}
        if assets:
            selector["assetSelection"] = [{"path": asset.split("/")} for asset in assets]
        found = self.ask(
            """mutation($params: ExecutionParams!) {launchRun(executionParams: $params) {
            __typename ... on LaunchRunSuccess {run {runId}} ... on PythonError {message}}}""",
            params={
                "selector": selector,
                "mode": "default",
                "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
            },
        )["launchRun"]
        assert found["__typename"] == "LaunchRunSuccess", found
        return found["run"]["runId"]

    def again_from_failure(self, run_id: str) -> str:
        found = self.ask(
            """mutation($params: ReexecutionParams) {launchRunReexecution(reexecutionParams: $params) {
            __typename ... on LaunchRunSuccess {run {runId}} ... on PythonError {message}}}""",
            params={"parentRunId": run_id, "strategy": "FROM_FAILURE"},
        )["launchRunReexecution"]
        assert found["__typename"] == "LaunchRunSuccess", found
        return found["run"]["runId"]

    def runs(self) -> list[dict[str, Any]]:
        """Every run, newest first."""
        return self.ask(
            "{runsOrError {... on Runs {results {runId jobName status tags {key value} stepStats {stepKey status}}}}}"
        )["runsOrError"]["results"]

    def status(self, run_id: str) -> str:
        return next(run["status"] for run in self.runs() if run["runId"] == run_id)

    def ended(self, run_id: str, seconds: float = 240) -> dict[str, Any]:
        """The run when it has ended."""
        self.wait(f"run {run_id} to end", lambda: self.status(run_id) in ENDED, seconds)
        return next(run for run in self.runs() if run["runId"] == run_id)

    def events(self, run_id: str) -> list[dict[str, Any]]:
        return self.ask(
            """query($run: ID!) {logsForRun(runId: $run) {... on EventConnection {events {__typename
            ... on MessageEvent {message stepKey}
            ... on ExecutionStepFailureEvent {error {message causes {message}}}
            ... on RunFailureEvent {error {message causes {message}}}}}}}""",
            run=run_id,
        )["logsForRun"]["events"]

    def lock_holder(self) -> int | None:
        """The living process that holds the state folder, by the note in its lock."""
        found = re.match(r"process (\d+)", (self.sandbox.state / "refresh.lock").read_text())
        return int(found[1]) if found and Path(f"/proc/{found[1]}").exists() else None
