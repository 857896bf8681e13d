"""The embedded snapshot is what its command makes of the gathered facts, byte for byte."""

from __future__ import annotations

import shutil

import pytest
from contract_tools import DATA, IDS, SOURCES

from pipeline.ingest import snapshot
from pipeline.settings import PROJECT

GATHERED = PROJECT.parent / "shared" / "data"


@pytest.mark.slow
@pytest.mark.skipif(not GATHERED.is_dir(), reason="not run: the gathered facts (../shared/data) are not here")
def test_rebuilding_gives_the_committed_bytes(tmp_path):
    for source in SOURCES:
        if source.is_by_hand or source.newer_copy:
            shutil.copy(DATA / f"{source.id}.csv", tmp_path)
    built = snapshot.build(GATHERED, tmp_path)
    assert [source_id for source_id, _ in built] == IDS
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.csv" for name in IDS} | {"SNAPSHOT.json"}
    assert [path.name for path in tmp_path.iterdir() if path.read_bytes() != (DATA / path.name).read_bytes()] == []
