"""The rental price history: late and corrected observations, and that adding days gives what building anew gives."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import UserError
from tests.bench import peers, price_history, rental_data

DAYS, SHARE = 34, 0.075  # into a second month, three providers


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    with duckdb.connect() as connection:
        for day in range(DAYS):
            rental_data.write_day(folder / "raw", day, connection, SHARE)
    price_history.build(folder)
    return folder


@pytest.fixture
def own(history: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(history, tmp_path / "own"))


def rows(folder: Path, what: str = "index.parquet") -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute(
            f"from read_parquet('{folder}/{what}', hive_partitioning = true) order by all"
        ).fetchall()


def anew(folder: Path) -> Path:
    """The same raw zone built from nothing."""
    other = folder.with_name(folder.name + "_anew")
    shutil.copytree(folder / "raw", other / "raw")
    price_history.build(other)
    return other


def arrival(path: Path, *observations: tuple) -> Path:
    """A Parquet file with observations: hour, provider, USD per chip-hour, instant of arrival."""
    with duckdb.connect() as connection:
        connection.execute("create table o (observed_at timestamp, provider varchar, usd double, arrived_at timestamp)")
        connection.executemany("insert into o values (?, ?, ?, ?)", list(observations))
        connection.execute(
            f"""copy (select observed_at, provider, 'r' as region, 'L4' as chip, 'on_demand' as terms,
            2 as chips_per_instance, 2 * usd as usd_per_instance_hour, arrived_at from o) to '{path}' (format parquet)"""
        )
    return path


def test_nothing_is_summarised_again_unless_its_files_changed(own: Path) -> None:
    assert price_history.build(own) == []
    with duckdb.connect() as connection:
        rental_data.write_day(own / "raw", DAYS, connection, SHARE)
    assert price_history.build(own) == ["2025-02-04"]
    other = anew(own)
    assert rows(own) == rows(other)
    assert rows(own, "days/*/*.parquet") == rows(other, "days/*/*.parquet")


def test_late_and_corrected_observations_rebuild_their_day_only(own: Path) -> None:
    before = rows(own, "days/observed_on=2025-01-21/*.parquet")
    with duckdb.connect() as connection:
        rental_data.write_corrections(own / "raw", 20, connection, SHARE)
    assert price_history.build(own) == ["2025-01-21"]
    assert rows(own, "days/observed_on=2025-01-21/*.parquet") != before
    assert rows(own) == rows(anew(own))


def test_the_newest_arrival_of_an_observation_counts_and_absurd_ones_do_not(tmp_path: Path) -> None:
    hours = [f"2025-03-01 {hour:02d}:00" for hour in range(5)]
    first = arrival(tmp_path / "first.parquet", *[(hour, "aws", 1.0, "2025-03-02") for hour in hours])
    price_history.land(tmp_path, first)
    price_history.build(tmp_path)
    day = "days/observed_on=2025-03-01/*.parquet"
    columns = "select usd_per_chip_hour, observations, outliers from read_parquet('{}')"

    def summary() -> tuple:
        with duckdb.connect() as connection:
            return connection.execute(columns.format(tmp_path / day)).fetchall()[0]

    assert summary() == (1.0, 5, 0)
    # Three prices corrected, and one correction that an older arrival must not undo.
    price_history.land(
        tmp_path, arrival(tmp_path / "second.parquet", *[(h, "aws", 2.0, "2025-03-05") for h in hours[:3]])
    )
    price_history.land(tmp_path, arrival(tmp_path / "third.parquet", (hours[0], "aws", 9.0, "2025-03-01")))
    price_history.build(tmp_path)
    assert summary() == (2.0, 5, 0)
    # In cents: a hundred times the others.
    price_history.land(tmp_path, arrival(tmp_path / "fourth.parquet", (hours[4], "aws", 100.0, "2025-03-06")))
    price_history.build(tmp_path)
    assert summary() == (2.0, 4, 1)


def test_the_same_arrival_twice_is_there_once(tmp_path: Path) -> None:
    path = arrival(tmp_path / "a.parquet", ("2025-03-01 01:00", "aws", 1.0, "2025-03-02"))
    assert price_history.land(tmp_path, path) == price_history.land(tmp_path, path) == ["2025-03-01"]
    assert len(list((tmp_path / "raw").rglob("*.parquet"))) == 1


def test_an_arrival_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 1 as provider) to '{tmp_path}/a.parquet' (format parquet)")
    with pytest.raises(UserError, match=r"a\.parquet: the columns .*observed_at.* are missing"):
        price_history.land(tmp_path, tmp_path / "a.parquet")


def test_polars_and_pandas_give_the_same_index(history: Path) -> None:
    ours = [[str(value) for value in row] for row in rows(history)]
    assert len(ours) == 2 * 9 * 3
    assert peers.polars_index(history) == ours
    assert peers.pandas_index(history) == ours


def test_a_provider_that_joins_late_cannot_move_the_index(own: Path) -> None:
    before = rows(own)
    cheap = [(f"2025-02-02 {hour:02d}:00", "newcomer", 2.0, "2025-02-03") for hour in range(24)]
    price_history.land(own, arrival(own / "new.parquet", *cheap))
    price_history.build(own)
    index = [row[:5] for row in rows(own)]
    assert index == [row[:5] for row in before]
    # The coverage says so: three of four.
    assert sorted({row[5] for row in rows(own)}) == [0.75, 1.0] and {row[5] for row in before} == {1.0}
