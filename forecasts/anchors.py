"""The share anchors: what published statements say about the inference share, and of what.

`anchors.yml` names them; their figures are rows of market.compute_split, known from the day each was stated.
Belongs here: from a statement to a share with its unit, population, offset and error. Does not belong here: the state they
inform (share.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from forecasts.assumptions import Draws, expit, logit, value


@dataclass(frozen=True)
class Anchor:
    """One observation of the share, with what it measures."""

    anchor_id: str
    group: str  # readings of one quantity, of which one is right
    year: int
    value: np.ndarray  # share per path (one value repeated, or a composite of priors)
    offset: np.ndarray  # log odds of what is measured over the state's, per path
    sd: float  # of the error, log odds
    unit: str
    population: str
    flow_or_stock: str
    read_in: str  # page or note
    reported_on: pd.Timestamp


@cache
def specifications() -> tuple[dict[str, Any], ...]:
    """The entries of anchors.yml."""
    return tuple(yaml.safe_load(Path(__file__).with_name("anchors.yml").read_text(encoding="utf-8")))


class Statements:
    """market.compute_split by organisation, period and component; of several dates the newest stands."""

    def __init__(self, split: pd.DataFrame) -> None:
        rows = split.sort_values("reported_on", kind="stable") if len(split) else split
        self.rows: dict[tuple, Any] = {(r.organisation_id, r.period, r.component): r for r in rows.itertuples()}
        self.used: list[Any] = []

    def figure(self, part: list) -> float:
        """The value of one statement, or the sum of several; KeyError where one is not known."""
        if isinstance(part[0], list):
            return sum(self.figure(each) for each in part)
        row = self.rows[tuple(part)]
        self.used.append(row)
        return float(row.value)

    def share(self, spec: Mapping) -> float:
        """Inference over all, from whichever two of inference, rest and total are stated, or from a share itself."""
        if "share" in spec:
            percent = 100
            return self.figure(spec["share"]) / percent
        if "inference" not in spec:
            return 1 - self.figure(spec["rest"]) / self.figure(spec["total"])
        inference = self.figure(spec["inference"])
        total = self.figure(spec["total"]) if "total" in spec else inference + self.figure(spec["rest"])
        return inference / total


def lab_chips(lab_compute: pd.DataFrame, year: int) -> pd.Series:
    """8-bit H100e by laboratory at the end of the year, or of the last year before that is known."""
    if lab_compute.empty:
        return pd.Series(dtype=float)
    at = lab_compute["observed_on"].dt.year
    last = at[at <= year].max()
    return lab_compute[at == last].groupby("organisation_id")["h100e_8bit_p50"].sum()


def _fleet_share(
    stated: Statements, spec: Mapping, marts: Mapping, stock_8bit: Mapping[int, np.ndarray], draws: Draws
) -> np.ndarray:
    """A laboratory's split as a share of the fleet's chip-hours, per path.

    Raises KeyError where the laboratories' chips or the fleet are not known.
    """
    chips = lab_chips(marts["lab_compute"], spec["year"])
    own, weight = stated.share(spec), chips[spec["labs"]]
    if "beside" in spec:
        other = chips[spec["beside"]["lab"]]
        own = (own * weight + stated.share(spec["beside"]) * other) / (weight + other)
    known = max(year for year in stock_8bit if year <= spec["year"])
    labs = np.minimum(chips.sum() / stock_8bit[known] * draws["lab_share_factor"], 1)
    hours = expit(logit(np.full(len(labs), own)) - np.log(draws["inference_cost_ratio"]))
    return labs * hours + (1 - labs) * draws["non_lab_inference_share"]


def _offset(names: list[str], draws: Draws) -> np.ndarray:
    """Sum of the named priors in log odds; a ratio enters by its logarithm."""
    n = len(draws["share_drift"])
    return sum((np.log(draws[x]) if x.endswith("_ratio") else draws[x] for x in names), np.zeros(n))


def anchors(marts: Mapping, stock_8bit: Mapping[int, np.ndarray], draws: Draws) -> list[Anchor]:
    """The anchors whose statements are known from these tables, by year and id."""
    found = []
    for spec in specifications():
        stated = Statements(marts["compute_split"])
        try:
            if "labs" in spec:
                share = _fleet_share(stated, spec, marts, stock_8bit, draws)
            else:
                share = np.full(len(draws["share_drift"]), stated.share(spec))
        except (KeyError, ValueError):  # not stated by then
            continue
        read_in = "note" if any(row.read_in == "note" for row in stated.used) else "page"
        found.append(
            Anchor(
                spec["anchor_id"],
                spec["group"],
                spec["year"],
                share,
                _offset(spec["offset"], draws),
                value(f"share_error_{spec['kind']}") * (value("share_error_of_a_note") if read_in == "note" else 1),
                spec["unit"],
                spec["population"],
                spec["flow_or_stock"],
                read_in,
                max(row.reported_on for row in stated.used),
            )
        )
    return sorted(found, key=lambda a: (a.year, a.anchor_id))
