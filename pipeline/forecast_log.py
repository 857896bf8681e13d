"""The forecast log: what each release said of the next reports, in a file that can't be touched up without showing.

`published/log.jsonl` has one line per release of the default or live day, appended when it is made. A line holds the hash
of the line before it, and a release's data package states how long the log was and the hash of its last line (the head).
So a changed line breaks the chain, and a chain that was rewritten as a whole differs from the heads that releases state.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.settings import Settings, UserError

FILE = "log.jsonl"
# The key of the data package under which a release states the head.
STATED = "log"
FIRST = "0" * 64
# What companies will report: the recommended model's quantiles for the first quarter of each series not reported yet.
_NEXT_REPORTS = """
select target_id, entity_id, target_period, origin_date::varchar as origin_date, unit,
    list(output_type_id::double order by output_type_id) as levels,
    list(round(value::double, 3) order by output_type_id) as quantiles
from forecast.quantiles
where is_recommended and scenario_id = 'base' and target_id in ('vendor_revenue', 'capex') and evidence_class = 'tested'
    and period_kind = 'quarter' and horizon = 1 and output_type = 'quantile'
    and origin_date = (select max(origin_date) from forecast.quantiles)
group by all order by all
"""
COLUMNS = {
    "release_id": "string",
    "recorded_on": "datetime64[us]",
    "origin_date": "datetime64[us]",
    "target_id": "string",
    "entity_id": "string",
    "target_period": "string",
    "unit": "string",
    "output_type_id": "float64",
    "value": "float64",
}


def head(lines: Sequence[str]) -> dict[str, Any]:
    """What a release states of the log: its path in the release, entries, and the hash of the last."""
    return {"path": FILE, "entries": len(lines), "head": _hash(lines[-1]) if lines else FIRST}


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def broken(lines: Sequence[str], stated: Mapping[str, Mapping[str, Any]]) -> str:
    """What shows that the log is not what was written, in one sentence; empty if nothing does.

    `stated` has the heads by the id of the release that states them.
    """
    before = FIRST
    for number, line in enumerate(lines, 1):
        try:
            previous = json.loads(line)["previous"]
        except (ValueError, TypeError, KeyError):
            return f"Entry {number} of {FILE} can't be read."
        if previous != before:
            return f"Entry {number} of {FILE} does not follow from entry {number - 1}: one of the two was changed."
        before = _hash(line)
    for release, said in stated.items():
        if len(lines) < said["entries"]:
            return f"{FILE} has {len(lines)} entries, but release {release} was made with {said['entries']}."
        if head(lines[: said["entries"]])["head"] != said["head"]:
            return f"Entry {said['entries']} of {FILE} is not the one that release {release} states: it was rewritten."
    return ""


def stated_heads(settings: Settings) -> dict[str, dict[str, Any]]:
    """The heads that the releases here state, by release; those made before there was a log, and AS_OF's, state none."""
    found = {}
    for path in sorted((settings.published / "releases").glob("[!.]*/datapackage.json")):
        try:
            package = json.loads(path.read_text())
        except ValueError:  # a damaged release, which `chipcast releases` tells of
            continue
        if STATED in package:
            found[path.parent.name] = package[STATED]
    return found


def read(settings: Settings) -> list[str]:
    """The lines of the log. Raises UserError if it is gone or was changed: nothing can make it again but a copy."""
    path, stated = settings.published / FILE, stated_heads(settings)
    if path.exists():
        lines = path.read_bytes().decode(errors="replace").split("\n")
        lines = lines if lines[-1] else lines[:-1]
        wrong = broken(lines, stated)
    else:
        lines, wrong = [], f"{path} is gone." if stated else ""
    if wrong:
        newest = max(stated, key=lambda release: stated[release]["entries"], default=None)
        copy = f" Release {newest} holds a copy ({settings.published / 'releases' / newest / FILE})." if newest else ""
        raise UserError(f"{wrong} Past forecasts can't be made again: put a whole copy back in its place.{copy}")
    return lines


def with_entry(lines: Sequence[str], database: Path, identity: Mapping[str, Any]) -> list[str]:
    """The log with what the release in `database` says of the next reports, once for every release in a row."""
    if lines and json.loads(lines[-1])["release"] == identity["id"]:
        return list(lines)
    with duckdb.connect(str(database), read_only=True) as connection:
        said = connection.sql(_NEXT_REPORTS).to_arrow_table().to_pylist()
    entry = {
        "release": identity["id"],
        "recorded_at": identity["created"],
        "as_of": identity["as_of"],
        "mode": identity["mode"],
        "previous": head(lines)["head"],
        "forecasts": said,
    }
    return [*lines, json.dumps(entry, separators=(",", ":"))]


def rows(settings: Settings) -> pd.DataFrame:
    """The log as a table with a row per quantile (COLUMNS); empty in a rebuild of the past, which knows no later release."""
    entries = [] if settings.requested_as_of else [json.loads(line) for line in read(settings)]
    found = [
        {
            **said,
            "release_id": entry["release"],
            "recorded_on": entry["recorded_at"][:10],
            "output_type_id": level,
            "value": value,
        }
        for entry in entries
        for said in entry["forecasts"]
        for level, value in zip(said["levels"], said["quantiles"], strict=True)
    ]
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    return frame.astype(COLUMNS)
