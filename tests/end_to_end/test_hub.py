"""The release as a hubverse hub: its configuration by the hubverse's own schemas, its model output by a check of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import hubdata
import jsonschema
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml
from hubdata.create_target_data_schema import TargetType
from sandbox import ROOT, Sandbox

SCHEMAS = ROOT / "tests" / "fixtures" / "hubverse"
TASK_IDS = ["origin_date", "target", "entity_id", "scenario_id", "horizon", "periods_ahead", "target_end_date"]
LEVELS = [0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99]


def months_of(target: str) -> int:
    return 1 if target == "rental_price_index" else 3


@pytest.fixture(scope="module")
def hub(refreshed: Sandbox) -> Path:
    return refreshed.latest.resolve() / "hub"


def read(hub: Path, name: str) -> dict:
    return json.loads((hub / "hub-config" / f"{name}.json").read_text())


def model_output(hub: Path) -> pd.DataFrame:
    with duckdb.connect() as connection:
        return connection.sql(
            f"select *, parse_filename(filename) as file, parse_filename(parse_dirpath(filename)) as model "
            f"from read_parquet('{hub}/model-output/*/*.parquet', filename = true) as output"
        ).df()


def wrong_output(rows: pd.DataFrame, tasks: dict) -> list[str]:
    """Our check of model output against tasks.json (the hubverse's own validator is an R package): what is wrong."""
    wrong = []
    rows = rows.assign(**{name: rows[name].astype(str) for name in ("origin_date", "target_end_date")})
    named = rows["origin_date"] + "-" + rows["model"] + ".parquet"
    if (named != rows["file"]).any():
        wrong.append("a file is not named <origin_date>-<model_id>.parquet")
    groups = []
    for group in tasks["rounds"][0]["model_tasks"]:
        allowed = {
            name: [*(ids["required"] or []), *(ids["optional"] or [])] for name, ids in group["task_ids"].items()
        }
        inside = pd.Series(True, index=rows.index)
        for name in TASK_IDS:
            inside &= rows[name].isin(allowed[name])
        found = rows[inside]
        for kind, output in group["output_type"].items():
            of_kind = found[found["output_type"] == kind]
            low, high = output["value"].get("minimum", -float("inf")), output["value"].get("maximum", float("inf"))
            if not of_kind["value"].between(low, high).all():
                wrong.append(f"{allowed['target'][0]}: a value outside {low} … {high}")
        groups.append(found[found["output_type"].isin(group["output_type"])].index)
    strange = rows.index.difference(groups[0].append(groups[1:]))
    if len(strange):
        wrong.append(f"{len(strange)} rows belong to no task, such as {rows.loc[strange[0], TASK_IDS].to_dict()}")
    quantiles = rows[rows["output_type"] == "quantile"].sort_values([*TASK_IDS, "model", "output_type_id"])
    tasks_done = quantiles.groupby([*TASK_IDS, "model"], sort=False)
    if not tasks_done["output_type_id"].agg(list).map(lambda levels: levels == LEVELS).all():
        wrong.append("a forecast has not each of the 23 levels once")
    if not tasks_done["value"].agg(lambda values: values.is_monotonic_increasing).all():
        wrong.append("the quantiles of a forecast cross")
    means = rows[rows["output_type"] == "mean"]
    if means["output_type_id"].notna().any() or means.duplicated([*TASK_IDS, "model"]).any():
        wrong.append("a mean has a level or stands twice")
    end, origin = (pd.to_datetime(rows[name]).dt.to_period("M") for name in ("target_end_date", "origin_date"))
    if (origin.astype("int64") + rows["horizon"] != end.astype("int64")).any():
        wrong.append("horizon and target_end_date do not fit")
    # All forecasts of one origin and entity count their quarters (rents: months) from the same one.
    first = end.astype("int64") - rows["periods_ahead"] * rows["target"].map(months_of)
    if first.groupby([rows["origin_date"], rows["target"], rows["entity_id"], rows["model"]]).nunique().max() > 1:
        wrong.append("periods_ahead and target_end_date do not fit")
    return wrong


@pytest.mark.parametrize("name", ["tasks", "admin", "target-data"])
def test_configuration_is_valid_by_the_schema_of_the_hubverse(hub: Path, name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}-schema.json").read_text())
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    content = read(hub, name)
    assert [error.message for error in checker.iter_errors(content)] == []
    assert content["schema_version"] == schema["$id"]
    # control: the same validator refuses the same document with one key less
    del content["schema_version"]
    assert not checker.is_valid(content)


def test_tasks_say_what_is_forecast(hub: Path) -> None:
    groups = read(hub, "tasks")["rounds"][0]["model_tasks"]
    for group in groups:
        assert list(group["task_ids"]) == TASK_IDS
        last = 24 // months_of(group["task_ids"]["target"]["optional"][0])
        assert set(group["task_ids"]["periods_ahead"]["optional"]) <= set(range(1, last + 1))
        if 1 in group["task_ids"]["periods_ahead"]["optional"]:
            # a quarter that has ended and is not reported yet is no step ahead
            assert min(group["task_ids"]["horizon"]["optional"]) <= 0
        (metadata,) = group["target_metadata"]
        assert metadata["time_unit"] == "month"
        assert metadata["target_keys"]["target"] in group["task_ids"]["target"]["optional"]
        if "quantile" in group["output_type"]:
            assert group["output_type"]["quantile"]["output_type_id"]["required"] == LEVELS
    evidence = {
        (group["target_metadata"][0]["target_id"], group["target_metadata"][0]["additional_metadata"]["evidence_class"])
        for group in groups
    }
    assert len(evidence) == len(groups)
    assert ("vendor_revenue", "tested") in evidence
    assert {("inference_share_chip_hours", "anchored_prior"), ("rental_price_index", "anchored_prior")} <= evidence


@pytest.mark.slow
def test_model_output_keeps_to_the_tasks(hub: Path, refreshed: Sandbox) -> None:
    rows = model_output(hub)
    assert wrong_output(rows, read(hub, "tasks")) == []
    wanted = refreshed.query(
        "select count(*) from forecast.quantiles where (period_kind = 'quarter' and horizon <= 8 or period_kind = 'month') "
        "and (model_id in ('recommended', 'naive', 'log_drift') "
        "or origin_date = (select max(origin_date) from forecast.quantiles))"
    )
    assert len(rows) == wanted[0][0] > 100_000


FAULTS: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "unknown target": (lambda rows: rows.assign(target=rows["target"].where(rows.index != 5, "gpus")), "no task"),
    "missing level": (lambda rows: rows.drop(rows.index[rows["output_type_id"] == 0.5][0]), "23 levels"),
    "crossing": (lambda rows: rows.assign(value=rows["value"].where(rows["output_type_id"] != 0.99, 0)), "cross"),
    "negative": (lambda rows: rows.assign(value=rows["value"].where(rows.index != 7, -1.0)), "outside"),
    "ninth quarter": (lambda rows: rows.assign(periods_ahead=rows["periods_ahead"] + 24), "no task"),
    "shifted horizon": (lambda rows: rows.assign(horizon=rows["horizon"].where(rows.index != 30, 4)), "do not fit"),
    "shifted quarter": (
        lambda rows: rows.assign(periods_ahead=rows["periods_ahead"].where(rows.index != 30, 8)),
        "do not fit",
    ),
    "file of another round": (lambda rows: rows.assign(file="2020-01-01-x.parquet"), "not named"),
}


