"""The good answers of the price and usage connectors, by request name, as the parsers see them."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

from pipeline.sources import all_sources
from pipeline.sources.base import Source
from pipeline.sources.pricing.dstack_gpu_catalog import PROVIDERS

UPSTREAM = Path(__file__).resolve().parent.parent / "fixtures" / "upstream"
DSTACK_VERSION = b"20261120-11\n"


def read(path: str) -> bytes:
    """A stored answer."""
    return (UPSTREAM / path).read_bytes()


def zipped(name: str, content: bytes) -> bytes:
    """A zip archive of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def dstack_answers() -> dict[str, bytes]:
    """For each provider the version of its catalogue, then the catalogue."""
    catalogues = {f"{name}#2": zipped(f"{name}.csv", read(f"dstack_gpu_catalog/{name}.csv")) for name in PROVIDERS}
    return {**dict.fromkeys(PROVIDERS, DSTACK_VERSION), **catalogues}


@cache
def answers() -> dict[str, dict[str, bytes]]:
    """Source id -> request name -> answer."""
    return {
        "aws_ec2_prices": {"offers": read("aws_ec2_prices/index.csv")},
        "azure_retail_prices": {
            "prices": read("azure_retail_prices/page1.json"),
            "prices#2": read("azure_retail_prices/page2.json"),
        },
        "dstack_gpu_catalog": dstack_answers(),
        "genai_prices": {"prices": read("genai_prices/data.json")},
        "litellm_prices": {"models": read("litellm_prices/model_prices_and_context_window.json")},
        "models_dev_prices": {"models": read("models_dev_prices/api.json")},
        "openrouter_prices": {"models": read("openrouter_prices/models.json")},
        "openrouter_weekly_tokens": {"chart": read("openrouter_weekly_tokens/model-rankings-chart.json")},
        "runpod_offers": {"gpu_types": read("runpod_offers/graphql.json")},
        "vast_offers": {"offers": read("vast_offers/bundles.json")},
    }


SOURCES: dict[str, Source] = {source.id: source for source in all_sources() if source.id in answers()}
