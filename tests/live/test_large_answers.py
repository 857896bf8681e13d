"""Answers of any size: streamed to the landing zone and read in bounded memory, or refused before they fill the disk."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cases_prices import PRICES
from server import quick

from pipeline.ingest import http, landing, raw_tables
from pipeline.settings import PROJECT, Settings
from pipeline.sources import all_sources
from pipeline.sources.live import MEGABYTE

AWS = next(case for case in PRICES if case.source_id == "aws_ec2_prices")
(OFFERS,) = AWS.answers.values()
PATH = f"/{AWS.source_id}{AWS.source.live.requests[0].path}"
# A gigabyte is allowed; less than the file itself shows that it is never held whole.
MOST_MEMORY = 400_000_000
# Megabytes that upstreams are known to send: named in the gathered data's notes, else the test's own answers count.
KNOWN_MB = {"aws_ec2_prices": 500, "epoch_models": 4, "litellm_prices": 3}


def offer_file(megabytes: int) -> Iterator[bytes]:
    """The recorded offers behind very many of other machines, one in ten with accelerators but with Windows."""
    head, offers = OFFERS.split(b"\n", 6)[:6], OFFERS.split(b"\n", 6)[6]
    p5 = next(line for line in offers.split(b"\n") if b'"55.0400000000"' in line)
    lines = [p5.replace(b"p5.48xlarge", b"m5.large")] * 9 + [p5.replace(b'"Linux"', b'"Windows"')]
    yield b"\n".join(head) + b"\n"
    sent = number = 0
    while sent < megabytes * MEGABYTE:
        block = b""
        for line in lines * 50:
            number += 1
            block += line.replace(b"SKU0000000000008", f"{number * 0x9E3779B97F4A7C15 % 2**64:016X}".encode()) + b"\n"
        sent += len(block)
        yield block
    yield offers


def settings_in(folder: Path) -> Settings:
    """A sandbox with live mode on and no embedded facts."""
    found = Settings(folder / "var", folder / "published", folder / "data", live=True)
    found.data.mkdir(exist_ok=True)
    (found.data / "SNAPSHOT.json").write_text('{"snapshot_date": "2026-11-23", "sources": {}}')
    return found


def ingest_and_tell(folder: str) -> None:
    """Fetch, land and read the offer file; print what it gave and this process's highest use of memory in bytes."""
    report = raw_tables.ingest(quick(AWS.source), settings_in(Path(folder)))
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    told = {"stale": report.stale, "rows": report.rows_accepted, "memory": int(status["VmHWM"].split()[0]) * 1024}
    print(json.dumps(told))


@pytest.mark.slow
def test_an_offer_file_of_aws_size_is_landed_and_read_in_bounded_memory(
    upstreams, tmp_path, monkeypatch, count, record_property
):
    megabytes = count("MB of an offer file, from the server to the raw table", 10, 500)
    monkeypatch.setenv(f"CHIPCAST_{AWS.source_id.upper()}_URL", f"{upstreams.url}/{AWS.source_id}")
    upstreams.streams[PATH] = ({"Content-Type": "text/csv"}, lambda: offer_file(megabytes))
    started = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", f"import test_large_answers as t; t.ingest_and_tell({str(tmp_path)!r})"],
        env={**os.environ, "PYTHONPATH": f"{Path(__file__).parent}:{PROJECT}"},
        capture_output=True,
        text=True,
    )
    seconds = time.monotonic() - started
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    record_property("table", f"{megabytes} MB in {seconds:.1f} s with {told['memory'] / MEGABYTE:.0f} MB of memory")
    settings = settings_in(tmp_path)
    (retrieval,) = landing.history(AWS.source_id, settings)
    assert retrieval.responses[0].size > megabytes * MEGABYTE
    del upstreams.streams[PATH]
    upstreams.serve(AWS.source, dict(AWS.answers))
    (tmp_path / "offers").mkdir()
    offers_alone = settings_in(tmp_path / "offers")
    raw_tables.ingest(quick(AWS.source), offers_alone)
    large, small = (pd.read_parquet(raw_tables.paths(AWS.source_id, one)[0]) for one in (settings, offers_alone))
    assert told["stale"] == "" and told["rows"] == len(small) >= 20
    assert large.equals(small), "the file's size changes nothing"
    assert told["memory"] < MOST_MEMORY


def endless(folder: Path, seen: list[int]) -> Iterator[bytes]:
    """Noise without end (or nearly); `seen` takes the megabytes on disk meanwhile."""
    noise = np.random.default_rng(3).bytes(MEGABYTE)
    for _ in range(300):
        seen.append(sum(path.stat().st_size for path in folder.glob(".*.part")) // MEGABYTE)
        yield noise


# Three hundred megabytes of spaces in less than one.
BOMB = [gzip.compress(b" " * 10 * MEGABYTE)] * 30


@pytest.mark.parametrize("kind", ["endless", "bomb"])
def test_what_is_larger_than_its_limit_is_refused_while_it_comes(kind, upstreams, tmp_path, monkeypatch):
    settings, seen = settings_in(tmp_path), [0]
    source = quick(AWS.source)
    request = replace(source.live.requests[0], max_bytes=5 * MEGABYTE)
    source = replace(source, live=replace(source.live, requests=(request,)))
    monkeypatch.setenv(f"CHIPCAST_{AWS.source_id.upper()}_URL", f"{upstreams.url}/{AWS.source_id}")
    blobs = landing.folder(AWS.source_id, settings) / "blobs"
    blobs.mkdir(parents=True)
    (blobs / ".1-1.part").write_bytes(b"left by a killed refresh")
    upstreams.streams[PATH] = (
        ({"Content-Type": "text/csv"}, lambda: endless(blobs, seen))
        if kind == "endless"
        else ({"Content-Type": "text/csv", "Content-Encoding": "gzip"}, lambda: BOMB)
    )
    report = raw_tables.ingest(source, settings)
    del upstreams.streams[PATH]
    assert "larger than 5,000,000 bytes" in report.stale and "raise the request's max_bytes" in report.stale
    assert max(seen) <= 5 and len(seen) < 50, "the connection ends soon after the limit"
    assert list(blobs.iterdir()) == [], "nothing is left of it"


def test_a_gzip_answer_of_several_streams_is_read_whole_and_what_is_none_behind_it_is_damage(upstreams, tmp_path):
    body = b"name\n" + b"x" * 3 * MEGABYTE
    call = http.Call(f"{upstreams.url}/several", ("text/csv",), 10 * MEGABYTE, per_second=10_000)
    headers = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
    upstreams.streams["/several"] = (headers, lambda: [gzip.compress(body) + gzip.compress(body)])
    answer = http.fetch(call, tmp_path)
    assert gzip.decompress(answer.content.read_bytes()) == body + body
    upstreams.streams["/several"] = (headers, lambda: [gzip.compress(body) + b"rubbish"])
    with pytest.raises(http.FetchError, match="the compressed answer is damaged"):
        http.fetch(call, tmp_path)


@pytest.mark.parametrize("source", [source for source in all_sources() if source.live], ids=lambda source: source.id)
def test_every_limit_leaves_room_and_fits_into_memory(source):
    case = next((case for case in PRICES if case.source_id == source.id), None)
    largest = max(map(len, case.answers.values())) / MEGABYTE if case else 0
    for request in source.live.requests:
        limit_mb = request.max_bytes / MEGABYTE
        assert limit_mb >= 4 * max(KNOWN_MB.get(source.id, 2), largest)
        # Bytes, text and rows of an answer take several times its size; AWS's alone is read as a stream.
        assert limit_mb <= (2000 if source.id == AWS.source_id else 60)
