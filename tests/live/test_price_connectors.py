"""What the price and usage connectors read: meanings, units, terms, and what they refuse."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest
from price_answers import PROVIDERS, SOURCES, answers, read, zipped

from pipeline.sources import contract
from pipeline.sources.base import SourceError, Upstream
from pipeline.sources.pricing import azure_retail_prices
from pipeline.sources.responses import per_million, share

TODAY = date(2026, 11, 24)


def parse(source_id: str, **files: bytes) -> pd.DataFrame:
    """The raw table of the good answers, some of them replaced."""
    source = SOURCES[source_id]
    return source.read_live(Upstream({**answers()[source_id], **files}, TODAY))[list(source.all_columns)]


def accepted(source_id: str, **files: bytes) -> pd.DataFrame:
    """The rows that keep the contract; no other may be there."""
    good, rejected = contract.split(SOURCES[source_id], parse(source_id, **files), TODAY)
    assert rejected.empty, rejected
    return good


def edited(source_id: str, name: str, old: str, new: str) -> bytes:
    """A good answer with one text replaced everywhere."""
    content = answers()[source_id][name].decode()
    assert old in content
    return content.replace(old, new).encode()


@pytest.mark.parametrize("source_id", SOURCES)
def test_every_answer_gives_rows_that_keep_the_contract(source_id):
    assert len(accepted(source_id)) >= 20


@pytest.mark.parametrize("source_id", SOURCES)
def test_columns_are_exactly_those_of_the_source(source_id):
    source = SOURCES[source_id]
    frame = source.read_live(Upstream(answers()[source_id], TODAY))
    assert set(frame.columns) == set(source.all_columns)
    assert all(pd.api.types.is_string_dtype(frame[name]) for name in source.columns)


def h100_chip_hours(source_id: str) -> pd.Series:
    """USD per chip-hour of on-demand H100 offers."""
    rows = accepted(source_id)
    if source_id == "azure_retail_prices":
        rows = rows[rows["instance_type"].eq("Standard_ND96isr_H100_v5") & rows["meter"].eq("ND96isrH100v5")]
        return rows["instance_usd_per_hour"] / 8
    if source_id == "aws_ec2_prices":
        rows = rows[rows["instance_type"].str.startswith("p5.") & rows["term_type"].eq("OnDemand")]
        return rows["instance_usd_per_hour"] / rows["gpus"]
    if source_id == "runpod_offers":
        return rows.loc[rows["gpu_name"].str.startswith("H100"), "secure_usd_per_chip_hour"]
    spot = rows["is_spot"] if source_id == "dstack_gpu_catalog" else rows["is_bid"]
    return rows.loc[rows["gpu_name"].str.startswith("H100") & ~spot, "usd_per_chip_hour"]


@pytest.mark.parametrize(
    "source_id", ["azure_retail_prices", "aws_ec2_prices", "dstack_gpu_catalog", "runpod_offers", "vast_offers"]
)
def test_an_h100_on_demand_costs_1_to_15_usd_per_chip_hour(source_id):
    prices = h100_chip_hours(source_id)
    assert len(prices) >= 2
    assert prices.between(1, 15).all(), prices


@pytest.mark.parametrize(
    ("source_id", "key", "model", "input_usd", "output_usd"),
    [
        ("litellm_prices", "model_key", "gpt-4o", 2.5, 10),
        ("genai_prices", "model_id", "claude-sonnet-4-5", 3, 15),
        ("models_dev_prices", "model_id", "claude-3-5-haiku-20241022", 0.8, 4),
    ],
)
def test_token_prices_are_usd_per_million_tokens(source_id, key, model, input_usd, output_usd):
    row = accepted(source_id).set_index(key).loc[model]
    assert (row["input_usd_per_mtok"], row["output_usd_per_mtok"]) == (input_usd, output_usd)


def test_openrouter_prices_per_token_equal_the_embedded_prices_per_million():
    live = accepted("openrouter_prices").set_index("model_id")
    embedded = (
        pd.read_csv("data/openrouter_prices.csv").sort_values("snapshot_date").drop_duplicates("model_id", keep="last")
    )
    both = live.join(embedded.set_index("model_id"), rsuffix="_embedded", how="inner")
    assert len(both) >= 20
    assert (both["input_usd_per_mtok"] - both["input_usd_per_mtok_embedded"]).abs().max() < 1e-9


def test_a_router_whose_price_depends_has_none():
    assert b'"prompt": "-1"' in answers()["openrouter_prices"]["models"]
    assert pd.isna(accepted("openrouter_prices").set_index("model_id").loc["openrouter/auto", "input_usd_per_mtok"])


def test_weekly_tokens_are_the_sum_of_all_models_in_trillion():
    live = accepted("openrouter_weekly_tokens").set_index("week_start")["tokens_per_week_trillion"]
    embedded = pd.read_csv("data/openrouter_weekly_tokens.csv", parse_dates=["week_start"]).set_index("week_start")
    both = live.to_frame().join(embedded["tokens_per_week_trillion"], rsuffix="_embedded", how="inner")
    assert len(both) == 24
    assert (both["tokens_per_week_trillion"] / both["tokens_per_week_trillion_embedded"] - 1).abs().max() < 1e-6


def test_only_the_week_of_the_retrieval_is_partial():
    source = SOURCES["openrouter_weekly_tokens"]
    chart = json.loads(answers()[source.id]["chart"])["data"]["data"]
    newest = date.fromisoformat(chart[-1]["x"])
    # A week that ended today may still grow by what upstream counts late.
    rows = source.read_live(Upstream(answers()[source.id], newest.replace(day=newest.day + 1)))
    assert rows.set_index("week_start")["is_partial"].eq("yes").to_dict() == {w["x"]: w is chart[-1] for w in chart}
    over = source.read_live(Upstream(answers()[source.id], newest.replace(day=newest.day + 8)))
    assert not over["is_partial"].eq("yes").any()


def test_a_price_that_changed_has_the_day_from_which_it_holds():
    rows = accepted("genai_prices").query("model_id == 'claude-opus-4-6'")
    assert rows["start_date"].dt.strftime("%Y-%m-%d").fillna("none").tolist() == ["none", "2026-03-13"]
    assert rows["reported_on"].dt.strftime("%Y-%m-%d").tolist() == ["2026-11-24", "2026-03-13"]
    assert rows["reported_on_basis"].tolist() == ["snapshot", "price_date"]


def test_a_price_of_some_hours_is_left_out_and_an_unknown_constraint_is_not_read_as_none():
    dated = '"constraint":{"start_date":"2026-03-13"}'
    hours = edited("genai_prices", "prices", dated, '"constraint":{"start_time":"16:30:00Z","end_time":"00:30:00Z"}')
    assert len(parse("genai_prices", prices=hours)) == len(parse("genai_prices")) - 2
    renamed = edited("genai_prices", "prices", dated, '"constraint":{"from":"2026-03-13"}')
    _, rejected = contract.split(SOURCES["genai_prices"], parse("genai_prices", prices=renamed), TODAY)
    assert rejected["field"].eq("start_date").sum() == 2


def test_aws_keeps_the_plain_machine_and_its_reservations_only():
    rows = accepted("aws_ec2_prices")
    assert rows["instance_type"].str.match(r"(p|g|gr|trn|inf|dl)\d").all()
    p5 = rows[rows["instance_type"].eq("p5.48xlarge")].set_index("lease")["instance_usd_per_hour"]
    assert p5.to_dict() == {"none": 55.04, "1yr": pytest.approx(38.528), "3yr": pytest.approx(27.52)}
    assert rows["priced_on"].dt.date.eq(date(2026, 11, 20)).all()


def test_a_tpu_slice_is_divided_by_its_chips_not_by_one():
    rows = accepted("dstack_gpu_catalog").set_index("instance_type")
    assert rows.loc["v5litepod-8", "accelerators"] == 8
    assert rows.loc["v3-8", "accelerators"] == 4
    assert rows.loc["v3-8", "usd_per_chip_hour"] == pytest.approx(2.2)


def test_a_vast_machine_is_divided_by_its_gpus():
    rows = accepted("vast_offers")
    assert (rows["machine_usd_per_hour"] / rows["gpus"] / rows["usd_per_chip_hour"] - 1).abs().max() < 1e-6
    assert rows["gpus"].nunique() == 4


def test_azure_asks_for_page_after_page_and_nothing_is_sold_at_zero():
    first, last = answers()["azure_retail_prices"]["prices"], answers()["azure_retail_prices"]["prices#2"]
    assert "skip=1000" in azure_retail_prices.next_page(first)[0]
    assert azure_retail_prices.next_page(last) == []
    assert azure_retail_prices.next_page(b"<html>") == []
    rows = accepted("azure_retail_prices").query("instance_type == 'Standard_ND96isr_MI300X_v5'")
    assert rows.set_index("region")["instance_usd_per_hour"].isna().to_dict() == {"eastus": False, "westeurope": True}


def test_dstack_asks_for_the_catalogue_of_the_version_it_was_told():
    request = SOURCES["dstack_gpu_catalog"].live.requests[0]
    assert request.links(b"20261120-11\n") == ["/v3/aws/20261120-11/catalog.zip"]
    assert request.links(b"../../etc\n") == []
    assert request.links(b"<html>") == []


@pytest.mark.parametrize(
    ("source_id", "name", "old", "field"),
    [
        ("azure_retail_prices", "prices", '"retailPrice"', "retailPrice"),
        ("aws_ec2_prices", "offers", '"PricePerUnit"', "PricePerUnit"),
        ("vast_offers", "offers", '"dph_total"', "dph_total"),
        ("runpod_offers", "gpu_types", '"communityPrice"', "communityPrice"),
        ("litellm_prices", "models", '"input_cost_per_token"', "input_cost_per_token"),
        ("genai_prices", "prices", '"output_mtok"', "output_mtok"),
        ("genai_prices", "prices", '"prices"', "prices"),
        ("models_dev_prices", "models", '"cost"', "cost"),
        ("models_dev_prices", "models", '"cache_read"', "cache_read"),
        ("openrouter_prices", "models", '"completion"', "completion"),
        ("openrouter_prices", "models", '"pricing"', "pricing"),
        ("openrouter_weekly_tokens", "chart", '"ys"', "ys"),
    ],
)
def test_a_renamed_field_is_named(source_id, name, old, field):
    files = {name: edited(source_id, name, old, old[:-1] + '_v2"')}
    if source_id == "azure_retail_prices":
        files["prices#2"] = edited(source_id, "prices#2", old, old[:-1] + '_v2"')
    with pytest.raises(SourceError, match=rf"Source {source_id}: .*\b{field}\b"):
        parse(source_id, **files)


def test_a_column_that_a_provider_of_dstack_dropped_is_named():
    with pytest.raises(SourceError, match=r"dstack_gpu_catalog: gcp\.csv no longer has the column\(s\) price"):
        parse(
            "dstack_gpu_catalog",
            **{"gcp#2": zipped("gcp.csv", read("dstack_gpu_catalog/gcp.csv").replace(b",price,", b",cost,"))},
        )


@pytest.mark.parametrize("source_id", SOURCES)
@pytest.mark.parametrize(
    "body", [b"", b"<!doctype html><title>502</title>", b"\xff\xfe\x00", b"a\rb", b"[]", b"{}", b"null", b"7"]
)
def test_an_answer_of_another_kind_names_the_source(source_id, body):
    if (source_id, body) == ("genai_prices", b"[]"):
        assert parse(source_id, prices=body).empty
        return
    if (source_id, body) in [("litellm_prices", b"{}"), ("models_dev_prices", b"{}")]:
        assert parse(source_id, models=body).empty
        return
    for name in answers()[source_id]:
        if name in PROVIDERS:
            continue
        with pytest.raises(SourceError, match=f"^Source {source_id}: "):
            parse(source_id, **{name: body})


def test_a_graphql_refusal_is_told():
    refusal = b'{"errors": [{"message": "Cannot query field securePrice on type GpuType"}], "data": null}'
    with pytest.raises(SourceError, match="Cannot query field securePrice"):
        parse("runpod_offers", gpu_types=refusal)


@pytest.mark.parametrize(
    ("source_id", "factor"),
    [(s, f) for s in ("vast_offers", "runpod_offers", "azure_retail_prices") for f in (1000, 0.001)],
)
def test_a_price_in_other_units_breaks_the_contract_of_most_rows(source_id, factor):
    prices = {
        "vast_offers": ["dph_total"],
        "azure_retail_prices": ["retailPrice"],
        "runpod_offers": ["securePrice", "communityPrice", "secureSpotPrice", "communitySpotPrice"],
    }[source_id]
    files = {}
    for name, content in answers()[source_id].items():
        document = json.loads(content)
        rows = document.get("Items") or document.get("offers") or document["data"]["gpuTypes"]
        for row in rows:
            row.update({price: row[price] * factor for price in prices if row[price]})
        files[name] = json.dumps(document).encode()
    frame = parse(source_id, **files)
    _, rejected = contract.split(SOURCES[source_id], frame, TODAY)
    assert rejected["row_number"].nunique() > 0.1 * len(frame)


def test_a_repeated_key_of_a_json_object_is_quarantined_not_lost():
    doubled = edited("litellm_prices", "models", '"gpt-4o-mini": {', '"gpt-4o": {')
    frame = parse("litellm_prices", models=doubled)
    assert len(frame) == len(parse("litellm_prices"))
    _, rejected = contract.split(SOURCES["litellm_prices"], frame, TODAY)
    assert rejected["reason"].tolist() == ["repeats the key (snapshot_date, model_key)"]


def test_a_line_with_a_stray_quote_costs_only_itself():
    lines = answers()["aws_ec2_prices"]["offers"].decode().splitlines()
    position = next(i for i, line in enumerate(lines) if '"p5.48xlarge"' in line)
    lines[position] = lines[position].replace('"OnDemand"', '"OnDemand', 1)
    frame = parse("aws_ec2_prices", offers="\n".join(lines).encode())
    good, rejected = contract.split(SOURCES["aws_ec2_prices"], frame, TODAY)
    assert len(good) == len(frame) - 1
    assert rejected["row_number"].nunique() == 1


def test_units_are_converted_exactly():
    assert per_million("1.5e-07") == "0.15"
    assert per_million("0.000003") == "3"
    assert per_million("free") == "free"
    assert per_million("1e999") == "1e999"
    assert share("98.32", "8") == "12.29"
    assert share("98.32", "0").startswith("no count")
    assert share(None, "8") is None
