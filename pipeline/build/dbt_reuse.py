"""What dbt built before, so that only what would come out differently is built again.

A node's inputs are one hash over the project, the locked packages and the content of every Parquet file above it. A
node is good while it was built, and held, from the inputs that it has now; whoever builds it forgets it first, so that
a build that was killed half-way is not taken for one that ended.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from pipeline import files
from pipeline.settings import Settings

# A node that reads the database's own catalogue has inputs that no graph knows: it is built every time.
READS_CATALOGUE = "reads_catalogue"


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node: `status` is dbt's word, `failures` the rows a test found wrong.

    `seconds` is 0 for a node that was not built again because nothing above it changed. Of a test that found something
    there are its `query`, the `first_rows` that it gave, and the tables and rows of sources that these `came_from`.
    """

    unique_id: str
    status: str
    failures: int
    message: str
    seconds: float
    query: str = ""
    first_rows: list[dict[str, str]] = field(default_factory=list)
    came_from: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True unless the node failed; a test of severity warn is not a failure."""
        return self.status in ("success", "pass", "warn")


def path(settings: Settings) -> Path:
    """Where a state folder's memory lies; without this file everything is built again."""
    return settings.state / "dbt_memory.json"


@dataclass
class Memory:
    """The nodes that each selection of the project means, and of good nodes the inputs and the result."""

    path: Path
    project: str
    selections: dict[str, list[str]] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, project: str) -> Self:
        """What the state folder remembers of this project; nothing once the warehouse or the project is another."""
        kept_in = path(settings)
        if kept_in.exists() and settings.warehouse.exists():
            kept = json.loads(kept_in.read_text())
            if kept["project"] == project:
                return cls(kept_in, **kept)
        return cls(kept_in, project)

    def stale(self, selection: str, now: Mapping[str, str]) -> list[str]:
        """The nodes of a selection that have to be built, given the inputs of every node `now`."""
        return [uid for uid in self.selections[selection] if not now[uid] or self.inputs.get(uid) != now[uid]]

    def forget(self, nodes: Iterable[str]) -> None:
        """Before nodes are built."""
        for uid in nodes:
            self.inputs.pop(uid, None)
            self.results.pop(uid, None)
        self._keep()

    def remember(self, results: Iterable[NodeResult], now: Mapping[str, str], parents: Mapping[str, list[str]]) -> None:
        """After nodes were built, in that order: the good ones. One built by hand on a parent that is stale is not good."""
        for result in results:
            uid = result.unique_id
            if result.ok and all(self.inputs.get(parent) == now[parent] for parent in parents[uid] if parent in now):
                self.inputs[uid] = now[uid]
                self.results[uid] = asdict(result) | {"seconds": 0.0}
        self._keep()

    def _keep(self) -> None:
        kept = {name: value for name, value in vars(self).items() if name != "path"}
        files.write_bytes(self.path, json.dumps(kept, indent=1).encode())


def inputs(manifest: Mapping[str, Any], settings: Settings, project: str) -> dict[str, str]:
    """Of every node, parents first, one hash of all that it is made of now."""
    found: dict[str, str] = {}

    def of(uid: str) -> str:
        if uid not in found:
            if source := manifest["sources"].get(uid):
                path = settings.state / source["config"]["external_location"].format(name=source["name"])
                found[uid] = files.sha256(path) if path.exists() else "missing"
            else:
                parents = sorted(manifest["nodes"][uid]["depends_on"].get("nodes", []))
                found[uid] = hashlib.sha256("\0".join([project, *map(of, parents)]).encode()).hexdigest()
        return found[uid]

    for uid in manifest["nodes"]:
        of(uid)
    tags = {uid: node["config"]["tags"] for uid, node in manifest["nodes"].items()}
    return {uid: "" if READS_CATALOGUE in tags[uid] else now for uid, now in found.items() if uid in tags}
