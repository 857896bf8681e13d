"""Scenarios as data: `scenarios.yml`, its check, its table and its effect on draws.

Belongs here: changes to named assumptions. Does not belong here: any other way to differ from base.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from forecasts import assumptions
from forecasts.assumptions import Draws

BASE = "base"
OPERATIONS = ("add", "multiply", "set")
BOUNDS = {"logit": (1e-4, 1 - 1e-4), "lognormal": (1e-9, None)}  # of changed draws


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


def _changed(values: Any, change: Mapping) -> Any:
    return values * change.get("multiply", 1.0) + change.get("add", 0.0)


def apply(draws: Draws, changes: list[dict], rows: pd.DataFrame, n_paths: int, seed: int) -> Draws:
    """Draws with the scenario's changes made; everything else is the same object as before."""
    out = dict(draws)
    table: Mapping = rows.set_index("parameter_id").to_dict("index")
    for change in changes:
        name = change["parameter_id"]
        if "set" in change:
            row = {**table[name], **dict(zip(assumptions.LEVELS, change["set"], strict=True))}
            values = assumptions.from_z(row, assumptions.rng(seed, name).standard_normal(n_paths))
        else:
            values = _changed(out[name], change)
        low, high = BOUNDS.get(table[name]["distribution"], (None, None))
        out[name] = np.clip(values, low, high)
    return out


def frame(scenarios: tuple[dict, ...], rows: pd.DataFrame, origin: date) -> pd.DataFrame:
    """`forecast.scenarios`: one row per scenario and change; base has one row without a change.

    Columns: origin_date, scenario_id, name, description, parameter_id, operation,
    amount (text, in the parameter's unit or a ratio), base_p50, scenario_p50, unit.
    """
    table: Mapping = rows.set_index("parameter_id").to_dict("index")
    out = []
    for s in scenarios:
        head = {k: s[k] for k in ("scenario_id", "name", "description")}
        for change in s["changes"] or [{}]:
            name, operation = change.get("parameter_id"), next((o for o in OPERATIONS if o in change), None)
            prior = table.get(name, {"p50": None, "unit": None})
            row = {"parameter_id": name, "operation": operation, "base_p50": prior["p50"], "unit": prior["unit"]}
            row["amount"] = str(change[operation]) if operation else None
            row["scenario_p50"] = change["set"][1] if "set" in change else operation and _changed(prior["p50"], change)
            out.append(head | row)
    numbers = {"base_p50": float, "scenario_p50": float}
    return pd.DataFrame(out).astype(numbers).assign(origin_date=pd.Timestamp(origin))
