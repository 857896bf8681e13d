"""The rolling-origin backtest: every model at every report date, the recommended one chosen on the way."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from forecasts import ensemble, intervals, panel, scoring, vendor_records, vendor_sums
from forecasts.models import empirical, registry
from forecasts.panel import Panel, quarter_label, quarter_ordinal, targets
from forecasts.quantiles import LEVELS
from forecasts.vendor_records import HORIZONS, Records

SEED = 20261124
RECOMMENDED = "recommended"
EMPIRICAL_DRAWS = 2000  # an 0.01 quantile then rests on twenty draws


@dataclass(frozen=True)
class Backtest:
    """Frames that can be written as Parquet and read back; column meanings stand with the functions that make them."""

    forecasts: pd.DataFrame
    scores: pd.DataFrame
    calibration: pd.DataFrame
    configurations: pd.DataFrame


def run(
    vendor_quarters: pd.DataFrame,
    guidance: pd.DataFrame,
    capex_quarters: pd.DataFrame,
    origin: date,
    progress: Callable[[int, int], None] | None = None,
    n_jobs: int = 2,
) -> Backtest:
    """Everything the report dates up to `origin` can tell; inputs are mart frames in USD million.

    Nothing reported after `origin` is used, and at each report date nothing reported after that date.
    """
    data = panel.build(vendor_quarters, guidance, capex_quarters, origin)
    pairs = [(key, day) for key in targets() if key in data.series for day in vendor_records.origins(data.series[key])]
    records = vendor_records.build(data, pairs, progress=progress, n_jobs=n_jobs)
    choice = Choice.of(records)
    forecasts = forecast_rows(records, data, choice)
    scored = scoring.score_rows(forecasts)
    medians = {key: records.median(key) for key in ("naive", "log_drift")}
    models = {key: (median, model_scale(records, median)) for key, median in medians.items()}
    models[RECOMMENDED] = (choice.median, choice.scale)
    is_headline = headline(records)
    sums = scoring.scores(scoring.score_rows(vendor_sums.next_four_quarters(records, models, is_headline)))
    totals = scoring.score_rows(vendor_sums.totals(records, models, is_headline))
    scores = [scoring.scores(scored), scoring.scores(totals), sums.assign(metric="sum4_" + sums["metric"])]
    calibration = [scoring.calibration(scored), scoring.calibration(totals)]
    found = configurations(records, choice, scored)
    return Backtest(forecasts, _joined(scores), _joined(calibration), found)


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The frames under one another; empty ones are left out, because their columns have no types."""
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


@dataclass(frozen=True)
class Choice:
    """The recommended model at each record, with what it was chosen from."""

    centres: np.ndarray  # (rows, candidates, horizons) log medians of the candidates
    losses: np.ndarray  # (rows, candidates, eight) their log-WIS
    weights: np.ndarray  # (rows, candidates, eight)
    median: np.ndarray  # (rows, horizons)
    scale: np.ndarray  # (rows, eight)
    rule_weights: np.ndarray  # (rows, interval rules, eight)

    @classmethod
    def of(cls, records: Records, selection: ensemble.Selection = ensemble.DEFAULT_SELECTION) -> Choice:
        """Choose at every row from the outcomes known at its origin."""
        centres = ensemble.centres(records)
        losses = ensemble.losses(records, centres)
        weights = ensemble.weights(records, losses, selection)
        median = ensemble.combine(records, centres, weights)
        return cls(centres, losses, weights, median, *ensemble.chosen_scales(records, median))

    @staticmethod
    def centre_of(records: Records, choice: Choice, selection: ensemble.Selection) -> np.ndarray:
        """Medians (rows, horizons) that another way of choosing would have given."""
        return ensemble.combine(records, choice.centres, ensemble.weights(records, choice.losses, selection))


def model_scale(records: Records, median: np.ndarray) -> np.ndarray:
    """Scales of a single model, (rows, eight), by the default rule."""
    columns = []
    for h in range(HORIZONS):
        errors = np.abs(records.truth[:, [h]] - median[:, [h]])
        columns.append(intervals.scales(errors, records.evidence(h))[:, 0])
    return np.stack(columns, axis=-1)


