"""One place for numbers: each stands once in assumptions.yml, moves what it says it moves, and none hides in the code."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import compute_marts
import numpy as np
import pandas as pd
import pytest

from forecasts import assumptions, compute, scenarios, vendor_revenue

ORIGIN = pd.Timestamp("2026-11-24").date()
CODE = Path(assumptions.__file__).parent
N = 40
SEED = 448
OUTPUTS = (
    "quantiles",
    "vendor_revenue",
    "chip_market",
    "own_shipments",
    "installed_base",
    "compute_demand",
    "inference_share",
    "reconciliation",
    "share_anchors",
)


def outputs() -> dict[str, str]:
    """A hash of the numbers in every output table of base, with and without the inputs that fallbacks stand in for."""
    frames, base = compute_marts.marts(), scenarios.load()[:1]
    fitted = compute_marts.fit(frames, ORIGIN)
    facts = (frames[name] for name in ("vendor_quarters", "guidance", "capex_quarters"))
    bare = {**frames, "chip_sales_inputs": frames["chip_sales_inputs"].iloc[0:0]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenarios, "load", lambda: base)
        patch.setattr(vendor_revenue, "fit", lambda *_: fitted)
        found = compute.forecast(frames, ORIGIN, fitted, n_paths=N)
        early = compute.forecast(bare, ORIGIN, fitted, n_paths=N)
        vendors = vendor_revenue.forecast(*facts, ORIGIN, n_paths=N, backtest=None)
    found |= {"quantiles": pd.concat([found["quantiles"], vendors.quantiles]), "vendor_revenue": vendors.vendor_revenue}
    tables = {name: [found[name], *([early[name]] if name in early else [])] for name in OUTPUTS}
    numbers = {name: [part.select_dtypes("float").to_numpy() for part in parts] for name, parts in tables.items()}
    return {name: sha256(b"".join(part.tobytes() for part in parts)).hexdigest() for name, parts in numbers.items()}


APART = """
import pickle, sys
from forecasts import assumptions
rows = pickle.load(sys.stdin.buffer)
assumptions.entries = lambda: rows
import test_assumptions
pickle.dump(test_assumptions.outputs(), sys.stdout.buffer)
"""


def outputs_apart(rows: tuple[dict, ...]) -> dict[str, str]:
    """`outputs` in a process of its own: settings are read when a module is loaded, and what is fitted is remembered."""
    paths = {"PYTHONPATH": os.pathsep.join((str(CODE.parent), str(Path(__file__).parent)))}
    command = [sys.executable, "-c", APART]
    done = subprocess.run(
        command, input=pickle.dumps(rows), env={**os.environ, **paths}, capture_output=True, check=True
    )
    return pickle.loads(done.stdout)


# A threshold moves a result only where a quarter crosses it.
CROSSED = {"training_disclosure_floor": 0.05}


def moved(row: dict) -> dict:
    """The entry with another value: a setting at .6 of it (a count rounded), a prior with its median nearer to p90."""
    if row["parameter_id"] in CROSSED:
        return {**row, **dict.fromkeys(("value", *assumptions.LEVELS), CROSSED[row["parameter_id"]])}
    if "value" in row:
        value = 0.6 * row["value"] or 0.1
        value = max(round(value), 1) if row["value"] and isinstance(row["value"], int) else value
        return {**row, **dict.fromkeys(("value", *assumptions.LEVELS), value)}
    return {**row, "p50": (row["p50"] + row["p90"]) / 2}


def test_every_number_moves_the_tables_it_names_and_no_other(monkeypatch, count):
    entries = assumptions.entries()
    drawn = np.random.default_rng(SEED).permutation(len(entries))[: count("assumptions moved", 12, len(entries))]
    before = {False: outputs(), True: outputs_apart(entries)}
    wrong = {}
    for i in drawn:
        row = entries[i]
        rows = (*entries[:i], moved(row), *entries[i + 1 :])
        with monkeypatch.context() as patch:
            patch.setattr(assumptions, "entries", lambda rows=rows: rows)
            after = outputs_apart(rows) if "value" in row else outputs()
        found = {name for name in OUTPUTS if after[name] != before["value" in row][name]}
        if found != set(row["used_by"]):
            wrong[row["parameter_id"]] = f"moves {sorted(found)}, says {sorted(row['used_by'])}"
    assert not wrong


def test_no_number_stands_twice():
    rows = pd.DataFrame(assumptions.entries())
    assert not rows.duplicated(["parameter_id", "known_from"]).any()
    assert assumptions.load(ORIGIN)["parameter_id"].is_unique
    assert assumptions.frame(assumptions.load(ORIGIN), ORIGIN)["parameter_id"].is_unique
    assert set().union(*rows["used_by"]) <= set(OUTPUTS)
