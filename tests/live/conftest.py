"""What the tests of live sources share: one local server, and waits that a test can bear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from server import Upstreams, serving

from pipeline.ingest import http


@pytest.fixture(scope="module")
def upstreams() -> Iterator[Upstreams]:
    with serving() as found:
        yield found


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two attempts at once and no patience: the server is next door."""
    monkeypatch.setattr(http, "PIECE_TIMEOUT_S", 0.3)
    monkeypatch.setattr(http, "ATTEMPTS", 2)
    monkeypatch.setattr(http, "FIRST_WAIT_S", 0.001)
    monkeypatch.setenv("CHIPCAST_CONTACT", "test@example.org")
