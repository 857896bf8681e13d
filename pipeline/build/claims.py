"""The article's claims, judged over this run's tables and over those of the day after it appeared.

What was known then is rebuilt in its own state folder, through the same sources, models and forecasts, and kept until
a fact of that time or the code changes.
"""

import dataclasses
import shutil
from datetime import date

import duckdb
import pandas as pd

from forecasts import claims
from pipeline import files
from pipeline.build import backtesting, dbt, declared, forecasting
from pipeline.ingest import run_tables
from pipeline.settings import PROJECT, Settings
from pipeline.sources import all_sources

# The article is of February 2025: the last day of it.
THEN = date(2025, 2, 28)
TABLE = "claims"


def judge(settings: Settings) -> int:
    """Write `claims.parquet`: every claim judged as of the run's day and, where that is later, as of `THEN`."""
    parts = [_judged(settings)]
    if settings.as_of > THEN:
        parts.append(_then(settings))
    found = declared.arrow(declared.written()[TABLE], pd.concat(parts, ignore_index=True))
    files.write_arrow(settings.forecasts / f"{TABLE}.parquet", found)
    return len(found)


def _judged(settings: Settings) -> pd.DataFrame:
    questions = pd.read_csv(settings.data / "claims.csv", dtype=str, keep_default_na=False)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = claims.judge(connection, questions, settings.as_of)
    # Sums of floats differ in the last digits with the order of rows, and with them the release's id would.
    figures = found.select_dtypes("float").columns
    return found.assign(**{name: [float(f"{value:.12g}") for value in found[name]] for name in figures})


def _then(settings: Settings) -> pd.DataFrame:
    past = dataclasses.replace(settings, state=settings.state / "then", requested_as_of=THEN)
    kept = past.state / "judged.parquet"
    stamp = past.state / "judged.key"
    key = _key(settings)
    if not (kept.exists() and stamp.exists() and stamp.read_text() == key):
        _rebuild(settings, past)
        files.write_parquet(kept, _judged(past))
        files.write_bytes(stamp, key.encode())
    return pd.read_parquet(kept)


def _rebuild(settings: Settings, past: Settings) -> None:
    # The raw tables hold every version of every fact, whatever the day of the run.
    shutil.copytree(settings.raw, past.raw, dirs_exist_ok=True, ignore=shutil.ignore_patterns("versions"))
    run_tables.write(all_sources(), past)
    # Of all tables those that claims or their forecasts read, and what these are made of: half.
    read = {table for spec in claims.specifications().values() for table in claims.tables_of(spec.get("sql", ""))}
    steps = [step for step, tables in forecasting.TABLES.items() if read & {f"forecast.{table}" for table in tables}]
    facts = read.union(*(forecasting.STEPS[step][0].values() for step in steps))
    above = [f"+{table.split('.')[1]}" for table in sorted(facts)]
    # Models alone: their facts have passed the tests of this run, of which they are a part.
    dbt.complain(dbt.build(past, " ".join(above), "tag:forecast_stage+", tests="empty"))
    forecasting.run(steps, past)
    forecast = " ".join(f"{tables},tag:forecast_stage+" for tables in above)
    dbt.complain(dbt.build(past, forecast, tests="empty"))


def _key(settings: Settings) -> str:
    """Hash of every fact known by `THEN` and of the code that turns facts into verdicts."""
    code = [path for folder in ("pipeline/sources", "dbt", "forecasts") for path in (PROJECT / folder).rglob("*")]
    code = [path for path in code if path.suffix in (".py", ".sql", ".yml", ".csv") and "target" not in path.parts]
    facts = []
    for source in all_sources():
        rows = pd.read_parquet(settings.raw / f"{source.id}.parquet")
        known = rows[rows["reported_on"] <= pd.Timestamp(THEN)]
        facts.append(f"{source.id} {backtesting.rows_hash(known)}")
    return files.digest([*code, settings.data / "claims.csv"], *facts)
