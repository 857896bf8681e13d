"""The rolling backtest as the pipeline keeps it: run on demand, stored under a key, read back as of any day.

It takes minutes, so its result is committed in data/backtest/ under hashes of its code and facts; a refresh uses what
stands there and says when it is stale, `chipcast backtest` makes it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd

from forecasts.quantiles import LEVELS
from pipeline import files
from pipeline.settings import PROJECT, Settings, UserError

# The forecasting code takes half a second to load, of which SciPy's distributions are most: only functions that need it
# import it, because Dagster's definitions need just the names here.
if TYPE_CHECKING:
    from forecasts.backtest import Backtest

# First figures and every definition: a forecast at a past origin knows no later ones.
VENDOR_MARTS = {
    "vendor_quarters": "market.vendor_quarters_vintages",
    "guidance": "market.guidance",
    "capex_quarters": "market.capex_quarters_vintages",
}

TABLES = ("forecasts", "scores", "calibration")
# The code that the backtest's result depends on beside its models; a test follows the imports.
CODE: tuple[str, ...] = ("assumptions", "backtest", "baselines", "beats", "centre", "guided", "intervals", "panel")
CODE += ("quantiles", "scoring", "vendor_calendar", "vendor_paths", "vendor_records")


def read_tables(settings: Settings, names: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Tables of the warehouse as frames, under the names that the forecasting code uses.

    Rows come in a fixed order: sums of floats, and with them the release's id, depend on it.
    """
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return {name: connection.execute(f"from {table} order by all").df() for name, table in names.items()}


def rows_hash(frame: pd.DataFrame) -> int:
    """One number for the content of a frame, whatever the order of its rows."""
    return int(pd.util.hash_pandas_object(frame, index=False).sum())


def code_hash() -> str:
    """Hash of the modules, tasks and priors that make the backtest's result of its facts."""
    from forecasts import assumptions, backtest

    forecasts = PROJECT / "forecasts"
    code = [*(forecasts / f"{name}.py" for name in CODE), *(forecasts / "models").glob("*.py"), forecasts / "tasks.yml"]
    return files.digest(code, *(str(row) for row in assumptions.entries() if backtest.TABLE in row["used_by"]))


def facts_hash(settings: Settings) -> str:
    """Hash of the backtest's facts as the warehouse holds them; when they were fetched is none of them."""
    tables = read_tables(settings, VENDOR_MARTS)
    return files.digest(
        [], *(f"{name} {rows_hash(rows.drop(columns='retrieved_at'))}" for name, rows in tables.items())
    )


def _folder(settings: Settings) -> Path:
    return settings.data / "backtest"


def stored_key(settings: Settings) -> str:
    """The hashes of code and facts that the stored backtest was made of; empty if there is none."""
    stamp = _folder(settings) / "KEY"
    return stamp.read_text().strip() if stamp.exists() else ""


def is_stale(settings: Settings) -> bool:
    """True where code or facts changed since the stored backtest was made, or there is none.

    A warehouse of an early day lacks facts, and there may be none yet: then the code alone is compared.
    """
    code, _, facts = stored_key(settings).partition(" ")
    has_all = settings.warehouse.exists() and not settings.requested_as_of
    return code != code_hash() or (has_all and facts != facts_hash(settings))


def load(settings: Settings) -> Backtest | None:
    """The stored backtest with only those outcomes that were public on the run's day, or None."""
    from forecasts import scoring
    from forecasts.backtest import Backtest
    from forecasts.intervals import UNIT_QUANTILES

    folder = _folder(settings)
    if not stored_key(settings):
        return None
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    rows, day = frames["forecasts"].astype(dict.fromkeys(scoring.QUANTILES, float)), pd.Timestamp(settings.as_of)
    from_scale = rows["log_scale"].notna()
    errors = rows.loc[from_scale, ["log_scale"]].to_numpy() * UNIT_QUANTILES
    rows.loc[from_scale, scoring.QUANTILES] = rows.loc[from_scale, ["log_median"]].to_numpy() + errors
    frames["forecasts"] = rows
    if rows["origin_date"].max() <= day and not (rows["truth_reported_on"] > day).any():
        return Backtest(**frames)
    rows = rows[rows["origin_date"] <= day].reset_index(drop=True)
    rows.loc[rows["truth_reported_on"] > day, ["truth_usd_m", "truth_reported_on"]] = None
    scored = scoring.score_rows(rows)
    return Backtest(rows, scoring.scores(scored), scoring.calibration(scored))


def run(settings: Settings, progress: Callable[[int, int], None] | None = None) -> Backtest:
    """Run the backtest from scratch on the warehouse's tables and store it under its key."""
    from forecasts import backtest
    from forecasts.scoring import QUANTILES

    if not settings.warehouse.exists():
        raise UserError("There are no tables to test on yet. Run `chipcast refresh` first.")
    if settings.requested_as_of:
        raise UserError("The backtest rolls through every past day by itself: run it without AS_OF.")
    tables = read_tables(settings, VENDOR_MARTS)
    facts = tables["vendor_quarters"], tables["guidance"], tables["capex_quarters"]
    result = backtest.run(*facts, settings.as_of, progress)
    folder = _folder(settings)
    for name in TABLES:
        frame = getattr(result, name)
        if name == "forecasts":
            # Quantiles that follow from median and scale are left out: the file is committed and should stay small.
            frame = frame.astype(dict.fromkeys(QUANTILES, "float32"))
            frame.loc[frame["log_scale"].notna(), QUANTILES] = None
        files.write_parquet(folder / f"{name}.parquet", frame, compression="zstd")
    files.write_bytes(folder / "KEY", f"{code_hash()} {facts_hash(settings)}\n".encode())
    return result


def wide_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The backtest's forecasts with the keys of `forecast.quantiles` and a column per level (`level_column`), USD million.

    The model `forecast.quantiles` turns the columns into rows: as text, a million rows take seconds to write and read.
    """
    from forecasts.scoring import QUANTILES

    quarter = pd.PeriodIndex(rows["target_quarter"], freq="Q")
    values = np.exp(np.sort(rows[QUANTILES].to_numpy(float), axis=1))
    return pd.DataFrame(
        {
            "origin_date": rows["origin_date"],
            "model_id": rows["model_id"],
            "scenario_id": "base",
            "target_id": rows["entity_id"].str.startswith("capex-").map({True: "capex", False: "vendor_revenue"}),
            "entity_id": rows["entity_id"],
            "period_kind": "quarter",
            "target_period": rows["target_quarter"],
            "target_end_date": quarter.end_time.normalize(),
            "horizon": rows["horizon"],
            **{level_column(level): values[:, i] for i, level in enumerate(LEVELS)},
            "unit": "usd_m",
            "evidence_class": "tested",
            "is_recommended": False,
            "uses_hindsight_assumption": False,
        }
    )


def level_column(level: float) -> str:
    """The column of one level in thousandths: q025 holds the 0.025 quantile."""
    return f"q{round(1000 * level):03d}"
