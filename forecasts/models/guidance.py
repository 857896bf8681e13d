"""The issuer's own guidance, corrected by its past beats (card: cards/guidance.yml)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from forecasts.baselines import drift, mean_growth
from forecasts.panel import Context, History, Target, quarter_label, targets
from forecasts.vendor_calendar import fiscal_label

MODEL_ID = "guidance"
TRAILING_BEATS = 8  # forecasting_methods.md, guidance benchmark: "median beat of last 8"
# Beats of zero that are added before taking the mean, so that one or two beats do not set the level; judgement.
PSEUDO_BEATS = 1
# Share of the gap between guidance and drift that survives a quarter beyond the guided ones; judgement.
DECAY = 0.8


def path(history: History, context: Context, horizon: int) -> np.ndarray | None:
    """Guided quarters at midpoint × trailing beat; after them the gap to log-drift fades by `DECAY` a quarter."""
    target = targets()[history.entity_id]
    found = (_capex if target.is_capex else _revenue)(history, context, target, horizon)
    if not found:
        return None
    base = drift(history, mean_growth(history), horizon)
    last = max(found)
    gaps = np.interp(np.arange(1, last + 1), sorted(found), [found[h] - base[h - 1] for h in sorted(found)])
    fading = gaps[-1] * DECAY ** np.arange(1, horizon - last + 1)
    return base + np.concatenate([gaps, fading])[:horizon]


def midpoints(context: Context, target: Target) -> pd.Series:
    """Newest midpoint (USD million) by target period, from what this target's issuer had said by the origin."""
    rows = context.guidance
    if not len(rows) or not target.guidance:
        return pd.Series(dtype=float)
    rows = rows[(rows["issuer_id"] == target.guidance["issuer_id"])]
    rows = rows[rows["metric"] == ("capex" if target.is_capex else "revenue")]
    if not target.is_capex:
        rows = rows[rows["segment_id"] == target.guidance["segment_id"]]
    return rows.groupby("target_period")["mid_usd_m"].last()


def _log_share(history: History, context: Context, target: Target) -> np.ndarray | None:
    """Log share of the guided total, for each quarter of `history`; zeros where the series itself is guided."""
    if "share_of" not in target.guidance:
        return np.zeros(len(history))
    total = context.histories.get(target.guidance["share_of"])
    if total is None:
        return None
    level = pd.Series(total.log_level, index=total.quarters).reindex(history.quarters).to_numpy()
    return history.log_level - level


def _revenue(history: History, context: Context, target: Target, horizon: int) -> dict[int, float]:
    """Log levels of guided quarters by horizon."""
    mids, share = midpoints(context, target), _log_share(history, context, target)
    if share is None or not np.isfinite(share[-1]):
        return {}
    labels = [fiscal_label(history.fiscal_period, int(q - history.quarters[-1])) for q in history.quarters]
    guided = np.log(mids.reindex(labels).to_numpy(float))
    # A beat is measured on the series itself, so a rising share of the guided total counts as part of it.
    beats = (history.log_level[1:] - guided[1:] - share[:-1])[~history.is_break[1:]]
    beats = beats[np.isfinite(beats)][-TRAILING_BEATS:]
    beat = float(np.median(beats)) * len(beats) / (len(beats) + PSEUDO_BEATS) if len(beats) else 0.0
    ahead = {fiscal_label(history.fiscal_period, h): h for h in range(1, horizon + 1)}
    found = {ahead[str(key)]: float(np.log(mid) + share[-1] + beat) for key, mid in mids.items() if key in ahead}
    return found | _reported_total(history, context, target, float(share[-1]), horizon)


def _reported_total(history: History, context: Context, target: Target, share: float, horizon: int) -> dict[int, float]:
    """Quarters whose company total is already out while the segment is not: total at the last known share."""
    total = context.histories.get(target.guidance.get("share_of", ""))
    if total is None:
        return {}
    newer = total.quarters > history.quarters[-1]
    steps = (total.quarters[newer] - history.quarters[-1]).tolist()
    return {
        int(h): float(level + share) for h, level in zip(steps, total.log_level[newer], strict=True) if h <= horizon
    }


def _basis_ratio(history: History, context: Context) -> float:
    """Cash capex over company-stated capex in the newest four quarters known on both bases; 1 without any."""
    stated = context.histories.get(f"{history.entity_id}/stated")
    if stated is None:
        return 1.0
    both = pd.concat(
        {
            "cash": pd.Series(np.exp(history.log_level), index=history.quarters),
            "stated": pd.Series(np.exp(stated.log_level), index=stated.quarters),
        },
        axis=1,
    ).dropna()
    recent = both.tail(4).sum()
    return float(recent["cash"] / recent["stated"]) if len(both) else 1.0


def _capex(history: History, context: Context, target: Target, horizon: int) -> dict[int, float]:
    """Log levels of the quarters left in a guided calendar year, growing evenly so that the year meets the guidance."""
    mids, ratio = midpoints(context, target), _basis_ratio(history, context)
    years = [quarter_label(int(history.quarters[-1]) + h)[:4] for h in range(1, horizon + 1)]
    year = years[0]
    left = years.count(year)
    if f"CY{year}" not in mids or left > horizon:
        return {}
    spent = sum(
        np.exp(level)
        for level, quarter in zip(history.log_level, history.quarters, strict=True)
        if quarter_label(int(quarter))[:4] == year
    )
    remaining = mids[f"CY{year}"] * ratio - spent
    last, steps = history.log_level[-1], np.arange(1, left + 1)

    def gap(growth: float) -> float:
        return float(np.exp(last + growth * steps).sum() - remaining)

    # Growth outside ±100 log points a quarter means that guidance and cash do not speak of the same thing.
    if remaining <= 0 or gap(-1.0) > 0 or gap(1.0) < 0:
        return {}
    growth = brentq(gap, -1.0, 1.0)
    return {int(h): float(last + growth * h) for h in steps}
