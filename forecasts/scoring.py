"""How good the forecasts were: scores by scoringrules and utilsforecast, with block-bootstrap intervals.

The log scale comes first: it scores growth and lets no vendor's size dominate. USD scores are never averaged over
vendors of different size without saying so: read them per entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import scoringrules as sr
from scipy import stats
from utilsforecast.losses import smape

from forecasts.intervals import DEGREES_OF_FREEDOM
from forecasts.panel import targets
from forecasts.quantiles import LEVELS

QUANTILES = [f"q{level:g}" for level in LEVELS]
BASELINES = ("naive", "log_drift", "raw_guidance", "median_beat", "unbounded")
NOMINALS = (0.5, 0.8, 0.95)
CAPEX_PARTS = tuple(key for key, target in targets().items() if target.is_capex)
DRAWS, BLOCK_QUARTERS, SEED = 500, 4, 20261124
MEASURES = ["log_wis", "wis_usd_m", "crps_log", "smape", "mean_abs_log_error", "mean_log_error", "pit"]
COVERAGES = {f"coverage_{round(100 * nominal)}": nominal for nominal in NOMINALS}
TAILS = {"pit_below_05": 0.05, "pit_above_95": 0.95}


def score_rows(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Every forecast with a known outcome, with its scores; columns QUANTILES are logs of USD million."""
    rows = forecasts[forecasts["truth_usd_m"].notna() & forecasts["log_median"].notna()].reset_index(drop=True)
    if not len(rows):
        return rows.assign(**{name: pd.Series(dtype=float) for name in [*MEASURES, *COVERAGES, *TAILS]})
    truth, levels = np.log(rows["truth_usd_m"].to_numpy()), np.array(LEVELS)
    quantiles = np.sort(rows[QUANTILES].to_numpy(float), axis=1)
    found = pd.DataFrame(index=rows.index)
    # Twice the mean pinball loss over these levels is the weighted interval score.
    found["log_wis"] = sr.crps_quantile(truth, quantiles, levels)
    found["wis_usd_m"] = sr.crps_quantile(np.exp(truth), np.exp(quantiles), levels)
    scale = rows["log_scale"].to_numpy(float)
    exact = sr.crps_t(truth, DEGREES_OF_FREEDOM, rows["log_median"].to_numpy(), np.where(scale > 0, scale, 1.0))
    found["crps_log"] = np.where(scale > 0, exact, found["log_wis"])
    pair = pd.DataFrame({"id": rows.index, "y": np.exp(truth), "f": np.exp(rows["log_median"])})
    # utilsforecast's sMAPE runs to 1; the literature's to 200.
    found["smape"] = 200 * smape(pair, models=["f"], id_col="id", target_col="y").set_index("id")["f"].reindex(
        rows.index
    )
    found["mean_log_error"] = truth - rows["log_median"]
    found["mean_abs_log_error"] = found["mean_log_error"].abs()
    for name, nominal in COVERAGES.items():
        low, high = (LEVELS.index(round(level, 3)) for level in ((1 - nominal) / 2, (1 + nominal) / 2))
        found[name] = ((truth >= quantiles[:, low]) & (truth <= quantiles[:, high])).astype(float)
    found["pit"] = [np.interp(value, line, LEVELS) for value, line in zip(truth, quantiles, strict=True)]
    found["pit_below_05"] = (truth < quantiles[:, LEVELS.index(0.05)]).astype(float)
    found["pit_above_95"] = (truth > quantiles[:, LEVELS.index(0.95)]).astype(float)
    return rows.join(found)


