"""One place for numbers: each stands once in assumptions.yml, moves what it says it moves, and none hides in the code."""

from __future__ import annotations

from collections.abc import Iterator

import compute_marts
import numpy as np
import pandas as pd
import pytest

from forecasts import assumptions, compute, scenarios, vendor_revenue

ORIGIN = pd.Timestamp("2026-11-24").date()
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


def outputs(refit: bool) -> dict[str, np.ndarray]:
    """The numbers of every output table of base, under the assumptions as they stand; fallbacks for lack of inputs too."""
    frames = compute_marts.marts()
    if refit:
        compute_marts._FITS.clear()
    fitted = compute_marts.fit(frames, ORIGIN)
    found = compute.forecast(frames, ORIGIN, fitted, n_paths=N)
    bare = {**frames, "chip_sales_inputs": frames["chip_sales_inputs"].iloc[0:0]}
    early = compute.forecast(bare, ORIGIN, fitted, n_paths=N)
    facts = (frames[name] for name in ("vendor_quarters", "guidance", "capex_quarters"))
    vendors = vendor_revenue.forecast(*facts, ORIGIN, n_paths=N, backtest=None)
    found |= {"quantiles": pd.concat([found["quantiles"], vendors.quantiles]), "vendor_revenue": vendors.vendor_revenue}
    tables = {name: [found[name], *([early[name]] if name in early else [])] for name in OUTPUTS}
    return {
        name: np.concatenate([part.select_dtypes("float").to_numpy().ravel() for part in parts])
        for name, parts in tables.items()
    }


# A threshold moves a result only where a quarter crosses it.
CROSSED = {"training_disclosure_floor": 0.05}


def moved(row: dict) -> dict:
    """The entry with another value: a setting at .6 of it (a count rounded), a prior with its median nearer to p90."""
    if row["parameter_id"] in CROSSED:
        return {**row, "value": CROSSED[row["parameter_id"]]}
    if "value" in row:
        value = row["value"]
        return {**row, "value": (max(round(0.6 * value), 1) if isinstance(value, int) else 0.6 * value) or 0.1}
    return {**row, "p50": (row["p50"] + row["p90"]) / 2}


def with_entries(monkeypatch: pytest.MonkeyPatch, rows: list[dict]) -> None:
    """Let the code see these entries in place of the file's."""
    settled = [{**row, **dict.fromkeys(assumptions.LEVELS, row["value"])} if "value" in row else row for row in rows]
    monkeypatch.setattr(assumptions, "entries", lambda: tuple(settled))
    assumptions.settings.cache_clear()


@pytest.fixture
def base_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scenarios left out, and every cache as it was afterwards."""
    base = scenarios.load()[:1]
    monkeypatch.setattr(scenarios, "load", lambda: base)
    monkeypatch.setattr(vendor_revenue, "fit", lambda *facts: compute_marts.fit(compute_marts.marts(), facts[-2]))
    yield
    monkeypatch.undo()
    assumptions.settings.cache_clear()
    compute_marts._FITS.clear()


def test_every_number_moves_the_tables_it_names_and_no_other(base_alone, monkeypatch, count):
    entries = list(assumptions.entries())
    drawn = np.random.default_rng(SEED).permutation(len(entries))[: count("assumptions moved", 12, len(entries))]
    before = outputs(refit=True)
    wrong = {}
    for i in drawn:
        row = entries[i]
        with_entries(monkeypatch, [*entries[:i], moved(row), *entries[i + 1 :]])
        after = outputs(refit="value" in row)
        found = {name for name in OUTPUTS if not np.array_equal(before[name], after[name], equal_nan=True)}
        if found != set(row["used_by"]):
            wrong[row["parameter_id"]] = f"moves {sorted(found)}, says {sorted(row['used_by'])}"
    assert not wrong


def test_no_number_stands_twice():
    rows = pd.DataFrame(assumptions.entries())
    assert not rows.duplicated(["parameter_id", "known_from"]).any()
    assert assumptions.load(ORIGIN)["parameter_id"].is_unique
    assert assumptions.frame(assumptions.load(ORIGIN), ORIGIN)["parameter_id"].is_unique
    assert set().union(*rows["used_by"]) <= set(OUTPUTS)
