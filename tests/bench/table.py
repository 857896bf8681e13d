"""docs/performance.md from what the bench measured."""

from __future__ import annotations

from typing import Any


def _number(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def markdown(found: dict[str, Any]) -> str:
    """The page: the table of figures and the table of growth."""
    machine = found["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    lines = [
        "# Performance",
        "",
        "Written by `make bench` from `docs/performance.json`. Medians; every ratio is to a floor measured in the same run.",
        "",
        f"{machine['measured_on']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}, "
        f"Python {machine['python']}, {versions}. Load average when the bench began: {machine['load_average_at_start']}; "
        f"above {machine['cores']} the machine was shared, seconds are too long, and ratios count.",
        "",
        "| what | seconds | floor, s | ratio | CPU, s | peak, MB | limit | runs |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        cells = [row["what"], _number(row["seconds"]), _number(row["floor_seconds"]), _number(row["ratio"], 2)]
        cells += [_number(row["cpu_seconds"], 1), _number(row["peak_mb"], 0), row["limit"], str(row["runs"])]
        lines.append(f"| {' | '.join(cells)} |")
    if found["growth"]:
        lines += ["", "## Growth", "", "Time and memory over the number of rows; an exponent of 1 is linear.", ""]
        lines += ["| what | times | rows | seconds | peak, MB |", "|---|---|---|---|---|"]
    for growth in found["growth"]:
        for point in growth["points"]:
            cells = [growth["what"], f"{point['times']}×", _number(point["rows"], 0), _number(point["seconds"])]
            lines.append(f"| {' | '.join([*cells, _number(point['peak_mb'], 0)])} |")
        exponents = growth["exponents"]
        lines.append(f"| **{growth['what']}, exponent** | | | {exponents['seconds']} | {exponents['peak_mb']} |")
    return "\n".join(lines) + "\n"
