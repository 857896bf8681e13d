"""One place for numbers: each stands once in assumptions.yml, moves what it says it moves, and none hides in the code."""

from __future__ import annotations

import ast
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import compute_marts
import numpy as np
import pandas as pd
import pytest
import rental_marts

from forecasts import assumptions, backtest, compute, rent_lives, rental, scenarios, vendor_revenue
from forecasts.backtest import Backtest, Fitted
from forecasts.models import scum

ORIGIN = pd.Timestamp("2026-11-24").date()
CODE = Path(assumptions.__file__).parent
N = 40
SEED = 448
OUTPUTS = (
    "scores",
    "quantiles",
    "vendor_revenue",
    "chip_market",
    "own_shipments",
    "installed_base",
    "compute_demand",
    "inference_share",
    "reconciliation",
    "share_anchors",
    "rental_prices",
    "rent_implied_life",
    "depreciation_at_rent_life",
)


FACTS = ("vendor_quarters", "guidance", "capex_quarters")


def fits(patch: pytest.MonkeyPatch) -> tuple[Backtest, Fitted]:
    """Backtest and fit on the facts of compute_marts, the four fitted models taken to continue their last year."""

    def fit(name: scum.Key) -> np.ndarray:
        level = np.array(name[0])
        return level[-1] + np.diff(level[-5:]).mean() * np.arange(1, scum.HORIZON + 1)

    patch.setattr(scum, "fit", fit)
    patch.setattr(scum, "_fits", {})
    patch.setattr(backtest, "N_PATHS", 100)
    facts = [compute_marts.marts()[name] for name in FACTS]
    past = backtest.run(*facts, ORIGIN, n_jobs=1)
    return past, vendor_revenue.fit(*facts, ORIGIN, past)


def outputs(past: Backtest | None = None, fitted: Fitted | None = None) -> dict[str, str]:
    """A hash of the numbers in every output table of base, with and without the inputs that fallbacks stand in for.

    Without `past` and `fitted` both are made anew, and the scores are among the outputs.
    """
    frames, base = compute_marts.marts(), scenarios.load()[:1]
    bare = {**frames, "chip_sales_inputs": frames["chip_sales_inputs"].iloc[0:0]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenarios, "load", lambda: base)
        if past is None:
            past, fitted = fits(patch)
        patch.setattr(vendor_revenue, "fit", lambda *_: fitted)
        found = compute.forecast(frames, ORIGIN, fitted, n_paths=N)
        early = compute.forecast(bare, ORIGIN, fitted, n_paths=N)
        vendors = vendor_revenue.forecast(*(frames[name] for name in FACTS), ORIGIN, n_paths=N, backtest=past)
    rents = rental.forecast(*rental_marts.marts(), ORIGIN, n_paths=N)
    found |= rent_lives.forecast(*rental_marts.life_marts(), ORIGIN, n_paths=N)
    found["quantiles"] = pd.concat([found["quantiles"], vendors.quantiles, rents["rental_quantiles"]])
    found |= {"vendor_revenue": vendors.vendor_revenue, "rental_prices": rents["rental_prices"]}
    found |= {"scores": pd.concat([past.scores, rents["rental_scores"]])}
    tables = {name: [found[name], *([early[name]] if name in early else [])] for name in OUTPUTS}
    numbers = {name: pd.concat(parts).to_csv(float_format="%.9g") for name, parts in tables.items()}
    return {name: sha256(text.encode()).hexdigest() for name, text in numbers.items()}


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
CROSSED = {
    "training_disclosure_floor": 0.05,
    "error_floor": 0.4,
    "guidance_trailing_beats": 2,
    "beat_learned_from": 3,
    "tested_from_quarters": 100,
}


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
    drawn = np.random.default_rng(SEED).permutation(len(entries))[: count("assumptions moved", 1, len(entries))]
    with monkeypatch.context() as patch:
        past, fitted = fits(patch)
    before = outputs(past, fitted)
    wrong = {}
    for i in drawn:
        row = entries[i]
        rows = (*entries[:i], moved(row), *entries[i + 1 :])
        # the backtest draws none but the priors that name vendor_revenue
        apart = "value" in row or backtest.TABLE in row["used_by"]
        with monkeypatch.context() as patch:
            patch.setattr(assumptions, "entries", lambda rows=rows: rows)
            after = outputs_apart(rows) if apart else outputs(past, fitted)
        found = {name for name in OUTPUTS if after[name] != before[name]}
        if found != set(row["used_by"]):
            wrong[row["parameter_id"]] = f"moves {sorted(found)}, says {sorted(row['used_by'])}"
    assert not wrong


def test_no_number_stands_twice():
    rows = pd.DataFrame(assumptions.entries())
    assert not rows.duplicated(["parameter_id", "known_from"]).any()
    assert assumptions.load(ORIGIN)["parameter_id"].is_unique
    assert assumptions.frame(assumptions.load(ORIGIN), ORIGIN)["parameter_id"].is_unique
    assert set().union(*rows["used_by"]) <= set(OUTPUTS)


