"""genai-prices: token prices by provider, some with the day from which they hold."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, day, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.responses import document, figure, member, objects, require, text_frame, words
from pipeline.sources.token_prices import CACHED, OTHERS, PRICES, told

PATH = "llm_prices_genai/genai_prices_0.2.3.csv"
HOST = "https://raw.githubusercontent.com"
LIST = "/pydantic/genai-prices/main/prices/new_data/v2/data.json"
# Upstream froze this one, which still answers: the embedded rows were cited by it.
FROZEN = "/pydantic/genai-prices/main/prices/data.json"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per provider, model and start date. A price that holds only at some hours of the day is left out."""
    rows = upstream.csv(PATH)
    timed = rows["constraint"].notna() & rows["start_date"].isna()
    rows = rows[~timed].drop_duplicates(["provider", "model_id", "start_date"])
    found = [None if pd.isna(cell) else told(_tiers("input", json.loads(cell))) for cell in rows["tiers"]]
    return rows.assign(other_prices=pd.Series(found, rows.index, dtype="string"))


MTOK = {
    "input_usd_per_mtok": "input_mtok",
    "output_usd_per_mtok": "output_mtok",
    "cache_read_usd_per_mtok": "cache_read_mtok",
}


def _tiers(what: str, tiers: list[Mapping[str, Any]]) -> dict[str, str | None]:
    """What a longer input costs."""
    return {f"{what} above {tier.get('start')} tokens": figure(tier.get("price")) for tier in objects(tiers)}


def _others(prices: Mapping[str, Any]) -> str | None:
    """Every price but the base prices of tokens, by upstream's own name: tiers, thousands of requests, audio."""
    found: dict[str, str | None] = {}
    for name, cell in prices.items():
        if name not in MTOK.values():
            found[name.replace("_", " ")] = _price(cell)
        if isinstance(cell, dict) and isinstance(cell.get("tiers"), list):
            found |= _tiers(name.removesuffix("_mtok").replace("_", " "), cell["tiers"])
    return told(found)


def _price(cell: Any) -> str | None:
    """A price, or the base of one that rises with the length of the input."""
    return figure(cell.get("base", cell) if isinstance(cell, dict) else cell)


def _prices_of(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The model's prices, each with its constraint: a list where they changed, otherwise one."""
    prices = model.get("prices")
    return objects(prices) if isinstance(prices, list) and prices else [{"prices": prices}]


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """One row per provider, model and start date, as `parse` gives; prices of some hours of the day are left out."""
    source_id = "genai_prices"
    providers = objects(member(document(upstream.files["prices"], source_id, "prices"), "", source_id))
    rows, all_models, seen = [], [], []
    for provider in providers:
        models = provider.get("models")
        for model in objects(models) if isinstance(models, list) else [{}]:
            all_models.append(model)
            for one in _prices_of(model):
                constraint = one.get("constraint")
                if isinstance(constraint, dict) and "start_time" in constraint:
                    continue
                start = constraint.get("start_date", constraint) if isinstance(constraint, dict) else constraint
                prices = one.get("prices")
                if isinstance(prices, dict):
                    seen.append(prices)
                    cells = {new: _price(prices.get(old)) for new, old in MTOK.items()}
                    cells["other_prices"] = _others(prices)
                else:
                    cells = {"input_usd_per_mtok": f"not readable: {figure(prices)}"}
                name = {"provider": words(provider.get("id")), "model_id": words(model.get("id"))}
                rows.append({**name, "start_date": figure(start), **cells})
    require(providers, ["id", "models"], source_id)
    require(all_models, ["id", "prices"], source_id)
    require(seen, MTOK.values(), source_id)
    return text_frame(rows, ["provider", "model_id", "start_date", *MTOK, *OTHERS])


def _cited(citation: str, path: str) -> Provenance:
    """Without a start date, or with one to come, a price is known from the retrieval."""
    return Provenance(
        citation,
        confidence="quoted",
        reported_on="{start_date}",
        basis="price_date",
        url=HOST + path,
        released="{retrieved_at}",
        otherwise_basis="snapshot",
    )


SOURCE = Source(
    title="genai-prices: token prices by provider",
    description="USD per million tokens; a price that changed carries the day from which it holds.",
    licence="MIT",
    credit="pydantic/genai-prices",
    homepage_url=HOST + LIST,
    cadence="daily",
    files=(PATH,),
    parse=parse,
    key=("provider", "model_id", "start_date"),
    provenance=_cited("genai-prices 0.2.3, {provider}", FROZEN),
    columns={
        "provider": text(),
        "model_id": text(),
        "start_date": day(nullable=True),
        **PRICES,
        **CACHED,
        **OTHERS,
    },
    live=Live(
        base_url=HOST,
        requests=(Request("prices", LIST, max_bytes=30 * MEGABYTE),),
        parse=parse_live,
        provenance=_cited("genai-prices, main branch, {provider}", LIST),
        tested_on="recorded",
    ),
)
