"""Supply that has happened: units per designer, chip and quarter from revenue, prices and mix, by Monte Carlo.

Belongs here: shipments in reported periods. Does not belong here: deployment and retirement (stock.py), quarters not
yet reported (outlook.py), the split by workload (share.py).

H100e: 16-bit dense / 989.5e12, 8-bit dense / 1979e12, bandwidth / 3.35 TB/s (columns of market.chips).
Prices and mix come from Epoch AI, with whose counts the result is compared: agreement checks arithmetic, not truth.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.assumptions import Draws, rng, value
from forecasts.chip_inputs import Z95, band_sd, band_z, mix, parameter, priced, prices

DEFINITIONS = ("h100e_16bit", "h100e_8bit", "h100e_bandwidth")
PERIOD = ["calendar_quarter", "period_start", "period_end", "reported_on"]
FIRST_QUARTER = "2022Q1"  # the first quarter of the NVIDIA input table; older chips are outside the tracked fleet
AMD_FIRST = "2024Q1"  # first quarter of the AMD mix table; Instinct before MI300 was small
UNSPECIFIED = "unspecified-16bit-h100e"  # stands for all chips of a designer where no mix is known
Known = tuple[Mapping[str, pd.DataFrame], Draws, int]
USD_M = {"usd_bn": 1e3, "usd_m": 1.0}


@dataclass(frozen=True)
class Shipments:
    """One designer's reported periods: units and cost in usd_m, both (periods, chips, paths)."""

    designer_id: str
    periods: pd.DataFrame  # columns PERIOD
    chip_ids: tuple[str, ...]
    units: np.ndarray
    cost_usd_m: np.ndarray

    @property
    def spend_usd_m(self) -> np.ndarray:
        """Accelerator spending (periods, paths)."""
        return self.cost_usd_m.sum(axis=1)


def quarters(vendor_quarters: pd.DataFrame, vendor_id: str, segment_id: str) -> pd.DataFrame:
    """Revenue rows of one segment from FIRST_QUARTER, the newest known vintage of each fiscal period, by date."""
    v = vendor_quarters
    if v.empty:
        return v
    own = v[(v["vendor_id"] == vendor_id) & (v["segment_id"] == segment_id) & (v["metric"] == "revenue")]
    own = own[own["calendar_quarter"] >= FIRST_QUARTER].sort_values("reported_on", kind="stable")
    return own.drop_duplicates("fiscal_period", keep="last").sort_values("period_end").reset_index(drop=True)


def _decimal_year(periods: pd.DataFrame) -> np.ndarray:
    middle = periods["period_start"] + (periods["period_end"] - periods["period_start"]) / 2
    return (middle.dt.year + (middle.dt.dayofyear - 1) / 365.25).to_numpy()


def _from_spend(
    designer: str, revenue: pd.DataFrame, spend: np.ndarray, key: str, mix_name: str, common: np.ndarray, known: Known
) -> Shipments | None:
    """Spending x mix / price; `key` is the column of `revenue` that the input table calls period."""
    marts, draws, seed = known
    inputs, chips = marts["chip_sales_inputs"], marts["chips"]
    rows = parameter(inputs, mix_name)
    if rows.empty:
        return None
    rated = chips.dropna(subset=list(DEFINITIONS)).sort_values(["release_date", "chip_id"])["chip_id"].tolist()
    missing = sorted(set(rows["chip_id"]) - set(rated))
    if missing:
        raise ValueError(f"chip_sales_inputs.{mix_name}: market.chips has no complete H100e for {', '.join(missing)}")
    if set(rows["chip_id"]) - priced(inputs):
        return None
    chip_ids, shares = mix(rows, revenue[key].tolist(), rated, spend, draws, rng(seed, f"mix {designer}"))
    sold = shares.sum(axis=1).mean(axis=1) > 0
    if not sold.any():
        return None
    revenue = revenue[sold].reset_index(drop=True)
    price = prices(inputs, chip_ids, _decimal_year(revenue), common, draws, rng(seed, f"price {designer}"))
    cost = spend[sold][:, None, :] * shares[sold]
    return Shipments(designer, revenue[PERIOD], chip_ids, cost * 1e6 / price, cost)


def share_ahead(merchant: str, marts: Mapping[str, pd.DataFrame], draws: Draws) -> np.ndarray:
    """Accelerators' share of the vendor revenue that holds them (paths,), in quarters for which no input states it."""
    if merchant == "nvidia":
        has_inputs = len(parameter(marts["chip_sales_inputs"], "compute_share_of_data_center_revenue"))
        return draws["nvidia_compute_share_after_inputs" if has_inputs else "fallback_compute_share"]
    return draws[{"amd": "amd_gpu_share_to_come", "xpu": "xpu_share_of_broadcom_ai"}[merchant]]


def nvidia(marts: Mapping[str, pd.DataFrame], draws: Draws, seed: int) -> Shipments | None:
    """Data Center revenue x compute share x mix / price, by fiscal quarter; one price per H100e without inputs."""
    revenue = quarters(marts["vendor_quarters"], "nvidia", "data-center")
    if revenue.empty:
        return None
    shares = parameter(marts["chip_sales_inputs"], "compute_share_of_data_center_revenue")
    known = dict(zip(shares["period"], shares["p50"], strict=True)) if len(shares) else {}
    after, factor = share_ahead("nvidia", marts, draws), draws["nvidia_compute_share_factor"]
    share = np.stack([np.minimum(known[p] * factor, 1) if p in known else after for p in revenue["fiscal_period"]])
    spend = revenue["value_usd_m"].to_numpy(float)[:, None] * share
    common = draws["nvidia_price_error_sd"]
    out = _from_spend(
        "nvidia", revenue, spend, "fiscal_period", "share_of_compute_revenue", common, (marts, draws, seed)
    )
    if out is None:
        cost = spend[:, None, :]
        out = Shipments("nvidia", revenue[PERIOD], (UNSPECIFIED,), cost * 1e6 / draws["fallback_usd_per_h100e"], cost)
    return out


