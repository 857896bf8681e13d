"""docs/performance.md from what the bench measured."""

from __future__ import annotations

from typing import Any


def _number(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


TITLES = {
    "refreshes": "Refresh",
    "prices": "Price history",
    "filings": "Filings",
    "growth": "Growth",
}
NOTES = {
    "refreshes": "dbt is timed as a refresh calls it: in a process that has loaded Dagster's definitions, with the project "
    "parsed and nothing remembered, all models, seeds and tests of the three builds; its floor is the SQL compiled for "
    "the same models and seeds, without the tests, in one connection to a new file.",
}


def markdown(found: dict[str, Any]) -> str:
    """The page: a section for each part that was measured."""
    lines = [
        "# Performance",
        "",
        "Written by `make bench` from `performance.json`. Medians; every ratio is to a floor measured in the same run.",
    ]
    for part in (part for part in TITLES if part in found):
        lines += ["", f"## {TITLES[part]}", "", _machine(found[part]["machine"]), ""]
        lines += [NOTES[part], ""] if part in NOTES else []
        lines += (_growth if part == "growth" else _rows)(found[part]["rows"])
    return "\n".join(lines) + "\n"


def _machine(machine: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    load, cores = machine["load_average_at_start"], machine["cores"]
    # The bench itself leaves a load of one to two behind from one part to the next.
    shared = " Other work shared the machine: seconds are too long." if load > cores else ""
    return (
        f"{machine['measured_on']}: {cores} cores, {machine['memory_gib']} GiB, {machine['system']}, "
        f"Python {machine['python']}, {versions}. Load average at the start {load}.{shared}"
    )


def _rows(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| what | seconds | floor, s | ratio | CPU, s | peak, MB | limit | runs |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [row["what"], _number(row["seconds"]), _number(row["floor_seconds"]), _number(row["ratio"])]
        cells += [_number(row["cpu_seconds"], 1), _number(row["peak_mb"], 0), row["limit"], str(row["runs"])]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _growth(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        "An exponent of 1 is linear.",
        "",
        "| what | times | rows | seconds | CPU, s | peak, MB |",
        "|---|---|---|---|---|---|",
    ]
    for growth in rows:
        for point in growth["points"]:
            cells = [growth["what"], f"{point['times']}×", _number(point["rows"], 0), _number(point["seconds"])]
            cells += [_number(point["cpu_seconds"]), _number(point["peak_mb"], 0)]
            lines.append(f"| {' | '.join(cells)} |")
        exponents = growth["exponents"]
        exponents = " | ".join(str(growth["exponents"][key]) for key in ("seconds", "cpu_seconds", "peak_mb"))
        lines.append(f"| **{growth['what']}, exponent** | | | {exponents} |")
    return lines
