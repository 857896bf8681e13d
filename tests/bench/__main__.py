"""`make bench`: measure everything against its floor and write docs/performance.json and docs/performance.md.

`--only PART…` renews these parts of the files. `--quick` measures a tenth of the data once and only prints.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench import table
from tests.bench.measure import ROOT, Measured, command, job, ui

FULL_DAYS, FULL_FACTS = 330, 5_000_000
PEER_DAYS = 20  # pandas needs 9 GB for 50 million rows
GROWTH = (1, 4, 16, 64)
UI_PORT = 3999
SHARED = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "pandas", "polars", "numpy", "statsforecast", "pyarrow")


def row(what: str, got: Measured, floor: Measured | None = None, limit: str = "", **more: Any) -> dict[str, Any]:
    """One line of the table; `limit` is the bar of the issue, over seconds, ratio or megabytes."""
    ratio = got.seconds / floor.seconds if floor else None
    line = {
        "what": what,
        "seconds": round(got.seconds, 3),
        "floor_seconds": round(floor.seconds, 3) if floor else None,
        "ratio": round(ratio, 2) if ratio else None,
        "cpu_seconds": round(got.cpu_seconds, 2),
        "peak_mb": round(got.peak_mb),
        "limit": limit,
        "runs": got.runs,
        **more,
    }
    print(json.dumps(line), flush=True)
    return line


def refreshes(folder: Path, runs: int) -> Iterator[dict[str, Any]]:
    """The whole pipeline on the embedded snapshot, in a state folder of its own."""
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    state = folder / "var"
    env = {"CHIPCAST_STATE": str(state), "CHIPCAST_PUBLISHED": str(folder / "published"), "CHIPCAST_DATA": str(data)}
    refresh = ["-m", "assets.cli", "refresh"]
    command(refresh, **env)
    floor = job("refresh_floor", state, runs=1)
    floors = [job("refresh_floor", state).seconds for _ in range(runs - 1)]
    floor = Measured(
        sorted([floor.seconds, *floors])[len(floors) // 2], floor.cpu_seconds, floor.peak_mb, floor.result, runs
    )
    forced = command(refresh, runs, FORCE="1", **env)
    yield row("Refresh, everything recomputed (FORCE=1)", forced, floor, parts=floor.result)
    yield row("Refresh, nothing changed", command(refresh, runs, **env), None, "8 s")
    changed = []
    for number in range(runs):
        _change_a_price(data / "openrouter_prices.csv", number)
        changed.append(command(refresh, 1, **env))
    changed.sort(key=lambda item: item.seconds)
    middle = changed[len(changed) // 2]
    yield row("Refresh, one price changed", Measured(**{**vars(middle), "runs": runs}), floor, "15 s and 3 × floor")
    start, floor = job("definitions", state, runs=runs), job("libraries", state, runs=runs)
    yield row(
        "Start-up: definitions loaded (floor: dagster and dagster_dbt imported)", start, floor, "3 s and 1.5 × floor"
    )
    yield row(
        "UI: from its start to the first answer (MB: all its processes, idle)", ui(UI_PORT, runs, **env), None, "15 s"
    )
    yield row(
        "dbt, all three builds (floor: same SQL in one connection)",
        job("dbt_builds", state, runs=runs),
        job("sql_alone", state, runs=runs),
        "4 × floor",
    )
    yield row(
        "Forecasting stage, made anew (floor: the refresh, everything recomputed)",
        job("forecasting_stage", state, runs=runs),
        forced,
    )
    backtest = ["-m", "assets.cli", "backtest"]
    yield row("Backtest, all origins anew", command(backtest, 1, FORCE="1", **env), None, "180 s")
    yield row("Backtest, nothing changed", command(backtest, runs, **env), None, "5 s")
    yield row(
        "Release: written, verified, with report (floor: tables copied to DuckDB and Parquet)",
        job("release_write", state, runs=runs),
        job("release_copy", state, runs=runs),
    )
    yield row(
        "Five questions to a release (floor: the same to tables in memory)",
        job("queries_release", state, runs=runs),
        job("queries_memory", state, runs=runs),
    )


def _change_a_price(path: Path, number: int) -> None:
    with path.open(newline="") as file:
        header, *rows = list(csv.reader(file))
    column = next(i for i, name in enumerate(header) if "usd" in name and rows[-1 - number][i])
    rows[-1 - number][column] = str(float(rows[-1 - number][column]) * 1.005)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def prices(folder: Path, days: int, runs: int) -> Iterator[dict[str, Any]]:
    """The price history, in full and one day more, and what pandas and polars need for the same index."""
    rows = job("prices_generate", folder / "full", days).result
    floor = job("prices_sql", folder / "full", days, runs)
    full = job("prices_full", folder / "full", days, runs)
    assert full.result == floor.result, "the price history gives another index than plain SQL"
    yield row(
        f"Price history, {rows / 1e6:.1f} million observations (floor: plain SQL)", full, floor, "2 × floor, 2,000 MB"
    )
    day = job("prices_one_day", folder / "full", days, runs)
    yield row("Price history, one day more (floor: all of it)", day, full, "0.05 × floor")
    rows = job("prices_generate", folder / "peers", PEER_DAYS).result
    floor = job("prices_full", folder / "peers", PEER_DAYS, runs)
    for peer in ("polars", "pandas"):
        got = job(f"prices_{peer}", folder / "peers", PEER_DAYS, runs)
        assert got.result == floor.result, f"{peer} gives another index"
        yield row(f"{peer}, same index of {rows / 1e6:.1f} million observations (floor: this project)", got, floor)


def filings(folder: Path, facts: int, runs: int) -> Iterator[dict[str, Any]]:
    """The dbt models from XBRL facts to quarterly capex, for every filer."""
    rows = job("filings_generate", folder / "filings", facts).result
    got, floor = job("filings_dbt", folder / "filings", runs=runs), job("filings_sql", folder / "filings", runs=runs)
    assert got.result == floor.result, "dbt gives other capex than its SQL"
    yield row(f"Filings, {rows / 1e6:.1f} million XBRL facts (floor: plain SQL)", got, floor, "3 × floor")


def growth(folder: Path, days: int, facts: int, runs: int) -> list[dict[str, Any]]:
    """Seconds and memory at growing sizes, with the exponents of a fitted power law."""
    found = []
    for what, full, generate, work in (
        ("price history", days, "prices_generate", "prices_full"),
        ("filings", facts, "filings_generate", "filings_dbt"),
    ):
        points = []
        for times in GROWTH:
            size = max(1, full * times // GROWTH[-1])
            place = folder / f"{work}_{times}"
            rows = job(generate, place, size).result
            got = job(work, place, size, runs)
            measured = {"seconds": round(got.seconds, 3), "cpu_seconds": round(got.cpu_seconds, 2)}
            points.append({"times": times, "rows": rows, **measured, "peak_mb": round(got.peak_mb)})
            shutil.rmtree(place)
        exponents = {key: round(_exponent(points, key), 2) for key in ("seconds", "cpu_seconds", "peak_mb")}
        found.append({"what": what, "points": points, "exponents": exponents})
        print(json.dumps(found[-1]), flush=True)
    return found


def _exponent(points: list[dict[str, Any]], key: str) -> float:
    """Slope of log value over log rows, least squares."""
    x = [math.log(point["rows"]) for point in points]
    y = [math.log(point[key]) for point in points]
    x_mean, y_mean = sum(x) / len(x), sum(y) / len(y)
    return sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True)) / sum((a - x_mean) ** 2 for a in x)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "measured_on": str(datetime.now(UTC).date()),
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_average_at_start": round(os.getloadavg()[0], 1),
        "versions": {name: version(name) for name in SHARED},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=["refreshes", "prices", "filings", "growth"], nargs="*", default=None)
    options = parser.parse_args()
    days, facts, runs = (33, 500_000, 1) if options.quick else (FULL_DAYS, FULL_FACTS, 3)
    work: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
        "refreshes": lambda folder: list(refreshes(folder, runs)),
        "prices": lambda folder: list(prices(folder, days, runs)),
        "filings": lambda folder: list(filings(folder, facts, runs)),
        "growth": lambda folder: growth(folder, days, facts, 1),
    }
    stored = ROOT / "docs" / "performance.json"
    found = json.loads(stored.read_text()) if stored.exists() and not options.quick else {}
    for part in options.only or work:
        with tempfile.TemporaryDirectory(prefix="chipcast-bench-") as name:
            found[part] = {"machine": machine(), "rows": work[part](Path(name))}
        if not options.quick:
            stored.write_text(json.dumps(found, indent=1) + "\n")
            stored.with_suffix(".md").write_text(table.markdown(found))
    if options.quick:
        print(table.markdown(found))


if __name__ == "__main__":
    main()