@pytest.fixture(scope="module")
def sound(hub: Path) -> pd.DataFrame:
    """The newest output of the recommended model."""
    rows = model_output(hub)
    newest = rows[rows["origin_date"] == rows["origin_date"].max()]
    found = newest[newest["model"] == "chipcast-recommended"].reset_index(drop=True)
    assert wrong_output(found, read(hub, "tasks")) == []
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_of_model_output_sees_faults(hub: Path, sound: pd.DataFrame, fault: str) -> None:
    change, message = FAULTS[fault]
    assert any(message in text for text in wrong_output(change(sound), read(hub, "tasks")))


def test_observations_are_those_of_the_market_tables_as_they_were_reported(hub: Path, refreshed: Sandbox) -> None:
    with duckdb.connect() as connection:
        series = connection.sql(f"from '{hub}/target-data/time-series.parquet'").df()
        oracle = connection.sql(f"from '{hub}/target-data/oracle-output.parquet'").df()
    assert not series.duplicated(["target", "entity_id", "target_end_date", "as_of"]).any()
    assert not oracle.duplicated(["target", "entity_id", "target_end_date"]).any()
    nvidia = series[series["entity_id"] == "nvidia-data-center"].set_index("target_end_date")
    # FY2027Q2 ended 2026-07-26: its middle lies in the second calendar quarter
    value = refreshed.query(
        "select value_usd_m from market.vendor_quarters_vintages where vendor_id = 'nvidia' and segment_id = 'data-center' "
        "and fiscal_period = 'FY2027Q2'"
    )
    assert nvidia.loc[pd.Timestamp("2026-06-30"), "observation"] == value[0][0]
    # Alphabet recast its cash flows: the first value is the truth of scores, the later one a later version
    recast = ("capex-alphabet", pd.Timestamp("2016-03-31"))
    versions = series.sort_values("as_of").set_index(["entity_id", "target_end_date"]).sort_index(kind="stable")
    assert versions.loc[[recast], "observation"].tolist() == [2428.0, 2444.0]
    assert oracle.set_index(["entity_id", "target_end_date"]).loc[[recast], "oracle_value"].tolist() == [2428.0]
    as_of = date.fromisoformat(json.loads((hub.parent / "datapackage.json").read_text())["as_of"])
    assert pd.to_datetime(series["as_of"]).max() <= pd.Timestamp(as_of)
    # every past forecast with an outcome can be scored in the hub
    past = model_output(hub).query("target == 'vendor_revenue' and target_end_date <= '2025-12-31'")
    assert len(past.merge(oracle, on=["target", "entity_id", "target_end_date"])) / len(past) > 0.9