# What a number may be without an entry: neutral, or a factor of units.
NEUTRAL = {0, 1}
UNITS = {2: "half, twice", 4: "quarters", 12: "months", 24: "hours", 100: "percent", 3600: "seconds", 365.25: "days"}
UNITS |= {1e3: "thousand", 1e6: "million", 1e9: "billion"}
# Numbers that stay in the code: file, number, and why it is neither a prior nor a setting.
LEVEL = "level of a published quantile"
GUARD = "keeps a division or a logarithm finite"
LISTED: dict[str, dict[float, str]] = {
    "assumptions.py": {20261124: "seed of every stream"},
    "backtest.py": {
        1000: "number of paths",
        2000: "number of draws",
        4: "quarters of a yearly sum",
        3: "quarters that a replay needs past the last horizon",
        2: "number of processes",
        0.5: LEVEL,
    },
    "beats.py": {
        3: "decades of penalties that leave-one-out chooses from",
        4: "penalties that leave-one-out chooses from",
    },
    "centre.py": {3: "mean of three members", 0.5: "what a half-life leaves"},
    "chip_inputs.py": {1e-4: GUARD, 0.5: "the middle of a year"},
    "claims.py": {
        0.9: "definition of a verdict",
        0.1: "definition of a verdict",
        10: "definition of a verdict, and the characters of a date",
        0.05: LEVEL,
        0.25: LEVEL,
        0.5: LEVEL,
        0.75: LEVEL,
        0.95: LEVEL,
        5: "half a unit of the last digit",
        1e5: "how large numbers are written",
    },
    "compute.py": {1000: "number of paths"},
    "compute_frames.py": {2023: "first published year", 31: "last day of December"},
    "demand.py": {989.5e12: "definition of one H100e", 45: "days in half a quarter"},
    "demand_tables.py": {
        3: "ratio in a column's name, and paths per assumption that a regression needs",
        5: "ratio in a column's name",
        10: "ratio in a column's name",
        2027: "year of a published sensitivity",
        2030: "year of a published sensitivity",
        1e-12: GUARD,
    },
    "guided.py": {2: "in a constant of the normal distribution"},
    "identities.py": {1e-9: "relative gap that is still rounding"},
    "intervals.py": {2: "fewest degrees of freedom with a mean, and both sides of a distribution"},
    "models/scum.py": {8: "quarters that are scored", 16: "four of each season"},
    "outlook.py": {365.25: "days of a year", 1e-9: GUARD},
    "panel.py": {4: "quarters of a year"},
    "quantiles.py": {
        **dict.fromkeys((0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99), LEVEL),
        2: "digits of a level",
        20: "number of levels",
        100: "percent in a column's name",
    },
    "rent_lives.py": {
        8766: "hours of a year",
        12: "months of a year, and December",
        2024: "year of the answer that is scored",
        31: "last day of December",
        3: "months of a quarter, and bound of a bisection",
        6: "bound of a bisection, and a column's name",
        40: "steps of a bisection",
    },
    "rental.py": {
        1000: "number of paths",
        24: "months ahead that are published",
        **dict.fromkeys((3, 6, 12, 18), "months ahead that are scored"),
        2: "in a constant of the normal distribution",
    },
    "scenarios.py": {1e-4: GUARD, 1e-9: GUARD},
    "scoring.py": {
        0.05: "tail of a distribution",
        0.5: "nominal coverage",
        0.8: "nominal coverage",
        0.95: "nominal coverage and tail",
        500: "draws of a bootstrap",
        4: "quarters of a block of a bootstrap",
        20261124: "seed of a bootstrap",
        200: "percent, of a mean of two",
        100: "percent in a column's name",
        3: "digits of a level",
    },
    "share.py": {
        500: "candidate trajectories on each path",
        0.1: LEVEL,
        0.5: "level of a published quantile, and the middle of a quarter",
        0.9: LEVEL,
        0.4: "width above which an interval is called too wide",
    },
    "stock.py": {9: "points of a numerical mean", 0.5: "the middle of a step of it"},
    "supply.py": {1e3: "million per billion"},
    "supply_tables.py": {
        0.05: LEVEL,
        0.5: LEVEL,
        0.95: "level of a published quantile, and what counts as a whole quarter",
    },
    "vendor_calendar.py": {
        5: "a weekday",
        6: "a weekday",
        13: "weeks of a quarter",
        3: "days and months of a rule of the calendar",
        7: "days of a week",
    },
    "vendor_paths.py": {1e-12: GUARD, 0.5: "what a half-life leaves"},
    "vendor_revenue.py": {3: "quarters of a year before its last"},
}


def literals(path: Path) -> Iterator[tuple[int, float]]:
    """Line and value of every number in a file that is no index, axis, exponent, quantile level or factor of units."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in NEUTRAL:
            chain = [node]
            while chain[-1] in above and not isinstance(chain[-1], ast.stmt):
                chain.append(above[chain[-1]])
            if not _is_form(chain) and (_is_named(chain, above) or node.value not in UNITS):
                yield node.lineno, node.value


def _is_form(chain: list[ast.AST]) -> bool:
    """An index, an axis, an exponent, or the level of a quantile."""
    for below, node in pairwise(chain):
        if isinstance(node, ast.Subscript) and node.slice is below:
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and node.right is below:
            return True
        if isinstance(node, ast.keyword) and node.arg in ("axis", "ddof"):
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
            "quantile",
            "quantiles",
            "ppf",
            "ndtri",
        ):
            return True
    return False


def _is_named(chain: list[ast.AST], above: dict[ast.AST, ast.AST]) -> bool:
    """The value of a constant of a module or class, or the default of an argument: a setting, whatever its size."""
    last = chain[-1]
    constant = isinstance(last, ast.Assign | ast.AnnAssign) and isinstance(above[last], ast.Module | ast.ClassDef)
    return constant or any(isinstance(node, ast.arguments) for node in chain)


def test_no_number_hides_in_the_code():
    hidden, needless = [], {(name, number) for name, numbers in LISTED.items() for number in numbers}
    for path in sorted(CODE.rglob("*.py")):
        name = str(path.relative_to(CODE))
        for line, number in literals(path):
            if number not in LISTED.get(name, {}):
                hidden.append(f"{name}:{line}: {number}")
            needless.discard((name, number))
    assert not hidden
    assert not needless
    assert all(len(reason.split()) > 1 for numbers in LISTED.values() for reason in numbers.values())
