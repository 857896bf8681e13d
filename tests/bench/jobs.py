"""What the bench measures, one job a process: `python -m tests.bench.jobs NAME FOLDER [NUMBER]`.

A job prints one JSON object: `seconds` of the work itself (libraries loaded before), `result` to compare jobs by.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Result = dict[str, Any]
JOBS: dict[str, Callable[[Path, int], Result]] = {}


def job(function: Callable[[Path, int], Result]) -> Callable[[Path, int], Result]:
    JOBS[function.__name__] = function
    return function


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


# ---- price history ---------------------------------------------------------------------------------------------------


@job
def prices_generate(folder: Path, days: int) -> Result:
    import duckdb

    from tests.bench import rental_data

    with duckdb.connect() as connection:
        rows = sum(rental_data.write_day(folder / "raw", day, connection) for day in range(days))
    return {"seconds": 0, "result": rows}


def _index(folder: Path) -> list:
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute(f"from '{folder}/index.parquet' order by all").fetchall()
    return [[str(value) for value in row] for row in rows]


@job
def prices_full(folder: Path, days: int) -> Result:
    from tests.bench import price_history

    for old in ("days", "index.parquet"):
        path = folder / old
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    seconds, built = timed(lambda: price_history.build(folder))
    assert len(built) == days
    return {"seconds": seconds, "result": _index(folder)}


@job
def prices_one_day(folder: Path, days: int) -> Result:
    """One more day; the history is afterwards as it was before."""
    import duckdb

    from tests.bench import price_history, rental_data

    with duckdb.connect() as connection:
        rental_data.write_day(folder / "raw", days, connection)
    seconds, built = timed(lambda: price_history.build(folder))
    grown = _index(folder)
    for zone in ("raw", "days"):
        shutil.rmtree(folder / zone / f"observed_on={built[0]}")
    price_history.build(folder)
    (folder / "index.parquet").unlink()
    price_history.build(folder)
    return {"seconds": seconds, "result": len(built) == 1 and grown != []}


@job
def prices_sql(folder: Path, days: int) -> Result:
    """The floor: the same rules as plain SQL in one connection, month by month because all at once needs 5 GB."""
    from tests.bench import price_history

    rules = price_history.rules()
    paths = [f"{path}/*.parquet" for path in sorted((folder / "raw").glob("observed_on=*"))]

    def run() -> None:
        with price_history.connect(folder / "scratch") as connection:
            for start in range(0, len(paths), price_history.BATCH_DAYS):
                raw = price_history.raw_files(paths[start : start + price_history.BATCH_DAYS])
                what = "insert into days" if start else "create table days as"
                connection.execute(f"{what} {rules.trimmed_daily_medians(price_history.observations(raw))}")
            sql = f"{rules.fixed_panel_index('days')} order by chip_id, terms, month"
            connection.execute(f"copy ({sql}) to '{folder}/index.parquet' (format parquet, compression zstd)")

    seconds, _ = timed(run)
    return {"seconds": seconds, "result": _index(folder)}


@job
def prices_polars(folder: Path, days: int) -> Result:
    from tests.bench import peers

    seconds, index = timed(lambda: peers.polars_index(folder))
    return {"seconds": seconds, "result": index}


@job
def prices_pandas(folder: Path, days: int) -> Result:
    from tests.bench import peers

    seconds, index = timed(lambda: peers.pandas_index(folder))
    return {"seconds": seconds, "result": index}


# ---- filings ---------------------------------------------------------------------------------------------------------


@job
def filings_generate(folder: Path, facts: int) -> Result:
    from tests.bench import filings_data

    return {"seconds": 0, "result": filings_data.write(folder, facts)}


MODELS = ("stg_xbrl_facts", "int_xbrl_quarters")
# Every filer is a company: the product's seed names some thirty.
FILERS = """
    create or replace table seeds.companies as
    select distinct 'company-' || cik as company_id, cik::bigint as cik from read_parquet('raw/xbrl_facts.parquet')
"""
COUNT = "select count(*), sum(value_usd_m)::bigint from intermediate.int_xbrl_quarters where metric = 'capex_cash'"


@job
def filings_dbt(folder: Path, facts: int) -> Result:
    import contextlib

    import duckdb

    from pipeline.build import dbt
    from pipeline.settings import Settings

    settings = Settings(state=folder.resolve())
    settings.warehouse.unlink(missing_ok=True)
    # Loads dbt and the manifest too: counted in the refresh, not here.
    dbt.complain(dbt.build(settings, "companies", tests="cautious"))
    with contextlib.chdir(folder), duckdb.connect("warehouse.duckdb") as connection:
        connection.execute(FILERS)
    seconds, results = timed(lambda: dbt.build(settings, " ".join(MODELS), tests="cautious"))
    dbt.complain(results)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = connection.execute(COUNT).fetchall()
    return {"seconds": seconds, "result": found}


@job
def filings_sql(folder: Path, facts: int) -> Result:
    """The floor: the models' compiled SQL in one connection to a file."""
    import contextlib

    import duckdb

    from tests.bench import floor

    target = folder / "floor.duckdb"
    target.unlink(missing_ok=True)
    with contextlib.chdir(folder), duckdb.connect(str(target)) as connection:
        statements = floor.statements(folder, ("companies", *MODELS))
        connection.execute(statements[0])
        connection.execute(FILERS)
        seconds, _ = timed(lambda: [connection.execute(sql) for sql in statements[1:]])
        found = connection.execute(COUNT).fetchall()
    return {"seconds": seconds, "result": found}


