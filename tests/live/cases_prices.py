"""The cases of the price and usage connectors."""

from __future__ import annotations

from cases import FREE_TEXT, ONLY_ONCE, Case
from price_answers import answers
from shapes import Csv, Json, Zip

HELD_ONCE = {"duplicated rows": ONLY_ONCE}

PRICES = [
    Case(
        "aws_ec2_prices",
        answers()["aws_ec2_prices"],
        Csv(preamble=5),
        ("PricePerUnit", "instance_usd_per_hour"),
        ("TermType", "term_type"),
    ),
    Case(
        "azure_retail_prices",
        answers()["azure_retail_prices"],
        Json(),
        ("retailPrice", "instance_usd_per_hour"),
        ("currencyCode", "currency"),
        ("effectiveStartDate", "effective_from"),
    ),
    Case(
        "dstack_gpu_catalog",
        answers()["dstack_gpu_catalog"],
        Zip(),
        ("price", "usd_per_chip_hour"),
        ("spot", "is_spot"),
        apart=lambda name: not name.endswith("#2"),
    ),
    Case(
        "vast_offers",
        answers()["vast_offers"],
        Json(),
        ("dph_total", "machine_usd_per_hour"),
        ("gpu_name", "gpu_name"),
        accepted={
            "new enum value": FREE_TEXT,
            "20% row loss": "what is rented leaves the list: only a loss of half is one",
        },
    ),
    Case(
        "runpod_offers",
        answers()["runpod_offers"],
        Json(),
        ("securePrice", "secure_usd_per_chip_hour"),
        ("displayName", "gpu_name"),
        accepted={"new enum value": FREE_TEXT},
    ),
    Case(
        "litellm_prices",
        answers()["litellm_prices"],
        Json(),
        ("input_cost_per_token", "input_usd_per_mtok"),
        ("mode", "mode"),
        accepted={
            **HELD_ONCE,
            "new enum value": "a new kind of model is taken in; only text models reach market.token_prices",
        },
    ),
    Case(
        "genai_prices",
        answers()["genai_prices"],
        Json(),
        ("input_mtok", "input_usd_per_mtok"),
        ("prices", "input_usd_per_mtok"),
    ),
    Case(
        "models_dev_prices",
        answers()["models_dev_prices"],
        Json(),
        ("input", "input_usd_per_mtok"),
        ("cost", "input_usd_per_mtok"),
        accepted=HELD_ONCE,
    ),
    Case(
        "openrouter_prices",
        answers()["openrouter_prices"],
        Json(),
        ("prompt", "input_usd_per_mtok"),
        ("pricing", "input_usd_per_mtok"),
    ),
    Case(
        "openrouter_weekly_tokens",
        answers()["openrouter_weekly_tokens"],
        Json(),
        ("ys", "tokens_per_week_trillion"),
        ("x", "week_start"),
        ("x", "week_start"),
    ),
]
