"""Names, starts and errors of token prices, and the price of a fixed ability."""

from __future__ import annotations

import duckdb
import pytest


def test_every_spelling_of_a_model_is_one_model(release: duckdb.DuckDBPyConnection) -> None:
    spellings = """
        'gpt-4o', 'azure/gpt-4o-2024-08-06', 'openrouter/openai/gpt-4o', 'openai/gpt-4o-2024-05-13',
        'anthropic.claude-3-5-sonnet-20240620-v1:0', 'vertex_ai/claude-3-5-sonnet@20240620', 'anthropic/claude-3.5-sonnet'"""
    found = release.execute(
        f"select model_id, count(distinct listed_model) from market.token_price_history where listed_model in ({spellings}) "
        "group by model_id order by model_id"
    ).fetchall()
    assert found == [("claude-3-5-sonnet", 3), ("gpt-4o", 4)]
    # Words that say nothing of ability are left off, several in a row too.
    empty = release.execute(
        "select listed_model, model_id from market.model_abilities "
        "where regexp_matches(model_id, '-(latest|preview|instruct|beta|exp)(-|$)')"
    ).fetchall()
    assert not empty


@pytest.mark.parametrize(
    ("listed_model", "model_id"),
    [
        ("fireworks_ai/accounts/fireworks/models/llama-v3p1-405b-instruct", "llama-3-1-405b"),
        ("databricks/databricks-meta-llama-3-1-405b-instruct", "llama-3-1-405b"),
        ("regional.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
    ],
)
def test_sellers_spell_one_model_their_own_way(
    release: duckdb.DuckDBPyConnection, listed_model: str, model_id: str
) -> None:
    (names,) = release.execute("select listed_names from market.models where model_id = ?", [model_id]).fetchone()  # type: ignore[misc]
    assert listed_model in names.split(", ")


def test_a_batch_price_says_so(release: duckdb.DuckDBPyConnection) -> None:
    channels = release.execute(
        "select distinct channel from market.token_price_history where model_id = 'gpt-4o' and listed_model like '%batch'"
    ).fetchall()
    assert channels and all(channel.endswith(" batch") for (channel,) in channels)


def test_use_weighs_the_price_and_says_what_it_rests_on(release: duckdb.DuckDBPyConnection) -> None:
    """Eight whole weeks; the mean of paid prices lies between those of the models that most use."""
    weeks = release.execute(
        "select paid_usd_per_mtok, usd_per_mtok_with_free, priced_share + free_share, open_weights_share "
        "from market.usage_weighted_token_price where period_kind = 'week'"
    ).fetchall()
    assert len(weeks) == 8
    for paid, with_free, known, is_open in weeks:
        assert 1 < with_free < paid < 3 and 0.75 < known < 1 and 0.5 < is_open < 0.8


def test_a_name_that_changed_its_model_has_the_model_of_its_day(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select distinct valid_from, model_id, model_version from market.token_price_history "
        "where listed_model in ('deepseek-chat', 'deepseek/deepseek-chat') and provider_id in ('deepseek', 'openrouter')"
    ).fetchall()
    assert {model for _, model, _ in rows} >= {"deepseek-v2", "deepseek-v3"}
    assert all(model != "deepseek-v3" for day, model, _ in rows if f"{day}" < "2024-12-26")


def test_a_model_has_one_price_now_at_a_provider(release: duckdb.DuckDBPyConnection) -> None:
    prices = dict(
        release.execute(
            "select model_id, (input_usd_per_mtok, output_usd_per_mtok) from market.token_prices where provider_id = 'openai'"
        ).fetchall()
    )
    assert prices["gpt-5"] == (1.25, 10) and prices["gpt-4o"] == (2.5, 10)
    cheapest = release.execute(
        "select model_id, model_kind from market.token_prices join market.models using (model_id) "
        "order by output_usd_per_mtok limit 20"
    ).fetchall()
    assert all(kind == "text" and "flux" not in model for model, kind in cheapest)
    told = release.execute(
        "select other_prices from market.token_prices where model_id = 'claude-sonnet-4-5' and other_prices is not null"
    ).fetchall()
    assert any("above 200000 tokens 6.0" in other for (other,) in told)


def test_a_start_that_no_list_states_is_marked_as_first_seen(release: duckdb.DuckDBPyConnection) -> None:
    bases = release.execute(
        "select source_id, valid_from_basis, reported_on_basis = 'snapshot', count(*) from market.token_price_history "
        "where not is_announced group by all"
    ).fetchall()
    assert all(
        basis == ("stated" if source == "metergraph_prices" else "first_seen") or source == "genai_prices"
        for source, basis, _, _ in bases
    )
    assert all(
        basis == "first_seen" for source, basis, is_snapshot, _ in bases if source == "genai_prices" and is_snapshot
    )


def test_providers_have_one_id(release: duckdb.DuckDBPyConnection) -> None:
    doubled = release.execute(
        "select provider_id from market.token_price_history where provider_id in "
        "('together_ai', 'fireworks_ai', 'bedrock', 'bedrock_converse', 'azure_ai', 'gemini', 'vertex_ai', 'github_copilot')"
    ).fetchall()
    strangers = release.execute(
        "select provider_id from market.token_price_history anti join market.providers using (provider_id)"
    ).fetchall()
    assert not doubled and not strangers


def test_prices_start_when_a_copy_first_shows_them(release: duckdb.DuckDBPyConnection) -> None:
    (days,) = release.execute(
        "select count(distinct valid_from) from market.token_price_history where source_id like 'litellm%' and is_current"
    ).fetchone()  # type: ignore[misc]
    assert days > 20


@pytest.mark.parametrize(
    ("listed_model", "reason"),
    [
        ("azure_ai/jais-30b-chat", "above 1,000"),
        ("watsonx/core42/jais-13b-chat", "above 1,000"),
        ("openrouter/qwen/qwen-vl-plus", "over 100 times"),
        ("openinfer/@oi/Qwen3.5-9B", "output cheaper"),
        ("gemini-1.5-flash-002", "output cheaper"),
    ],
)
def test_what_cannot_be_a_price_is_held_back(
    release: duckdb.DuckDBPyConnection, listed_model: str, reason: str
) -> None:
    found = release.execute(
        "select held_back_because from quality.held_back_token_prices where listed_model = ?", [listed_model]
    ).fetchall()
    assert any(told.startswith(reason) for (told,) in found)


def test_what_its_maker_sells_no_more_is_not_current(release: duckdb.DuckDBPyConnection) -> None:
    retired = release.execute(
        "select listed_model from market.token_price_history where is_current and provider_id = 'anthropic' "
        "and model_id in ('claude-2', 'claude-2-1', 'claude-3-opus', 'claude-instant-1', 'claude-instant-1-2')"
    ).fetchall()
    assert not retired


def test_a_price_at_fixed_ability_falls_and_takes_no_error_of_a_list(release: duckdb.DuckDBPyConnection) -> None:
    prices = dict(
        release.execute(
            "select period_start::varchar, usd_per_mtok from market.token_price_at_ability "
            "where ability_level = 'GPT-4 (Mar 2023)'"
        ).fetchall()
    )
    assert prices["2023-07-01"] == prices["2024-01-01"] == pytest.approx(37.5)
    # Five keys of gemini-1.5-flash stood at a sixteenth of their price then.
    assert prices["2024-10-01"] == prices["2024-12-01"] == pytest.approx(0.13125)
    years = 2.5
    assert 10 < (prices["2023-07-01"] / prices["2026-01-01"]) ** (1 / years) < 30