# ---- the refresh -----------------------------------------------------------------------------------------------------


@job
def refresh_floor(folder: Path, _: int) -> Result:
    """The same SQL in one connection, and the forecasting functions called directly."""
    from tests.bench import floor

    return {"seconds": sum((parts := floor.whole(folder)).values()), "result": parts}


@job
def definitions(folder: Path, _: int) -> Result:
    seconds, _ = timed(lambda: __import__("assets.definitions").definitions.defs())
    return {"seconds": seconds, "result": None}


@job
def libraries(folder: Path, _: int) -> Result:
    seconds, _ = timed(lambda: (__import__("dagster"), __import__("dagster_dbt")))
    return {"seconds": seconds, "result": None}


@job
def dbt_builds(folder: Path, _: int) -> Result:
    """All that dbt does in a refresh, its manifest included; Dagster's definitions, the start-up, have loaded most of it."""
    import assets.definitions  # noqa: F401
    from pipeline.build import dbt, dbt_reuse
    from pipeline.settings import Settings

    settings = Settings(state=folder)
    dbt_reuse.path(settings).unlink(missing_ok=True)

    def run() -> None:
        for select, exclude in (
            ("fqn:*", "tag:forecast_stage+"),
            ("tag:forecast_stage+", "tag:claims_stage"),
            ("tag:claims_stage", ""),
        ):
            dbt.complain(dbt.build(settings, select, exclude))

    seconds, _ = timed(run)
    return {"seconds": seconds, "result": None}


@job
def sql_alone(folder: Path, _: int) -> Result:
    from tests.bench import floor

    seconds, _ = timed(lambda: floor.sql(folder))
    return {"seconds": seconds, "result": None}


@job
def forecasting_stage(folder: Path, _: int) -> Result:
    """All that is forecast in a refresh, made anew, from reading the warehouse to Parquet."""
    from pipeline.build import forecasting
    from pipeline.settings import Settings

    settings = Settings(state=folder)
    for stamp in settings.forecasts.glob("*.json"):
        stamp.unlink()
    seconds, _ = timed(lambda: forecasting.run(forecasting.STEPS, settings))
    return {"seconds": seconds, "result": None}


@job
def release_write(folder: Path, _: int) -> Result:
    from pipeline.publish import release
    from pipeline.settings import Settings

    settings = Settings(state=folder, published=folder / "bench_release")
    shutil.rmtree(settings.published, ignore_errors=True)
    seconds, _ = timed(lambda: release.write(settings))
    return {"seconds": seconds, "result": None}


@job
def release_copy(folder: Path, _: int) -> Result:
    """The floor of a release: every published table into a DuckDB file and a Parquet file."""
    import duckdb

    target = folder / "bench_copy"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()

    def run() -> None:
        with duckdb.connect(str(target / "copy.duckdb")) as connection:
            connection.execute(f"attach '{folder}/warehouse.duckdb' as source (read_only)")
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'source' "
                "and schema_name in ('market', 'forecast', 'quality')"
            ).fetchall():
                connection.execute(f'create schema if not exists "{schema}"')
                connection.execute(f'create table "{schema}"."{name}" as from source."{schema}"."{name}"')
                file = target / f"{schema}.{name}.parquet"
                connection.execute(f'copy "{schema}"."{name}" to \'{file}\' (format parquet, compression zstd)')

    seconds, _ = timed(run)
    return {"seconds": seconds, "result": None}


QUERIES = (
    "from forecast.vendor_revenue where entity_id = 'nvidia-total' and horizon <= 4 order by horizon",
    "from market.installed_base where designer_id = 'all-tracked' order by calendar_quarter",
    "select model_id, horizon, avg(value) from forecast.quantiles where output_type_id = 0.5 group by all order by all",
    "select target_id, entity_id, count(*) from forecast.quantiles group by all order by all",
    "from market.chips join market.rental_prices using (chip_id) order by all limit 1000",
)


def _ask(connection: Any) -> list[int]:
    return [len(connection.execute(sql).fetchall()) for sql in QUERIES]


@job
def queries_release(folder: Path, _: int) -> Result:
    """Questions of the README's kind, each run of all five with the release opened anew."""
    import duckdb

    path = next((folder / "bench_release" / "releases").glob("[!.]*")) / "chipcast.duckdb"

    def run() -> list[int]:
        with duckdb.connect(str(path), read_only=True) as connection:
            return _ask(connection)

    run()
    seconds, rows = timed(run)
    return {"seconds": seconds, "result": rows}


@job
def queries_memory(folder: Path, _: int) -> Result:
    """The floor: the same questions to tables in memory."""
    import duckdb

    path = next((folder / "bench_release" / "releases").glob("[!.]*")) / "chipcast.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as release (read_only)")
        connection.execute("copy from database release to memory")
        connection.execute("detach release")
        _ask(connection)
        seconds, rows = timed(lambda: _ask(connection))
    return {"seconds": seconds, "result": rows}


if __name__ == "__main__":
    name, where, *number = sys.argv[1:]
    print(json.dumps(JOBS[name](Path(where), int(number[0]) if number else 0), default=str))
