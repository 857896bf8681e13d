"""dbt inside this process: a manifest built only when models change, and results as plain rows.

In process costs under a second per build where the dbt command costs three (measured in docs/performance.md).
dbt always runs with the state folder as working directory, because the sources are Parquet paths relative to it.
"""

import contextlib
import fcntl
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipeline import files
from pipeline.build import dbt_reuse
from pipeline.build.dbt_reuse import NodeResult
from pipeline.ingest import run_tables
from pipeline.settings import PROJECT, Settings, UserError, environment
from pipeline.sources import all_sources

PROJECT_DIR = PROJECT / "dbt"
TARGET = PROJECT_DIR / "target"
MANIFEST = TARGET / "manifest.json"
# What dbt itself goes on from; far quicker to read than the project.
PARSED = TARGET / "partial_parse.msgpack"
# Generated out of pipeline/sources.
RAW_TABLES = PROJECT_DIR / "models" / "staging" / "sources.yml"
MANIFEST_STAMP = TARGET / "chipcast_sources.sha256"


RAW_TABLES_HEAD = """\
# Generated out of pipeline/sources by whatever parses the project; do not edit.
version: 2
sources:
  - name: raw
    description: Accepted rows of every source, one Parquet file each, in the state folder.
    config:
      external_location: "raw/{name}.parquet"
    tables:
"""


class DbtError(Exception):
    """A dbt model or test that did not hold; the message lists each one with its own."""


def project_files() -> list[Path]:
    """Every file that the manifest is made from."""
    skip = {"target", "logs", "dbt_packages"}
    return [
        path
        for path in PROJECT_DIR.rglob("*")
        if path.is_file() and not skip & set(path.relative_to(PROJECT_DIR).parts) and path.name != ".user.yml"
    ]


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    told = {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    with environment(CHIPCAST_WAREHOUSE=str(folder / "warehouse.duckdb"), **told), contextlib.chdir(folder):
        yield


def _invoke(arguments: list[str], state: Path, manifest: Any = None) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    common = ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR), "--log-path", str(state / "logs")]
    # Results carry all that a build has to say; dbt would word and censor each of its events first, a sixth of its time.
    flags = ["--log-level", "none", "--log-level-file", "none", "--no-version-check"]
    with _inside(state):
        try:
            return dbtRunner(manifest=manifest).invoke([*flags, *arguments, *common])
        finally:
            # dbt keeps the DuckDB file open in the process, and the next step could not open it.
            DuckDBConnectionManager.close_all_connections()


_parsed: dict[str, Any] = {}


