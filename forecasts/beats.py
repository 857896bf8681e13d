"""How far a result comes in above what its issuer guided: learned from the past beats of all issuers together.

A beat is log(reported) - log(guided midpoint). Plain is the median of the issuer's own last beats.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from forecasts.assumptions import value
from forecasts.panel import QUARTERS_PER_YEAR, History

FEATURES = ["median", "last", "mean_of_year", "guided_growth"]
PENALTIES = np.logspace(0, 3, 4)  # leave-one-out chooses among them


def plain(beats: np.ndarray) -> float:
    """Median of the last beats; none without any."""
    return float(np.median(beats[-int(value("guidance_trailing_beats")) :])) if len(beats) else 0.0


Guides = Mapping[str, tuple[History, Mapping[int, float]]]  # by series: its history, log midpoints by quarter (ordinal)


def medians(guides: Guides) -> dict[str, float]:
    """The plain beat of each series."""
    return {
        key: plain(np.array([whole.reported[q] - mids[q] for q in sorted(mids) if q in whole.reported]))
        for key, (whole, mids) in guides.items()
    }


def _rows(whole: History, mids: Mapping[int, float]) -> Iterator[dict]:
    """One row per guided quarter after two beats, the last of them still unreported: what was known before it, and it."""
    reported, beats = whole.reported, np.array([])
    for quarter in sorted(mids):
        if quarter - 1 in reported and len(beats) >= 2:
            yield dict(
                issuer=whole.entity_id,
                quarter=quarter,
                median=plain(beats),
                last=beats[-1],
                mean_of_year=beats[-QUARTERS_PER_YEAR:].mean(),
                guided_growth=mids[quarter] - reported[quarter - 1],
                beat=reported.get(quarter, np.nan) - mids[quarter],
            )
        if quarter in reported:
            beats = np.append(beats, reported[quarter] - mids[quarter])


def expected(guides: Guides) -> dict[str, float]:
    """Expected beat of the next quarter of each series.

    A ridge over all issuers of how a beat differs from the plain one, everything in the issuer's own mean miss; plain
    while there are too few rows to learn from.
    """
    # Half a second, which only a forecast that is made anew takes.
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    found = medians(guides)
    rows = pd.DataFrame([row for whole, mids in guides.values() for row in _rows(whole, mids)])
    past = rows[rows["beat"].notna()] if len(rows) else rows
    if len(past) < value("beat_learned_from"):
        return found
    miss = (past["beat"] - past["median"]).abs()
    own, weight = miss.groupby(past["issuer"]), value("guide_pool_weight")
    size = (own.sum() + weight * miss.mean()) / (own.size() + weight)
    unit = past["issuer"].map(size)
    inputs, target = past[FEATURES].div(unit, axis=0), (past["beat"] - past["median"]) / unit
    model = make_pipeline(StandardScaler(), RidgeCV(alphas=PENALTIES)).fit(inputs.to_numpy(), target.to_numpy())
    ahead = rows[rows["beat"].isna() & rows["issuer"].isin(size.index)].drop_duplicates("issuer")
    if not len(ahead):
        return found
    unit = ahead["issuer"].map(size)
    moved = unit * model.predict(ahead[FEATURES].div(unit, axis=0).to_numpy())
    return found | dict(zip(ahead["issuer"], ahead["median"] + moved, strict=True))
