"""Seeded random damage to what Epoch and EDGAR answer: refused with a message, or every row accounted for.

Thirty corruptions per connector in `make test`, a thousand in `make test-all`.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib

import numpy as np
import pytest
from cases import CORE, Case
from shapes import Zip, zipped
from test_price_mutations import TODAY, _corrupt_json, _corrupt_lines, _damage

from assets.sources import base
from assets.sources.base import Upstream
from assets.sources.earnings import edgar_filings, xbrl_facts
from pipeline.raw import BROKEN


def _csv_rows(content: bytes) -> int:
    """Records of a CSV file, without its header and blank lines."""
    csv.field_size_limit(10**9)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return sum(any(cell != "" for cell in row) or len(row) > 1 for row in rows) - 1


def _facts(document: dict) -> int:
    found = set()
    for taxonomy, tags in xbrl_facts.TAGS.items():
        for tag in tags:
            for unit, facts in document["facts"].get(taxonomy, {}).get(tag, {"units": {}})["units"].items():
                found |= {(taxonomy, tag, unit, *(str(fact.get(n)) for n in NAMES)) for fact in facts}
    return len(found)


NAMES = ("start", "end", "val", "accn", "form", "filed")


def present(case: Case, answers: dict[str, bytes]) -> int:
    """Rows that the answers hold, counted without the parser."""
    if case.source_id == "xbrl_facts":
        return sum(_facts(json.loads(body)) for body in answers.values())
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
    if body.lstrip()[:1] == b"{":
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
    good = source.live.parse(Upstream(case.answers, TODAY, dict.fromkeys(case.answers, TODAY)))
    assert len(good) == present(case, dict(case.answers))
    done = stopped = rejected_rows = 0
    while done < mutations:
        several = int(min(rng.integers(1, 12), mutations - done))
        answers = mutant(case, several, rng)
        done += several
        try:
            frame = source.live.parse(Upstream(answers, TODAY, dict.fromkeys(answers, TODAY)))
            frame = frame[list(source.all_columns)].astype("string")
            accepted, rejected = base.split(source, frame, TODAY)
        except BROKEN as error:
            assert str(error)
            stopped += 1
            continue
        lost = rejected["row_number"].nunique()
        assert len(frame) == len(accepted) + lost
        assert len(frame) == present(case, answers)
        rejected_rows += lost
    assert stopped + rejected_rows, "the damage was never seen: the test is blunt"
