"""Scenarios as data: `scenarios.yml`, its check, its table and its effect on draws.

Belongs here: changes to named assumptions. Does not belong here: any other way to differ from base.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from forecasts import assumptions
from forecasts.assumptions import Draws

BASE = "base"
OPERATIONS = ("add", "multiply", "set")


@cache
def load(path: Path | None = None) -> tuple[dict, ...]:
    """The scenarios in file order, base first; raises where a change is not understood."""
    text = (path or Path(__file__).with_name("scenarios.yml")).read_text(encoding="utf-8")
    scenarios = tuple(yaml.safe_load(text))
    known = {row["parameter_id"] for row in assumptions.entries()}
    for scenario in scenarios:
        for change in scenario["changes"]:
            operation = [name for name in OPERATIONS if name in change]
            if change.get("parameter_id") not in known or len(operation) != 1 or len(change) != 2:
                raise ValueError(f"scenario {scenario['scenario_id']}: cannot read the change {change}")
    if not scenarios or scenarios[0]["scenario_id"] != BASE or scenarios[0]["changes"]:
        raise ValueError("the first scenario must be base, without changes")
    return scenarios


def _bounded(values: np.ndarray, distribution: str) -> np.ndarray:
    if distribution == "logit":
        return np.clip(values, 1e-4, 1 - 1e-4)
    return np.maximum(values, 1e-9) if distribution == "lognormal" else values


def apply(draws: Draws, changes: list[dict], rows: pd.DataFrame, n_paths: int, seed: int) -> Draws:
    """Draws with the scenario's changes made; everything else is the same object as before."""
    out = dict(draws)
    table = rows.set_index("parameter_id")
    for change in changes:
        name = change["parameter_id"]
        distribution = table.loc[name, "distribution"]
        if "set" in change:
            row = {**table.loc[name].to_dict(), **dict(zip(("p10", "p50", "p90"), change["set"], strict=True))}
            values = assumptions.from_z(row, assumptions.rng(seed, name).standard_normal(n_paths))
        else:
            values = out[name] * change.get("multiply", 1.0) + change.get("add", 0.0)
        out[name] = _bounded(values, distribution)
    return out


def frame(scenarios: tuple[dict, ...], rows: pd.DataFrame, origin: date) -> pd.DataFrame:
    """`forecast.scenarios`: one row per scenario and change; base has one row without a change.

    Columns: origin_date, scenario_id, name, description, probability (NULL where none is claimed), parameter_id,
    operation, amount (text, in the parameter's unit or a ratio), base_p50, scenario_p50, unit.
    """
    table: Mapping = rows.set_index("parameter_id").to_dict("index")
    out = []
    for s in scenarios:
        head = {
            "origin_date": pd.Timestamp(origin),
            **{k: s[k] for k in ("scenario_id", "name", "description", "probability")},
        }
        for change in s["changes"] or [{}]:
            name = change.get("parameter_id")
            operation = next((o for o in OPERATIONS if o in change), None)
            base = float(table[name]["p50"]) if name else None
            after = base
            if operation == "set":
                after = float(change["set"][1])
            elif operation and base is not None:
                after = base * change.get("multiply", 1.0) + change.get("add", 0.0)
            amount = str(change[operation]) if operation else None
            out.append(
                {
                    **head,
                    "parameter_id": name,
                    "operation": operation,
                    "amount": amount,
                    "base_p50": base,
                    "scenario_p50": after,
                    "unit": table[name]["unit"] if name else None,
                }
            )
    return pd.DataFrame(out).astype({"probability": float, "base_p50": float, "scenario_p50": float})