def empirical_quantiles(records: Records, data: Panel, model_id: str) -> np.ndarray:
    """Log-error quantiles (rows, eight, levels) of a model that brings its own distribution."""
    found = []
    for entity_id, origin in zip(records.rows["entity_id"], records.rows["origin_date"], strict=True):
        past = panel.history(data.series[entity_id], origin.date())
        assert past is not None
        rng = np.random.default_rng([SEED, zlib.crc32(f"{entity_id} {origin.date()}".encode())])
        draws = empirical()[model_id](past, HORIZONS, rng, EMPIRICAL_DRAWS)
        found.append(np.quantile(draws, LEVELS, axis=1).T)
    return np.stack(found) if found else np.empty((0, HORIZONS, len(LEVELS)))


def headline(records: Records) -> np.ndarray:
    """(rows, horizons): scored rows from the first origin at which an error of that horizon was known in the pool.

    This is the sample of the prototype, on which the bars of issue 4 were set; `spliced_every_origin` has all rows.
    """
    known = [(records.evidence(h).known & records.is_scored).any(axis=1) for h in range(HORIZONS)]
    return np.stack(known, axis=-1) & records.is_scored[:, None]


def forecast_rows(records: Records, data: Panel, choice: Choice) -> pd.DataFrame:
    """One row per model, series, origin and horizon (1..8 quarters).

    origin_date, entity_id, model_id, horizon, target_quarter (calendar), n_history and last_quarter (at the origin),
    log_last (log of USD million), last_recalled, step_abs_error (log points), is_scored (minimum history met),
    is_headline (counts in the bars), in_panel (one of the four vendors), log_median, log_scale (t with five degrees of
    freedom; NULL for empirical intervals), q0.01 … q0.99 (logs of USD million), truth_usd_m, truth_reported_on,
    truth_recalled, crosses_definition.
    """
    is_headline, wide = headline(records), records.rows.reset_index(drop=True)
    parts = []
    for model_id in (*records.models, RECOMMENDED):
        is_recommended = model_id == RECOMMENDED
        median = (choice.median if is_recommended else records.median(model_id))[:, :HORIZONS]
        scale = choice.scale if is_recommended else model_scale(records, median)
        errors = scale[..., None] * intervals.UNIT_QUANTILES
        if model_id in empirical():
            scale, errors = np.full_like(scale, np.nan), empirical_quantiles(records, data, model_id)
        for h in range(HORIZONS):
            part = wide.assign(
                model_id=model_id,
                horizon=h + 1,
                target_quarter=[quarter_label(quarter_ordinal(label) + h + 1) for label in wide["last_quarter"]],
                is_scored=records.is_scored,
                is_headline=is_headline[:, h],
                in_panel=records.of_target("in_panel").astype(bool) if len(wide) else False,
                log_median=median[:, h],
                log_scale=scale[:, h],
                truth_usd_m=np.exp(records.truth[:, h]),
                truth_reported_on=np.where(
                    np.isfinite(records.truth[:, h]), records.known_on[:, h], np.datetime64("NaT")
                ),
                truth_recalled=records.recalled[:, h],
                crosses_definition=records.crosses[:, h],
            )
            quantiles = pd.DataFrame(median[:, [h]] + errors[:, h], columns=scoring.QUANTILES, index=part.index)
            parts.append(part.join(quantiles)[np.isfinite(median[:, h])])
    return pd.concat(parts, ignore_index=True)


