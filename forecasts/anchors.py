"""The share anchors: what six published figures say about the inference share, and of what.

Belongs here: unit, population, flow or stock of each anchor. Does not belong here: the state they inform (share.py).
Deloitte x 3 (a consultancy's view, unit undefined), NVIDIA's 40% (dollars, a flow), composites for 2024 and 2025
(labs' reported split weighted by their share of the fleet, a prior for the rest).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.assumptions import Draws, expit, logit


@dataclass(frozen=True)
class Anchor:
    """One observation of the share, with what it measures."""

    anchor_id: str
    year: int
    value: np.ndarray  # share per path (one value repeated, or a composite of priors)
    offset: np.ndarray  # log odds of what is measured over the state's, per path
    kind: str
    unit: str
    population: str
    flow_or_stock: str
    reported_on: pd.Timestamp


def lab_split(compute_spend: pd.DataFrame, year: int) -> tuple[float, pd.Timestamp] | None:
    """Inference share of the dollars of labs that report two of inference, R&D and total for the year."""
    if compute_spend.empty:
        return None
    rows = compute_spend[compute_spend["period_end"].dt.year == year].sort_values(["reported_on", "spend_usd_m"])
    whole_year = (rows["period_end"] - rows["period_start"]).dt.days > 300
    table = rows[whole_year].pivot_table(
        index="organisation_id", columns="component", values="spend_usd_m", aggfunc="last"
    )
    table = table.rename(columns={"research_and_training": "rnd"}).reindex(columns=["inference", "rnd", "total"])
    inference = table["inference"].fillna(table["total"] - table["rnd"])
    rnd = table["rnd"].fillna(table["total"] - table["inference"])
    both = inference.notna() & rnd.notna()
    if not both.any():
        return None
    used = rows[rows["organisation_id"].isin(table.index[both])]
    return float(inference[both].sum() / (inference[both] + rnd[both]).sum()), used["reported_on"].max()


def lab_share(lab_compute: pd.DataFrame, stock_8bit: Mapping[int, np.ndarray], year: int):
    """The labs' 8-bit H100e over our operational 8-bit stock at the end of the year: share per path, release date."""
    if lab_compute.empty or year not in stock_8bit:
        return None
    rows = lab_compute[lab_compute["observed_on"].dt.year == year]
    if rows.empty:
        return None
    return rows["h100e_8bit_p50"].sum() / stock_8bit[year], rows["reported_on"].max()


def anchors(marts: Mapping, stock_8bit: Mapping[int, np.ndarray], draws: Draws) -> list[Anchor]:
    """The anchors known from these tables: up to Deloitte x 3, NVIDIA's 40%, composites 2024 and 2025."""
    split, n = marts["compute_split"], len(draws["share_drift"])
    found = []
    cost = np.log(draws["inference_cost_ratio"])
    if len(split):
        shares = split[split["component"].str.startswith("inference share") & (split["unit"] == "percent")]
        deloitte = shares[shares["organisation_id"].str.contains("deloitte")]
        for row in deloitte.sort_values("period").itertuples():
            year = int(row.period)
            ahead = year > row.reported_on.year
            found.append(
                Anchor(
                    f"deloitte-{year}",
                    year,
                    np.full(n, row.value / 100),
                    draws["consultancy_unit_bias"],
                    "consultancy_forecast" if ahead else "consultancy",
                    "undefined",
                    "AI compute, worldwide",
                    "stock",
                    row.reported_on,
                )
            )
        nvidia = shares[shares["organisation_id"].str.contains("nvidia")]
        for row in nvidia.itertuples():
            # fiscal year N of NVIDIA is nearly calendar year N - 1
            year = int(str(row.period)[-4:]) - 1
            found.append(
                Anchor(
                    f"nvidia-{year}",
                    year,
                    np.full(n, row.value / 100),
                    draws["flow_minus_stock"] + cost,
                    "vendor_statement",
                    "dollars",
                    "NVIDIA Data Center revenue",
                    "flow",
                    row.reported_on,
                )
            )
    for year in (2024, 2025):
        labs, weight = lab_split(marts["compute_spend"], year), lab_share(marts["lab_compute"], stock_8bit, year)
        if labs is None or weight is None:
            continue
        w = np.clip(weight[0] * draws["lab_share_factor"], 0.02, 0.90)
        lab_hours = expit(logit(np.full(n, labs[0])) - cost)
        found.append(
            Anchor(
                f"composite-{year}",
                year,
                w * lab_hours + (1 - w) * draws["non_lab_inference_share"],
                np.zeros(n),
                "composite",
                "chip_hours",
                "tracked fleet: five labs and the rest",
                "stock",
                max(labs[1], weight[1]),
            )
        )
    return sorted(found, key=lambda a: (a.year, a.anchor_id))