def amd_spend(marts: Mapping[str, pd.DataFrame], draws: Draws) -> tuple[pd.DataFrame, np.ndarray]:
    """AMD's data-centre GPUs: its quarters from AMD_FIRST and usd_m (periods, paths)."""
    revenue = quarters(marts["vendor_quarters"], "amd", "data-center")
    if len(revenue):
        revenue = revenue[revenue["calendar_quarter"] >= AMD_FIRST].reset_index(drop=True)
    values = revenue["value_usd_m"].to_numpy(float) if len(revenue) else np.empty(0)
    return revenue, values[:, None] * draws["amd_gpu_share_of_data_center"]


def amd(marts: Mapping[str, pd.DataFrame], draws: Draws, seed: int) -> Shipments | None:
    """Data Center revenue x GPU share (an assumption) x mix / price."""
    revenue, spend = amd_spend(marts, draws)
    if revenue.empty:
        return None
    common = rng(seed, "amd").standard_normal(spend.shape[1:])
    return _from_spend("amd", revenue, spend, "calendar_quarter", "share_of_gpu_revenue", common, (marts, draws, seed))


def xpu_spend(marts: Mapping[str, pd.DataFrame], draws: Draws) -> tuple[pd.DataFrame, np.ndarray]:
    """Broadcom's custom accelerators (all customers): its AI quarters and usd_m (periods, paths)."""
    revenue = quarters(marts["vendor_quarters"], "broadcom", "ai")
    values = revenue["value_usd_m"].to_numpy(float) if len(revenue) else np.empty(0)
    return revenue, values[:, None] * draws["xpu_share_of_broadcom_ai"]


def alphabet(marts: Mapping[str, pd.DataFrame], draws: Draws, seed: int) -> Shipments | None:
    """TPU: Broadcom's revenue from it, else custom-accelerator revenue x TPU share, x mix / price."""
    revenue, xpu = xpu_spend(marts, draws)
    rows = parameter(marts["chip_sales_inputs"], "tpu_revenue")
    if revenue.empty or rows.empty:
        return None
    table = {row["period"]: row for row in rows.to_dict("records")}
    common = rng(seed, "tpu").standard_normal(xpu.shape[1:])
    z = band_z(common, rng(seed, "tpu revenue"), len(revenue))
    spend = xpu * draws["tpu_share_of_xpu_after_inputs"]
    for i, period in enumerate(revenue["fiscal_period"]):
        if period in table:
            row = table[period]
            spend[i] = row["p50"] * USD_M[row["unit"]] * np.exp(band_sd(row, log=True) * z[i])
    name = "share_of_tpu_revenue"
    return _from_spend("alphabet", revenue, spend, "fiscal_period", name, common, (marts, draws, seed))


def amazon(marts: Mapping[str, pd.DataFrame], draws: Draws, seed: int) -> Shipments | None:
    """Trainium: the third-party count (newest vintage, complete quarters only) times one factor, at unit cost."""
    s = marts["chip_shipments"]
    if s.empty:
        return None
    rows = s[(s["designer_id"] == "amazon") & ~s["is_incomplete"].astype(bool) & (s["estimate_source"] == "epoch")]
    if "period_kind" in rows:
        rows = rows[rows["period_kind"] == "calendar"]
    rows = rows[rows["estimate_vintage"] == rows["estimate_vintage"].max()].sort_values(["calendar_quarter", "chip_id"])
    if rows.empty:
        return None
    periods = rows[PERIOD].drop_duplicates("calendar_quarter").reset_index(drop=True)
    place = {q: i for i, q in enumerate(periods["calendar_quarter"])}
    chip_ids = tuple(sorted(set(rows["chip_id"])))
    factor = draws["trainium_units_factor"]
    z = band_z(rng(seed, "amazon").standard_normal(factor.shape), rng(seed, "trainium"), len(rows))
    units = np.zeros((len(periods), len(chip_ids), len(factor)))
    for k, row in enumerate(rows.itertuples()):
        low, high = np.log(row.units_p50 / row.units_p05) / Z95, np.log(row.units_p95 / row.units_p50) / Z95
        count = row.units_p50 * np.exp(np.where(z[k] < 0, low, high) * z[k]) * factor
        units[place[row.calendar_quarter], chip_ids.index(row.chip_id)] = count
    return Shipments("amazon", periods, chip_ids, units, units * draws["trainium_unit_cost_usd"] / 1e6)


def history(marts: Mapping[str, pd.DataFrame], draws: Draws, seed: int) -> list[Shipments]:
    """Every designer that can be estimated from what is known; others (Ascend, MTIA …) are unobserved.

    Without NVIDIA there is no fleet to speak of: the list is then empty.
    """
    found = [s for s in (f(marts, draws, seed) for f in (nvidia, amd, alphabet, amazon)) if s is not None]
    return found if found and found[0].designer_id == "nvidia" else []


def per_unit(shipments: Shipments, chips: pd.DataFrame, column: str) -> np.ndarray:
    """A chip column (H100e per unit, or W) in the order of chip_ids; NaN where the chip table has none."""
    if shipments.chip_ids == (UNSPECIFIED,):
        return np.array([value("fallback_w_per_h100e") if column == "tdp_w" else 1.0])
    return chips.drop_duplicates("chip_id").set_index("chip_id")[column].reindex(shipments.chip_ids).to_numpy(float)
