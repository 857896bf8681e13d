"""Each disclosing organisation's token total, held out and predicted from the others.

A statement is predicted as the organisation's own one before it, grown as the other scopes grew between the two days (the
mean of their log-linear growth). The interval is t around that, its scale the root mean square error a square root of a year
of all statements so predicted without what the organisation said from the one held out on. Belongs here: that test. Does
not belong here: tokens of the world (demand.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import t

from forecasts.demand import HALF_QUARTER, scopes


@dataclass(frozen=True)
class Step:
    """From one statement of a scope to its next."""

    scope: str
    days: np.ndarray
    log_tokens: np.ndarray
    others: Mapping[str, float]  # log growth of each other scope that is known over the same days
    is_newest: bool

    @property
    def root_years(self) -> float:
        """Square root of the years between the two."""
        return float(np.sqrt((self.days[1] - self.days[0]) / 365.25))

    @property
    def predicted(self) -> float:
        """Log tokens a day: the statement before, grown as the others grew."""
        return float(self.log_tokens[0] + np.mean(list(self.others.values())))

    @property
    def error(self) -> float:
        """What the others get wrong, per square root of a year."""
        return float(self.log_tokens[1] - self.predicted) / self.root_years


def steps(known: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> list[Step]:
    """Every pair of statements that another scope's disclosures span, to within half a quarter."""
    found = []
    for name, (day, log_tokens) in known.items():
        for i in range(1, len(day)):
            pair = slice(i - 1, i + 1)
            others = {
                other: float(np.diff(np.interp(day[pair], d, logs))[0])
                for other, (d, logs) in known.items()
                if other != name and len(d) > 1 and d[0] - HALF_QUARTER <= day[i - 1] and day[i] <= d[-1] + HALF_QUARTER
            }
            if others:
                found.append(Step(name, day[pair], log_tokens[pair], others, i == len(day) - 1))
    return found


def token_holdouts(token_usage: pd.DataFrame, origin: date) -> pd.DataFrame:
    """One row per statement: tokens a day as stated and as the others predict them with an 80% interval."""
    known, rows = scopes(token_usage), []
    for step in steps(known):
        day, log_tokens = known[step.scope]
        before = day < step.days[1]
        errors = np.array([other.error for other in steps({**known, step.scope: (day[before], log_tokens[before])})])
        if not len(errors):
            continue
        half = t.ppf(0.9, len(errors)) * np.sqrt((errors**2).mean()) * step.root_years
        low, mid, high = np.exp([step.predicted - half, step.predicted, step.predicted + half])
        organisation, scope = step.scope.split("/")
        since, until = pd.Timestamp("1970-01-01") + pd.to_timedelta(step.days, unit="D")
        rows.append(
            {
                "origin_date": pd.Timestamp(origin),
                "organisation_id": organisation,
                "scope": scope,
                "previous_on": since,
                "observed_on": until,
                "is_newest": step.is_newest,
                "tokens_per_day": float(np.exp(step.log_tokens[1])),
                "p10": low,
                "p50": mid,
                "p90": high,
                "inside_80": bool(low <= np.exp(step.log_tokens[1]) <= high),
                "predicted_from": ", ".join(step.others),
                "learned_from": len(errors),
                "unit": "tokens per day",
            }
        )
    return pd.DataFrame(rows)