def records_of(forecasts: pd.DataFrame) -> Records:
    """The records that `forecast_rows` was made from, for use at a later origin."""
    keys = ["entity_id", "origin_date"]
    models = tuple(registry())  # one that never had anything to say is in no row
    anchor = forecasts[forecasts["model_id"] == "naive"].sort_values([*keys, "horizon"])
    rows = anchor[anchor["horizon"] == 1][vendor_records.COLUMNS].reset_index(drop=True)
    shape = (len(rows), HORIZONS)
    index = pd.MultiIndex.from_frame(rows[keys])
    table = forecasts.pivot(index=keys, columns=["model_id", "horizon"], values="log_median").reindex(index)
    columns = pd.MultiIndex.from_product([models, range(1, HORIZONS + 1)])
    known = anchor["truth_reported_on"].fillna(pd.Timestamp(vendor_records.NEVER)).to_numpy("datetime64[D]")
    return Records(
        rows=rows,
        models=models,
        medians=table.reindex(columns=columns).to_numpy(float).reshape(len(rows), len(models), HORIZONS),
        truth=np.log(anchor["truth_usd_m"].to_numpy(float)).reshape(shape),
        known_on=known.reshape(shape),
        crosses=anchor["crosses_definition"].to_numpy(bool).reshape(shape),
        recalled=anchor["truth_recalled"].to_numpy(bool).reshape(shape),
    )


def configurations(records: Records, choice: Choice, scored: pd.DataFrame) -> pd.DataFrame:
    """Every configuration tried, on the four vendors of the headline sample.

    kind: 'centre' (a fixed combination of models), 'selection' (a rule that chooses among centres inside the loop, its
    log_wis being the nested-selection score), 'interval' (a fixed interval rule around the chosen centre) or 'published'.
    configuration_id, horizon (quarters), log_wis, n, skill_vs_naive, skill_vs_log_drift, mean_weight (average share that
    the loop gave it), is_nested (chosen from earlier origins only), is_published.
    """
    keys = ["entity_id", "origin_date"]
    index = pd.MultiIndex.from_frame(records.rows[keys])
    base = scored.pivot(index=keys, columns=["model_id", "horizon"], values="log_wis").reindex(index)
    sample = headline(records) & (records.of_target("in_panel").astype(bool)[:, None] if len(index) else True)
    rows: list[dict] = []

    def add(kind: str, name: str, h: int, loss: np.ndarray, weight: np.ndarray | None = None) -> None:
        chosen = sample[:, h] & np.isfinite(loss)
        if not chosen.any():
            return
        against = {model: base[model, h + 1].to_numpy()[chosen].mean() for model in ("naive", "log_drift")}
        rows.append(
            dict(
                kind=kind,
                configuration_id=name,
                horizon=h + 1,
                log_wis=loss[chosen].mean(),
                n=int(chosen.sum()),
                skill_vs_naive=1 - loss[chosen].mean() / against["naive"],
                skill_vs_log_drift=1 - loss[chosen].mean() / against["log_drift"],
                mean_weight=np.nan if weight is None else weight[chosen].mean(),
                is_nested=kind in ("selection", "published"),
                is_published=kind == "published",
            )
        )

    alternatives = {rule.rule_id: Choice.centre_of(records, choice, rule) for rule in ensemble.SELECTIONS}
    for h in range(HORIZONS):
        evidence, truth = records.evidence(h), records.truth[:, h]
        for c, name in enumerate(ensemble.CANDIDATE_IDS):
            add("centre", name, h, choice.losses[:, c, h], choice.weights[:, c, h])
        for name, median in alternatives.items():
            errors = truth - median[:, h]
            scale = intervals.scales(np.abs(errors)[:, None], evidence)[:, 0]
            add("selection", f"{name}, default intervals", h, intervals.log_wis(errors, scale))
        errors = truth - choice.median[:, h]
        scales = intervals.scales_by_rule(np.abs(errors)[:, None], evidence, intervals.RULES)
        for i, (rule, scale) in enumerate(zip(intervals.RULES, scales, strict=True)):
            add("interval", rule.rule_id, h, intervals.log_wis(errors, scale[:, 0]), choice.rule_weights[:, i, h])
        name = f"{ensemble.DEFAULT_SELECTION.rule_id}, intervals chosen in the loop"
        add("published", name, h, intervals.log_wis(errors, choice.scale[:, h]))
    return pd.DataFrame(rows)