def groups(rows: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """(panel, window, entity_id, rows): the pooled four vendors in every panel, single series in the spliced one."""
    vendors, capex = rows["in_panel"].astype(bool), rows["entity_id"].isin(CAPEX_PARTS)
    panels = {
        "spliced": rows["is_headline"],
        "spliced_every_origin": rows["is_scored"],
        "without_intel": rows["is_headline"] & (rows["entity_id"] != "intel-dcai"),
        "within_definition": rows["is_headline"] & ~rows["crosses_definition"],
        "verified_only": rows["is_headline"] & ~rows["truth_recalled"] & ~rows["last_recalled"],
    }
    every, quarter = pd.Series(True, index=rows.index), rows["target_quarter"].astype(str)
    windows = {
        "all": every,
        "pre_2023": quarter < "2023Q1",
        "post_2023": quarter >= "2023Q1",
    }
    for panel, in_sample in panels.items():
        for window, in_time in windows.items():
            chosen = in_sample & in_time
            yield panel, window, "pooled", rows[chosen & vendors]
            if panel == "spliced":
                yield panel, window, "pooled-capex", rows[chosen & capex]
                for entity_id, part in rows[chosen].groupby("entity_id", sort=False):
                    yield panel, window, str(entity_id), part


def scores(scored: pd.DataFrame) -> pd.DataFrame:
    """`forecast.scores`.

    model_id, entity_id (or 'pooled', 'pooled-capex'), horizon (quarters), metric, window (by target quarter), panel,
    value (log points for log_wis, crps_log and errors, USD million for wis_usd_m, percent for smape, share for coverage
    and pit_below/above, 0-1 for pit_mean: .5 is ideal, pit_variance: .083), n, n_eff (overlap-corrected), ci05, ci95
    (block bootstrap over origins; of the skill where a baseline is named, else of the value), baseline_id, skill
    (1 - value / baseline's value on the same targets), recalled_share (of the outcomes).
    """
    found: list[dict] = []
    for panel, window, entity_id, part in groups(scored):
        for horizon in sorted(part["horizon"].unique().tolist()):
            key = dict(panel=panel, window=window, entity_id=entity_id, horizon=horizon)
            found += [key | line for line in _horizon_scores(part[part["horizon"] == horizon], horizon)]
    columns = ["model_id", "entity_id", "horizon", "metric", "window", "panel", "value", "n", "n_eff", "ci05", "ci95"]
    return pd.DataFrame(found, columns=[*columns, "baseline_id", "skill", "recalled_share"])


def _horizon_scores(rows: pd.DataFrame, horizon: int) -> Iterator[dict]:
    """Lines of every model for one group of forecasts `horizon` quarters ahead."""
    cases = pd.MultiIndex.from_frame(rows[["entity_id", "origin_date"]])
    case, unique = pd.factorize(cases)
    model, models = pd.factorize(rows["model_id"], sort=True)
    quarter, quarters = pd.factorize(rows["last_quarter"], sort=True)
    names = [*MEASURES, *COVERAGES, *TAILS, "truth_recalled"]
    values = np.zeros((len(unique), len(models), len(names)))
    values[case, model] = rows[names].to_numpy(float)
    present = np.zeros((len(unique), len(models)))
    present[case, model] = 1.0
    membership = np.zeros((len(quarters), len(unique)))
    membership[quarter, case] = 1.0
    draws = _block_draws(len(quarters)) @ membership  # how often each case appears in each draw
    entity, _ = pd.factorize(np.array([key[0] for key in unique]))

    def count(mask: np.ndarray) -> dict[str, float]:
        return dict(n=int(mask.sum()), n_eff=effective_n(np.bincount(entity, mask), horizon))

    loss = values[..., 0]  # log_wis comes first
    for m, model_id in enumerate(models):
        mask, n = present[:, m], present[:, m].sum()
        mean = values[:, m].sum(axis=0) / n
        head = dict(model_id=model_id, recalled_share=float(mean[-1])) | count(mask)
        low, high = _interval(draws @ values[:, m, :-1], (draws @ mask)[:, None])
        for k, name in enumerate(names[:-1]):
            metric = "pit_mean" if name == "pit" else name
            yield head | dict(metric=metric, value=mean[k], ci05=low[k], ci95=high[k])
        pit = values[mask > 0, m, names.index("pit")]
        yield head | dict(metric="pit_variance", value=float(pit.var()))
        for baseline in (key for key in BASELINES if key in models and key != model_id):
            b = list(models).index(baseline)
            both = mask * present[:, b]
            if both.any():
                mine, theirs = loss[:, m] * both, loss[:, b] * both
                low_ratio, high_ratio = _interval((draws @ mine)[:, None], (draws @ theirs)[:, None])
                yield (
                    head
                    | count(both)
                    | dict(
                        metric="log_wis",
                        value=mine.sum() / both.sum(),
                        ci05=1 - high_ratio[0],
                        ci95=1 - low_ratio[0],
                        baseline_id=baseline,
                        skill=1 - mine.sum() / theirs.sum(),
                    )
                )


def effective_n(sizes: np.ndarray, horizon: int) -> float:
    """Forecasts h quarters ahead overlap: n of them count for n/h, and at least one per series; sizes by series."""
    return float(np.maximum(sizes[sizes > 0] / horizon, 1).sum())


@cache
def _block_draws(n: int) -> np.ndarray:
    """How often each of n quarters appears in each moving-block bootstrap draw, (draws, n)."""
    starts = np.random.default_rng(SEED).integers(0, n, size=(DRAWS, -(-n // BLOCK_QUARTERS)))
    picked = (starts[..., None] + np.arange(BLOCK_QUARTERS)).reshape(DRAWS, -1)[:, :n] % n
    return np.stack([np.bincount(line, minlength=n) for line in picked]).astype(float)


def _interval(upper: np.ndarray, lower: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """5% and 95% points over draws (axis 0) of a ratio of sums; draws without cases are left out."""
    keep = lower[:, 0] > 0
    low, high = np.quantile(upper[keep] / lower[keep], [0.05, 0.95], axis=0)
    return low, high


def calibration(scored: pd.DataFrame) -> pd.DataFrame:
    """`forecast.calibration`: share of outcomes inside the central intervals, on the spliced panel.

    model_id, entity_id (or 'pooled', 'pooled-capex'), horizon (quarters), nominal and empirical (shares), n, n_eff,
    band_low and band_high: 90% binomial band around the nominal share for n_eff independent outcomes.
    """
    found = []
    for panel, window, entity_id, part in groups(scored):
        if (panel, window) != ("spliced", "all"):
            continue
        for key, rows in part.groupby(["model_id", "horizon"]):
            model_id, horizon = str(key[0]), int(str(key[1]))
            n_eff = effective_n(rows.groupby("entity_id").size().to_numpy(), horizon)
            for name, nominal in COVERAGES.items():
                low, high = stats.binom.ppf([0.05, 0.95], max(round(n_eff), 1), nominal) / max(round(n_eff), 1)
                found.append((model_id, entity_id, horizon, nominal, rows[name].mean(), len(rows), n_eff, low, high))
    columns = ["model_id", "entity_id", "horizon", "nominal", "empirical", "n", "n_eff", "band_low", "band_high"]
    return pd.DataFrame(found, columns=columns)
