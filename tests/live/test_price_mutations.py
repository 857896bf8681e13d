"""Seeded random damage to what upstreams answer: a parser names the fault or accounts for every row, and never breaks.

Thirty corruptions per connector in `make test`, a thousand in `make test-all`.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pytest
from price_answers import PROVIDERS, SOURCES, answers, read, zipped

from pipeline.sources import contract
from pipeline.sources.base import SourceError, Upstream

TODAY = date(2026, 11, 24)
JUNK = (
    None, "", " ", "NaN", "n/a", -1, 0, 1e308, "1e2147483648", "9" * 400, 10**400, "1,5", "5 USD", True, [], {}, ["x"],
    {"base": "x"}, "\ud800",
    "\x00", "é" * 300, "0000-00-00", "2300-01-01T00:00:00Z", "2026-11-31", float("inf"), float("nan"), 3.5, "<b>", "=1+1",
)  # fmt: skip


def _places(value: Any, found: list[tuple[Any, Any]] | None = None) -> list[tuple[Any, Any]]:
    """Every place within a JSON document, as container and key."""
    found = [] if found is None else found
    for key, inner in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
        found.append((value, key))
        if isinstance(inner, dict | list):
            _places(inner, found)
    return found


def _corrupt_json(document: Any, rng: np.random.Generator) -> None:
    """One member or element of the document changed, lost, renamed, repeated or swapped."""
    places = _places(document)
    if not places:
        return
    container, key = places[rng.integers(len(places))]
    match rng.choice(["junk", "junk", "junk", "drop", "rename", "repeat", "scale", "nest"]):
        case "junk":
            container[key] = copy.deepcopy(JUNK[rng.integers(len(JUNK))])
        case "drop":
            container.pop(key)
        case "rename" if isinstance(container, dict):
            container[f"{key}_v2"] = container.pop(key)
        case "repeat" if isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        case "scale" if isinstance(container[key], int | float) and not isinstance(container[key], bool):
            container[key] = container[key] * 1000.0
        case "nest":
            container[key] = {"value": container[key]}


def _corrupt_lines(content: bytes, rng: np.random.Generator) -> bytes:
    """One line of a CSV file cut, repeated, dropped, or one of its cells replaced."""
    lines = content.split(b"\n")
    at = int(rng.integers(len(lines)))
    cells = lines[at].split(b",")
    cell = int(rng.integers(len(cells)))
    junk = str(JUNK[rng.integers(len(JUNK))]).encode("utf-8", "replace")
    match rng.choice(["junk", "junk", "junk", "cut", "repeat", "drop", "add"]):
        case "junk":
            cells[cell] = b'"' + junk + b'"'
            lines[at] = b",".join(cells)
        case "cut":
            lines[at] = lines[at][: rng.integers(len(lines[at]) + 1)]
        case "repeat":
            lines.insert(at, lines[at])
        case "drop":
            lines.pop(at)
        case "add":
            lines[at] += b',"' + junk + b'"'
    return b"\n".join(lines)


def _damage(content: bytes, rng: np.random.Generator) -> bytes:
    """One byte changed, lost or added, noise put in, or the end torn off."""
    at = int(rng.integers(len(content)))
    byte = bytes([rng.integers(256)])
    return [
        content[:at] + byte + content[at + 1 :],
        content[:at] + content[at + 1 :],
        content[:at] + byte + content[at:],
        content[:at] + rng.bytes(2000) + content[at:],
        content[:at],
    ][rng.integers(5)]


def _pages(files: dict[str, bytes]) -> list[Any]:
    return [json.loads(content.decode("utf-8-sig")) for content in files.values()]


def _zero(cell: str) -> bool:
    try:
        return Decimal(cell) == 0
    except InvalidOperation:
        return False


def _rows_of_dstack(files: dict[str, bytes]) -> int:
    """Lines that are not, in as many cells as the header has, an offer without accelerators."""
    rows = 0
    for name in PROVIDERS:
        with zipfile.ZipFile(io.BytesIO(files[f"{name}#2"])) as archive:
            lines = archive.read(f"{name}.csv").decode("utf-8-sig", "replace").splitlines()
        header = lines[0].split(",")
        for line in filter(None, lines[1:]):
            cells = next(csv.reader([line]))
            whole = len(cells) == len(header) and "\ufffd" not in line
            rows += not (whole and _zero(cells[header.index("gpu_count")]))
    return rows


def _rows_of_genai(files: dict[str, bytes]) -> int:
    rows = 0
    for provider in _pages(files)[0]:
        models = provider.get("models") if isinstance(provider, dict) else None
        for model in models if isinstance(models, list) else [{}]:
            prices = model.get("prices") if isinstance(model, dict) else None
            for one in prices if isinstance(prices, list) and prices else [{}]:
                constraint = one.get("constraint") if isinstance(one, dict) else None
                rows += not (isinstance(constraint, dict) and "start_time" in constraint)
    return rows


def _rows_of_litellm(files: dict[str, bytes]) -> int:
    rows = 0
    for key, about in _pages(files)[0].items():
        priced = not isinstance(about, dict) or any(
            about.get(name) is not None for name in ("input_cost_per_token", "output_cost_per_token")
        )
        rows += key != "sample_spec" and priced
    return rows


def _rows_of_models_dev(files: dict[str, bytes]) -> int:
    models = [p.get("models") if isinstance(p, dict) else None for p in _pages(files)[0].values()]
    return sum(len(each) if isinstance(each, dict) else 1 for each in models)


def _rows_of_aws(files: dict[str, bytes]) -> int:
    """Lines that are as they were in the good answer and speak of a plain machine with accelerators. Damage may move a
    line out of scope or tear off the end, so there are at least so many rows."""
    plain = [b'"Linux"', b'"Shared"', b'"Hrs"', b'"NA"', b',"OnDemand",,,"NA"']
    good = answers()["aws_ec2_prices"]["offers"].split(b"\n")[6:]
    in_scope = {line for line in good if all(word in line for word in plain) and b',"GPU instance",' in line}
    in_scope -= {line for line in in_scope if any(name in line for name in (b'"m5.', b'"c6i.', b'"r7g.'))}
    return sum(line in in_scope for line in files["offers"].split(b"\n"))


# Rows that an answer holds, counted without the parser.
ROWS: dict[str, Callable[[dict[str, bytes]], int]] = {
    "aws_ec2_prices": _rows_of_aws,
    "azure_retail_prices": lambda files: sum(len(page["Items"]) for page in _pages(files)),
    "dstack_gpu_catalog": _rows_of_dstack,
    "genai_prices": _rows_of_genai,
    "litellm_prices": _rows_of_litellm,
    "models_dev_prices": _rows_of_models_dev,
    "openrouter_prices": lambda files: len(_pages(files)[0]["data"]),
    "openrouter_weekly_tokens": lambda files: len(_pages(files)[0]["data"]["data"]),
    "runpod_offers": lambda files: len(_pages(files)[0]["data"]["gpuTypes"]),
    "vast_offers": lambda files: len(_pages(files)[0]["offers"]),
}


def _mutant(source_id: str, several: int, rng: np.random.Generator) -> dict[str, bytes]:
    """The good answers with one of them damaged."""
    files = dict(answers()[source_id])
    raw = rng.random() < 1 / 5
    if source_id == "dstack_gpu_catalog":
        provider = PROVIDERS[rng.integers(len(PROVIDERS))]
        if raw and rng.random() < 1 / 2:
            return {**files, f"{provider}#2": _damage(files[f"{provider}#2"], rng)}
        content = read(f"{source_id}/{provider}.csv")
        for _ in range(several):
            content = _damage(content, rng) if raw else _corrupt_lines(content, rng)
        return {**files, f"{provider}#2": zipped(f"{provider}.csv", content)}
    name = list(files)[rng.integers(len(files))]
    if raw:
        return {**files, name: _damage(files[name], rng)}
    if source_id == "aws_ec2_prices":
        content = files[name]
        for _ in range(several):
            content = _corrupt_lines(content, rng)
        return {**files, name: content}
    document = json.loads(files[name])
    for _ in range(several):
        _corrupt_json(document, rng)
    return {**files, name: json.dumps(document).encode()}


@pytest.mark.parametrize("source_id", SOURCES)
def test_random_damage_is_named_or_accounted_for(source_id, count):
    mutations = count("corruptions of answers about prices and usage", 30, 1000)
    source = SOURCES[source_id]
    rng = np.random.default_rng([3, zlib.crc32(source_id.encode())])
    good = source.read_live(Upstream(answers()[source_id], TODAY))
    assert len(good) == ROWS[source_id](answers()[source_id])
    done = stopped = rejected_rows = 0
    while done < mutations:
        several = int(min(rng.integers(1, 12), mutations - done))
        files = _mutant(source_id, several, rng)
        done += several
        try:
            frame = source.read_live(Upstream(files, TODAY))[list(source.all_columns)]
            accepted, rejected = contract.split(source, frame, TODAY)
        except SourceError as error:
            assert str(error).startswith(f"Source {source_id}: ")
            stopped += 1
            continue
        lost = rejected["row_number"].nunique()
        assert len(frame) == len(accepted) + lost
        present = ROWS[source_id](files)
        assert len(frame) == present or (source_id == "aws_ec2_prices" and len(frame) > present)
        rejected_rows += lost
    assert rejected_rows, "the damage was never seen: the test is blunt"