@contextlib.contextmanager
def _alone_in_target() -> Iterator[None]:
    """Refreshes of several state folders share one checkout, and dbt writes its manifest in many steps."""
    TARGET.mkdir(parents=True, exist_ok=True)
    # An image is read-only, with lock and manifest in it.
    with os.fdopen(os.open(TARGET / "chipcast.lock", os.O_RDONLY | os.O_CREAT, 0o666)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensure_manifest(state: Path) -> Path:
    """Parse the project if a model, macro, seed or setting changed since the last time; return the manifest's path.

    Raises UserError where it has to, in a checkout that this user cannot write.
    """
    try:
        with _alone_in_target():
            return _ensure_manifest(state)
    except PermissionError as error:
        raise UserError(
            f"{error.filename} cannot be written: the first refresh of a checkout is its owner's."
        ) from None


def raw_tables() -> str:
    """What dbt has to know of the raw tables: every source says it itself."""
    described = {source.id: source.title for source in all_sources()} | run_tables.TABLES | run_tables.CHECKS
    tables = [
        f"      - name: {name}\n        description: {json.dumps(text, ensure_ascii=False)}\n"
        for name, text in described.items()
    ]
    return RAW_TABLES_HEAD + "".join(tables)


def _ensure_manifest(state: Path) -> Path:
    if RAW_TABLES.read_text() != raw_tables():
        files.write_bytes(RAW_TABLES, raw_tables().encode())
    names = (str(path.relative_to(PROJECT_DIR)) for path in sorted(project_files()))
    # The parse holds whole paths: that of a copied checkout would read the seeds of the one it was copied from.
    current = files.digest([*project_files(), PROJECT / "requirements.lock"], str(PROJECT_DIR), *names)
    if not (
        MANIFEST.exists() and PARSED.exists() and MANIFEST_STAMP.exists() and MANIFEST_STAMP.read_text() == current
    ):
        copied = MANIFEST.exists() and json.dumps(str(PROJECT_DIR)) not in MANIFEST.read_text()
        result = _invoke(["parse", "--target-path", str(TARGET), *(["--no-partial-parse"] if copied else [])], state)
        if isinstance(result.exception, PermissionError):
            raise result.exception
        if not result.success:
            raise DbtError(f"The dbt project does not parse: {result.exception}")
        _parsed["manifest"] = result.result
        files.write_bytes(MANIFEST_STAMP, current.encode())
    return MANIFEST


def load_manifest() -> dict[str, Any]:
    """The manifest as a dictionary."""
    with _alone_in_target():
        return json.loads(MANIFEST.read_text())


@contextlib.contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse read-only, from the state folder as dbt does, because its views read Parquet files beside it."""
    with _inside(settings.state), duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


def build(
    settings: Settings, select: str, exclude: str = "", again: bool = False, tests: str = "eager"
) -> list[NodeResult]:
    """Build and test the selected nodes whose inputs changed, or all of them `again`.

    `tests` is dbt's indirect selection: a test of several tables runs if one of them is selected, or ("cautious") all;
    with "empty" none runs that is not named.
    A failed one does not raise here, its result says so. Of the others the result stands that their last build had.
    Parents come before children. Raises DbtError only where dbt could not run at all.
    """
    ensure_manifest(settings.state)
    project = MANIFEST_STAMP.read_text()
    memory = dbt_reuse.Memory.of(settings, project)
    selection = f"{select} but {exclude}"
    nodes = load_manifest()
    now = dbt_reuse.inputs(nodes, settings, project)
    words = ["--indirect-selection", tests, "--select", *select.split()]
    words += ["--exclude", *exclude.split()] if exclude else []
    if again and selection not in memory.selections:
        memory.selections[selection] = _nodes_of(settings, words)
    if selection in memory.selections:
        stale = memory.selections[selection] if again else memory.stale(selection, now)
        memory.forget(stale)
        if len(stale) < len(memory.selections[selection]):
            # dbt looks through the whole project once for each name: where all are meant, the words are quicker.
            names = [".".join(nodes["nodes"][uid]["fqn"]) for uid in stale]
            words = ["--indirect-selection", "empty", "--select", *names]
        built = _build(settings, words) if stale else []
    else:
        # Nothing of this project was built before: dbt finds out itself what the words mean.
        built = _build(settings, words)
        stale = memory.selections[selection] = [result.unique_id for result in built]
    memory.remember(built, now, nodes["parent_map"])
    found = {result.unique_id: result for result in built}
    found |= {uid: NodeResult(**memory.results[uid]) for uid in memory.selections[selection] if uid not in set(stale)}
    return [found[uid] for uid in now if uid in found]


def _manifest() -> Any:
    """The stored parse as the object that all builds of this process use."""
    if "manifest" not in _parsed:
        from dbt.contracts.graph.manifest import Manifest

        with _alone_in_target():
            _parsed["manifest"] = Manifest.from_msgpack(PARSED.read_bytes())
    return _parsed["manifest"]


def _in_project(settings: Settings, *arguments: str) -> Any:
    target = ["--target-path", str(settings.state / "dbt_target"), "--no-write-json"]
    outcome = _invoke([*arguments, *target], settings.state, _manifest())
    if outcome.result is None:
        raise DbtError(f"dbt could not run: {outcome.exception}")
    return outcome.result


def _nodes_of(settings: Settings, words: list[str]) -> list[str]:
    """The models, seeds and tests that dbt's selection words mean."""
    kinds = ["--resource-types", "model", "seed", "test"]
    with contextlib.redirect_stdout(io.StringIO()):
        listed = _in_project(settings, "list", "--output", "json", "--output-keys", "unique_id", *kinds, *words)
    return [json.loads(line)["unique_id"] for line in listed]


def _build(settings: Settings, words: list[str]) -> list[NodeResult]:
    outcome = _in_project(settings, "build", "--exclude-resource-types", "unit_test", *words)
    return [_result(result, settings) for result in outcome.results]


def _result(result: Any, settings: Settings) -> NodeResult:
    found: dict[str, Any] = {}
    if result.failures and result.node.resource_type == "test":
        from pipeline.build import failed_rows

        nodes = load_manifest()["nodes"]
        tested = [nodes[uid] for uid in result.node.depends_on.nodes if uid in nodes]
        with reading(settings) as connection:
            rows = failed_rows.first_rows(connection, result.node.compiled_code)
            tables = [f"{node['schema']}.{node['alias']}" for node in tested if node["resource_type"] == "model"]
            found["came_from"] = failed_rows.came_from(connection, rows, tables, settings)
        found["query"] = result.node.compiled_code.strip()
        found["first_rows"] = [{name: str(value) for name, value in row.items()} for row in rows]
    return NodeResult(
        unique_id=result.node.unique_id,
        status=str(result.status.value if hasattr(result.status, "value") else result.status),
        failures=int(result.failures or 0),
        message=(result.message or "").strip(),
        seconds=float(result.execution_time or 0),
        **found,
    )


def complain(results: list[NodeResult]) -> None:
    """Raise DbtError on every node that failed, with what is wrong; on skipped ones only if nothing else failed."""
    failed = [result for result in results if not result.ok]
    first = [result for result in failed if result.status != "skipped"] or failed
    if first:
        lines = [line for result in first for line in _told(result)]
        raise DbtError("These tables or tests did not hold:\n" + "\n".join(lines))


def _told(result: NodeResult) -> list[str]:
    lines = [f"  {result.unique_id}: {result.status}. {result.message}"]
    lines += ["    row: " + ", ".join(f"{name} {value}" for name, value in row.items()) for row in result.first_rows]
    lines += [f"    in {origin}" for origin in result.came_from]
    return lines + ([f"    query: {' '.join(result.query.split())}"] if result.query else [])
