"""Small made-up market tables for the vendor-revenue tests: known growth, so that answers can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts.models import scum

LAST = pd.Period("2026Q2")
VENDORS = {
    ("nvidia", "data-center"): (19, 1000.0, 0.12),
    ("nvidia", "total"): (19, 3000.0, 0.08),
    ("amd", "data-center"): (16, 600.0, 0.08),
    ("intel", "dcai"): (19, 5000.0, 0.00),
    ("broadcom", "ai"): (12, 800.0, 0.15),
    ("marvell", "data-center"): (9, 800.0, 0.08),
    ("tsmc", "hpc"): (14, 9000.0, 0.06),
    ("tsmc", "total"): (14, 17000.0, 0.04),
}
FIRMS = ("amazon", "alphabet", "microsoft", "meta", "oracle")
LAG = pd.Timedelta(days=40)


def _quarters(n: int, last: pd.Period) -> list[pd.Period]:
    return [last - n + 1 + i for i in range(n)]


def _periods(n: int, last: pd.Period) -> pd.DataFrame:
    quarters = _quarters(n, last)
    ends = [quarter.end_time.normalize() for quarter in quarters]
    return pd.DataFrame(
        {
            "fiscal_period": [f"FY{quarter}" for quarter in quarters],
            "calendar_quarter": [str(quarter) for quarter in quarters],
            "period_start": [quarter.start_time for quarter in quarters],
            "period_end": ends,
            "reported_on": [end + LAG for end in ends],
            "vintage": "first",
            "confidence": "verified",
        }
    )


def vendor_quarters(seed: int = 1, wobble: float = 0.05) -> pd.DataFrame:
    """market.vendor_quarters: steady log growth with a wobble, USD million."""
    rng, frames = np.random.default_rng(seed), []
    for (vendor, segment), (n, level, growth) in VENDORS.items():
        logs = np.log(level) + growth * np.arange(n) + wobble * rng.standard_normal(n)
        head = dict(vendor_id=vendor, segment_id=segment, metric="revenue", definition_version="v1")
        frames.append(_periods(n, LAST).assign(**head, value_usd_m=np.exp(logs)))
    return pd.concat(frames, ignore_index=True)


def guidance(quarters: pd.DataFrame) -> pd.DataFrame:
    """market.guidance: NVIDIA's total, given at the previous report, 4% under what came; one quarter ahead of all."""
    rows = quarters[(quarters["vendor_id"] == "nvidia") & (quarters["segment_id"] == "total")]
    mids = pd.DataFrame({"target_period": rows["fiscal_period"], "mid_usd_m": rows["value_usd_m"] * 0.96})
    mids["issued_on"] = rows["reported_on"].shift(1)
    ahead = pd.DataFrame({"target_period": ["FY2026Q3"], "mid_usd_m": [rows["value_usd_m"].iloc[-1] * 1.10]})
    ahead["issued_on"] = rows["reported_on"].iloc[-1]
    found = pd.concat([mids.dropna(), ahead], ignore_index=True)
    return found.assign(issuer_id="nvidia", metric="revenue", segment_id="total", basis="reported", given_as="outlook")


def capex_quarters(seed: int = 2) -> pd.DataFrame:
    """market.capex_quarters: cash, 5% a quarter, USD million."""
    rng, frames = np.random.default_rng(seed), []
    for firm in FIRMS:
        logs = np.log(3000.0) + 0.05 * np.arange(16) + 0.05 * rng.standard_normal(16)
        frames.append(_periods(16, LAST).assign(company_id=firm, basis="cash", capex_usd_m=np.exp(logs)))
    return pd.concat(frames, ignore_index=True)


def marts() -> dict[str, pd.DataFrame]:
    """The three frames that the vendor-revenue stage reads."""
    quarters = vendor_quarters()
    return dict(vendor_quarters=quarters, guidance=guidance(quarters), capex_quarters=capex_quarters())


def poison(frames: dict[str, pd.DataFrame], origin: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """`frames` with absurd rows that become known the day after `origin`: new quarters, revisions, guidance, capex."""
    late = origin + pd.Timedelta(days=1)
    quarters, capex, mids = (frames[key] for key in ("vendor_quarters", "capex_quarters", "guidance"))
    future = {
        "fiscal_period": "FY2026Q3",
        "calendar_quarter": "2026Q3",
        "period_start": pd.Timestamp("2026-07-01"),
        "period_end": pd.Timestamp("2026-09-30"),
        "reported_on": late,
    }
    newest, spent = quarters["calendar_quarter"] == "2026Q2", capex["calendar_quarter"] == "2026Q2"
    revised = quarters.assign(value_usd_m=1e-3, reported_on=late, vintage="restated")
    return dict(
        vendor_quarters=pd.concat([revised, quarters[newest].assign(value_usd_m=1e9, **future), quarters]),
        capex_quarters=pd.concat(
            [capex.assign(capex_usd_m=1e-3, reported_on=late), capex[spent].assign(capex_usd_m=1e9, **future), capex]
        ),
        guidance=pd.concat([mids, mids.assign(mid_usd_m=1e9, issued_on=late)]),
    )


def drift_for_fits(patch: pytest.MonkeyPatch) -> None:
    """Log-drift in place of the four fitted models, which take all the time and read the same series."""

    def fit(name: scum.Key) -> np.ndarray:
        level = np.array(name[0])
        return level[-1] + np.diff(level).mean() * np.arange(1, scum.HORIZON + 1)

    patch.setattr(scum, "fit", fit)
    patch.setattr(scum, "_fits", {})