def test_the_hub_alone_gives_the_published_scores(hub: Path, refreshed: Sandbox) -> None:
    """log-WIS and 80% coverage of the recommended model, its skill against naive and log drift, by series and horizon."""
    with duckdb.connect(str(refreshed.latest / "chipcast.duckdb"), read_only=True) as connection:
        published = connection.sql("""
            select entity_id, horizon, any_value(n) filter (baseline_id is null) as n,
                max(value) filter (metric = 'log_wis' and baseline_id is null) as log_wis,
                max(value) filter (metric = 'coverage_80') as coverage,
                max(skill) filter (baseline_id = 'naive') as naive, max(skill) filter (baseline_id = 'log_drift') as log_drift
            from forecast.scores where model_id = 'recommended' and panel = 'spliced' and target_window = 'all'
                and metric in ('log_wis', 'coverage_80') and entity_id not in ('pooled', 'pooled-capex')
                and not regexp_matches(entity_id, '(total|firms)$')
            group by all order by all
        """).df()
        # a mean pinball loss over all levels, twice, is the weighted interval score
        scored = connection.sql(f"""
            with losses as (
                select parse_filename(parse_dirpath(output.filename)) as model, entity_id, periods_ahead as horizon,
                    origin_date,
                    2 * avg((ln(oracle_value) - ln(value)) * (output_type_id - (oracle_value < value)::int)) as wis,
                    bool_and(case output_type_id when 0.1 then oracle_value >= value when 0.9 then oracle_value <= value
                        else true end) as inside
                from read_parquet('{hub}/model-output/*/*.parquet', filename = true) as output
                    join '{hub}/target-data/oracle-output.parquet' using (target, entity_id, target_end_date)
                where output_type = 'quantile' and scenario_id = 'base' and value > 0
                group by all
            )
            select entity_id, horizon, origin_date, max(wis) filter (model = 'chipcast-recommended') as recommended,
                bool_and(inside) filter (model = 'chipcast-recommended') as inside,
                max(wis) filter (model = 'chipcast-naive') as naive,
                max(wis) filter (model = 'chipcast-log_drift') as log_drift
            from losses group by all
        """).df()
    published["entity_id"] = published["entity_id"].astype(str)
    assert len(published) >= 70
    for row in published.itertuples():
        mine = scored[(scored["entity_id"] == row.entity_id) & (scored["horizon"] == row.horizon)]
        # the first origins are not scored: there was too little to learn from
        mine = mine[mine["recommended"].notna()].sort_values("origin_date").tail(row.n)
        assert len(mine) == row.n
        found = [mine["recommended"].mean(), mine["inside"].mean()]
        found += [1 - mine["recommended"].sum() / mine[name].sum() for name in ("naive", "log_drift")]
        assert found == pytest.approx([row.log_wis, row.coverage, row.naive, row.log_drift], rel=1e-4, abs=1e-4)


def test_hubverses_own_client_reads_the_hub_without_a_warning(hub: Path, capfd: pytest.CaptureFixture[str]) -> None:
    connection = hubdata.connect_hub(hub)
    files = (hub / "model-output").glob("*/*.parquet")
    assert connection.to_table().num_rows == sum(pq.read_metadata(path).num_rows for path in files) > 100_000
    assert hubdata.connect_target_data(hub, TargetType.TIME_SERIES).to_table().num_rows > 500
    assert "warn" not in "".join(capfd.readouterr()).lower()
    for path in (hub / "model-metadata").iterdir():
        jsonschema.validate(yaml.safe_load(path.read_text()), connection.model_metadata_schema)


def test_each_model_has_metadata(hub: Path) -> None:
    models = sorted(path.name for path in (hub / "model-output").iterdir())
    assert sorted(path.stem for path in (hub / "model-metadata").iterdir()) == models
    recommended = yaml.safe_load((hub / "model-metadata" / "chipcast-recommended.yml").read_text())
    assert recommended["designated_model"] is True
    assert f"{recommended['team_abbr']}-{recommended['model_abbr']}" == "chipcast-recommended"
    naive = yaml.safe_load((hub / "model-metadata" / "chipcast-naive.yml").read_text())
    assert naive["designated_model"] is False and naive["methods"]
