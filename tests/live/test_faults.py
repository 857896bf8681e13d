"""Every connector against every fault of an upstream: it alone fails, says why, and its last good copy serves.

For each connector a control refresh without a fault comes first; each fault then meets a copy of its state.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cases import CORE, NO_DAY, Case
from cases_prices import PRICES
from sampling import drawn
from server import Upstreams, quick
from shapes import Zip

from pipeline.ingest import raw_tables, run_tables
from pipeline.settings import Settings
from pipeline.sources.live import MEGABYTE

CASES = [*CORE, *PRICES]

TODAY = Settings().snapshot_date
# What a message must tell: one of these begins what to do.
ADVICE = (
    "try again", "look at", "compare", "check", "adapt", "raise", "refresh again", "fetch", "see ", "restore",
    "accept that with",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A fault: of transport (made by the server) or of content (made here), and what the message must say of it."""

    content: Callable[[Case], dict[str, bytes]] | None = None
    says: tuple[str, ...] = ()
    field: str = ""
    harmless: str = ""


def _each(change: Callable[[Case, dict[str, Any]], dict[str, Any]]) -> Callable[[Case], dict[str, bytes]]:
    return lambda case: case.changed(lambda body: case.shape.each(body, partial(change, case)))


def _rows(change: Callable[[list], list]) -> Callable[[Case], dict[str, bytes]]:
    return lambda case: case.changed(lambda body: case.shape.rows(body, change))


def _text(change: Callable[[bytes], bytes]) -> Callable[[Case], dict[str, bytes]]:
    """The text of each table changed, inside its archive if it is in one."""
    inner = lambda case: (lambda body: case.shape.text(body, change)) if isinstance(case.shape, Zip) else change  # noqa: E731
    return lambda case: case.changed(inner(case))


def _set(record: dict[str, Any], name: str, value: Callable[[Any], Any]) -> dict[str, Any]:
    if name not in record:
        return record
    old = record[name]
    return {**record, name: [value(one) for one in old] if isinstance(old, list) else value(old)}


def _thousandfold(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _thousandfold(inner) for key, inner in value.items()}
    if isinstance(value, bool) or value in (None, ""):
        return value
    try:
        text = f"{float(str(value).replace(',', '')) * 1000:.12g}"
    except ValueError:
        return value
    return text if isinstance(value, str) else json.loads(text)


def _renamed(case: Case, record: dict[str, Any]) -> dict[str, Any]:
    return {f"{name} v2" if name == case.number[0] else name: value for name, value in record.items()}


def _without(case: Case, record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != case.word[0]}


def _broken_letter(body: bytes) -> bytes:
    """A letter of the first record after all headers, or in the middle of one long line, that is none in UTF-8."""
    lines = body.split(b"\n", 6)
    at = len(body) - len(lines[6]) if len(lines) > 6 else len(body) // 2
    return body[:at] + body[at:].replace(b"e", b"\xe9\x28", 1)


