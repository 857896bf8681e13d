"""Seeded random damage to what Epoch and EDGAR answer: refused with a message, or every row accounted for.

Thirty corruptions per connector in `make test`, a thousand in `make test-all`.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
from cases import CORE, Case
from shapes import Zip, zipped
from test_price_mutations import TODAY, _corrupt_json, _corrupt_lines, _damage

from pipeline.ingest.raw_tables import BROKEN
from pipeline.sources import contract
from pipeline.sources.base import Upstream
from pipeline.sources.earnings import edgar_filings, segment_filings, xbrl_facts


def _csv_rows(content: bytes) -> int:
    """Records of a CSV file, without its header and blank lines. A line of two quotes is a record."""
    csv.field_size_limit(10**9)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return sum(row != [] for row in rows) - 1


def _facts(document: dict) -> int:
    found = set()
    for taxonomy, tags in xbrl_facts.TAGS.items():
        for tag in tags:
            for unit, facts in document["facts"].get(taxonomy, {}).get(tag, {"units": {}})["units"].items():
                found |= {(taxonomy, tag, unit, *(str(fact.get(n)) for n in NAMES)) for fact in facts}
    return len(found)


def _segment_facts(content: bytes) -> int:
    """Different facts of one segment or product line each, and those of which it is not said."""
    root, space = ElementTree.fromstring(content.decode()), "{http://www.xbrl.org/2003/instance}"
    contexts = {}
    for one in root.iter(f"{space}context"):
        found = {
            member.get("dimension"): (member.text or "").strip() for member in one.iter() if "Member" in member.tag
        }
        is_segment = found.get("srt:ConsolidationItemsAxis") == "us-gaap:OperatingSegmentsMember"
        found = {axis: member for axis, member in found.items() if not (is_segment and "Consolidation" in str(axis))}
        days = tuple((day.text or "").strip() for day in one.iter() if day.tag.endswith("Date"))
        contexts[one.get("id")] = (tuple(found.items()), days)
    facts = set()
    for one in root.iter():
        tag = "us-gaap:" + one.tag.rpartition("}")[2]
        dimensions, days = contexts.get(one.get("contextRef"), ((("?", "?"),), ()))
        known = len(dimensions) == 1 and dimensions[0][0] in (*segment_filings.AXES, "?")
        if tag in segment_filings.TAGS and known:
            unit = one.get("unitRef") == "usd"
            facts.add((tag, dimensions, days, (one.text or "").strip(), one.get("decimals"), unit))
    return len(facts)


def _records(content: bytes) -> int:
    """Records of a JSON list, or of an object of them."""
    return len(json.loads(content))


def _measured(content: bytes) -> int:
    """Filled cells below the times of a summary of MLPerf Training."""
    header, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    times = [at for at, name in enumerate(header) if name.endswith(":time_to_train")]
    return sum(bool(line[at]) for line in lines if line for at in times if at < len(line))


NAMES = ("start", "end", "val", "accn", "form", "filed")


def present(case: Case, answers: dict[str, bytes]) -> int:
    """Rows that the answers hold, counted without the parser."""
    if case.source_id == "xbrl_facts":
        return sum(_facts(json.loads(body)) for body in answers.values())
    if case.source_id == "segment_filings":
        return sum(_segment_facts(body) for name, body in answers.items() if "#" in name)
    if case.source_id in ("mlperf_inference", "inferencex"):
        return sum(map(_records, answers.values()))
    if case.source_id == "mlperf_training":
        return sum(map(_measured, answers.values()))
    if case.source_id == "edgar_filings":
        forms = [form for body in answers.values() for form in json.loads(body)["filings"]["recent"]["form"]]
        return sum(form in (*edgar_filings.FORMS, None, "") for form in forms)
    if isinstance(case.shape, Zip):
        (body,) = answers.values()
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return _csv_rows(archive.read(archive.namelist()[0]))
    return sum(map(_csv_rows, answers.values()))


def mutant(case: Case, several: int, rng: np.random.Generator) -> dict[str, bytes]:
    """The good answers with one of them damaged."""
    name = list(case.answers)[rng.integers(len(case.answers))]
    body = case.answers[name]
    raw = rng.random() < 1 / 5
    if raw and (not isinstance(case.shape, Zip) or rng.random() < 1 / 2):
        return {**case.answers, name: _damage(body, rng)}
    if body.lstrip()[:1] in (b"{", b"["):
        document = json.loads(body)
        for _ in range(several):
            _corrupt_json(document, rng)
        return {**case.answers, name: json.dumps(document).encode()}
    if isinstance(case.shape, Zip):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            (member,) = archive.namelist()
            inner = archive.read(member)
        for _ in range(several):
            inner = _damage(inner, rng) if raw else _corrupt_lines(inner, rng)
        return {**case.answers, name: zipped(member, inner)}
    for _ in range(several):
        body = _corrupt_lines(body, rng)
    return {**case.answers, name: body}


@pytest.mark.parametrize("case", CORE, ids=lambda case: case.source_id)
def test_random_damage_is_refused_or_accounted_for(case, count):
    mutations = count("corruptions of Epoch's and EDGAR's answers", 30, 1000)
    source = case.source
    rng = np.random.default_rng([3, zlib.crc32(source.id.encode())])
    good = source.read_live(Upstream(case.answers, TODAY, dict.fromkeys(case.answers, TODAY)))
    assert len(good) == present(case, dict(case.answers))
    done = stopped = rejected_rows = 0
    while done < mutations:
        several = int(min(rng.integers(1, 12), mutations - done))
        answers = mutant(case, several, rng)
        done += several
        try:
            frame = source.read_live(Upstream(answers, TODAY, dict.fromkeys(answers, TODAY)))
            frame = frame[list(source.all_columns)].astype("string")
            accepted, rejected = contract.split(source, frame, TODAY)
        except BROKEN as error:
            assert str(error)
            stopped += 1
            continue
        lost = rejected["row_number"].nunique()
        assert len(frame) == len(accepted) + lost
        assert len(frame) == present(case, answers)
        rejected_rows += lost
    assert stopped + rejected_rows, "the damage was never seen: the test is blunt"