FAULTS = {
    "429": Fault(says=("429",)),
    "500": Fault(says=("500",)),
    "hang": Fault(says=("no answer within",)),
    "reset": Fault(says=("connection failed",)),
    "truncated gzip": Fault(says=("cut short",)),
    "wrong content type": Fault(says=("image/png",)),
    "HTML with status 200": Fault(says=("HTML page",)),
    "empty body": Fault(says=("empty",)),
    "a million extra rows": Fault(says=("larger than", "2,000,000 bytes")),
    "changed column order": Fault(
        _each(lambda case, record: dict(reversed(record.items()))), harmless="columns are read by name"
    ),
    "renamed column": Fault(_each(_renamed), field="number"),
    "missing column": Fault(_each(_without), field="word"),
    "new enum value": Fault(_each(lambda case, record: _set(record, case.word[0], lambda _: "Klingon")), field="word"),
    "units changed by 1000x": Fault(
        _each(lambda case, record: _set(record, case.number[0], _thousandfold)), field="number"
    ),
    "duplicated rows": Fault(_rows(lambda rows: rows + rows), ("repeats the key",), field="key"),
    "BOM": Fault(_text(lambda body: b"\xef\xbb\xbf" + body), harmless="a byte order mark is skipped"),
    "bad encoding": Fault(_text(_broken_letter)),
    "absurd dates": Fault(
        lambda case: (
            case.changed(
                lambda body: case.shape.each(body, lambda record: _set(record, case.day[0], lambda _: "0202-07-30"))
            )
            if case.day
            else dict(case.answers)
        ),
        ("0202",),
        field="day",
    ),
    "20% row loss": Fault(_rows(lambda rows: rows[-(-len(rows) // 5) :]), ("lost",), field="key"),
}
OUTCOMES: dict[tuple[str, str], str] = {}


def _settings(case: Case, folder: Path) -> Settings:
    """A sandbox with live mode on; the embedded rows are none, so that the control's answers are the first copy."""
    settings = Settings(folder / "var", folder / "published", folder / "data", live=True, requested_as_of=None)
    settings.data.mkdir(parents=True, exist_ok=True)
    (settings.data / "SNAPSHOT.json").write_text(json.dumps({"snapshot_date": str(TODAY), "sources": {}}))
    return settings


def _source(case: Case) -> Any:
    """The source without embedded rows, with a size limit that a million rows exceed soon."""
    source = quick(case.source)
    assert source.live
    requests = tuple(replace(request, max_bytes=2 * MEGABYTE) for request in source.live.requests)
    return replace(source, files=(), live=replace(source.live, requests=requests))


@pytest.fixture(scope="module")
def controls(upstreams: Upstreams, tmp_path_factory: pytest.TempPathFactory):
    """State of each connector after its first good refresh."""
    made: dict[str, tuple[Path, raw_tables.Report]] = {}

    def control(case: Case, patch: pytest.MonkeyPatch) -> tuple[Path, raw_tables.Report]:
        patch.setenv(f"CHIPCAST_{case.source_id.upper()}_URL", f"{upstreams.url}/{case.source_id}")
        upstreams.faults.pop(case.source_id, None)
        upstreams.last_modified.pop(case.source_id, None)
        upstreams.serve(_source(case), dict(case.answers))
        if case.source_id not in made:
            folder = tmp_path_factory.mktemp(case.source_id)
            made[case.source_id] = folder, raw_tables.ingest(_source(case), _settings(case, folder))
        return made[case.source_id]

    return control


def _table(settings: Settings, case: Case) -> pd.DataFrame:
    found = pd.read_parquet(settings.raw / f"{case.source_id}.parquet")
    return found.drop(columns=["reported_on", "reported_on_basis", "retrieved_at"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source_id)
def test_control_without_a_fault_every_row_is_accepted(case, controls, monkeypatch):
    folder, report = controls(case, monkeypatch)
    assert report.passed and not report.stale and report.mode == "live", report
    assert report.rows_in == report.rows_accepted >= 20 and report.rows_rejected == 0, report
    assert len(pd.read_parquet(folder / "var" / "raw" / f"{case.source_id}.parquet")) == report.rows_accepted


CELL_TEST = "test_a_fault_costs_nothing_but_freshness"
# Of every fault some connectors.
CELLS = [cell for fault in FAULTS for cell in drawn([(case, fault) for case in CASES], 3, fault)]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell[0].source_id}-{cell[1]}")
def test_a_fault_costs_nothing_but_freshness(cell, controls, upstreams, tmp_path, monkeypatch):
    case, fault = cell
    made, _ = controls(case, monkeypatch)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    settings, source, kind = _settings(case, tmp_path), _source(case), FAULTS[fault]
    before = _table(settings, case)
    landed = sorted(path.name for path in (settings.state / "landing" / case.source_id / "blobs").glob("*.gz"))
    accepted = case.accepted.get(fault) or kind.harmless
    if fault == "absurd dates" and case.day is None:
        upstreams.last_modified[case.source_id] = "Tue, 30 Jul 0202 08:00:00 GMT"
        accepted = NO_DAY
    if kind.content:
        upstreams.serve(source, kind.content(case))
    else:
        upstreams.faults[case.source_id] = fault

    report = raw_tables.ingest(source, settings)
    assert report.passed and report.rows_in == report.rows_accepted + report.rows_rejected

    if accepted:
        assert not report.stale, report.stale
        OUTCOMES[case.source_id, fault] = "accepted"
        return
    if fault == "bad encoding" and not report.stale:
        # A format of lines loses the line, not the file.
        rejected = pd.read_parquet(settings.raw / "rejected" / f"{case.source_id}.parquet")
        assert rejected["row_number"].nunique() == report.rows_rejected >= 1
        assert rejected["field"].isin(source.columns).all() and rejected["reason"].notna().all()
        OUTCOMES[case.source_id, fault] = "row set aside"
        return
    url = f"{upstreams.url}/{case.source_id}/"
    assert report.stale.startswith(f"Source {case.source_id}: ") and url in report.stale, report.stale
    assert all(word in report.stale for word in kind.says), report.stale
    assert any(word in report.stale.lower() for word in ADVICE), report.stale
    if kind.field:
        names = {
            "number": case.number, "word": case.word, "day": case.day or (), "key": (source.key[0],),
        }[kind.field]  # fmt: skip
        assert any(name.lower() in report.stale.lower() for name in names), report.stale
    assert _table(settings, case).equals(before), "the last good copy serves"
    assert set(landed) <= {path.name for path in (settings.state / "landing" / case.source_id / "blobs").glob("*.gz")}
    run_tables.write([source], settings)
    (row,) = pd.read_parquet(settings.raw / "source_catalogue.parquet").to_dict("records")
    assert row["stale_message"] == report.stale and row["mode"] == "live"
    OUTCOMES[case.source_id, fault] = "kept"


def test_the_table_of_connectors_and_faults_has_no_blank_cell(request, record_property):
    """Printed at the end of the test report; every cell is filled that was to be run."""
    lines = ["| fault | " + " | ".join(case.source_id for case in CASES) + " |"]
    for fault in FAULTS:
        cells = [OUTCOMES.get((case.source_id, fault), "") for case in CASES]
        lines.append(f"| {fault} | " + " | ".join(cells) + " |")
    reasons = [f"{case.source_id}, {fault}: {why}" for case in CASES for fault, why in case.accepted.items()]
    reasons += [f"{fault}: {kind.harmless}" for fault, kind in FAULTS.items() if kind.harmless]
    record_property("table", "\n".join([*lines, "accepted, because:", *reasons]))
    chosen = [item.callspec.params["cell"] for item in request.session.items if item.name.startswith(f"{CELL_TEST}[")]
    if {fault for _, fault in chosen} != set(FAULTS):
        pytest.skip("not run: only some faults were selected")
    assert all(OUTCOMES.get((case.source_id, fault)) for case, fault in chosen), "\n".join(lines)
