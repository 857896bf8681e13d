"""The parts of the page, in their order, each with the one thing a reader must know before reading on."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.report import figures, listings
from pipeline.report.figures import Figure
from pipeline.report.listings import Listing


@dataclass(frozen=True)
class Part:
    """A section; `short` is its name in the navigation."""

    id: str
    short: str
    title: str
    lead: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Listing, ...] = ()


SECTIONS = [
    Part(
        "vendors",
        "Vendors",
        "Vendor revenue",
        "The sum is that of four named segments, with networking and CPUs; it is not “the market”. TSMC and capital "
        "expenditure stand beside it and are never added.",
        tuple(figures.VENDORS),
        (listings.VENDORS,),
    ),
    Part(
        "fleet",
        "Installed base",
        "Installed base",
        "Sold is not deployed, and deployed is not powered. Designers whose chips nobody counts, such as Huawei, are not "
        "observed and in no sum.",
        tuple(figures.FLEET),
        (listings.STOCK,),
    ),
    Part(
        "prices",
        "Prices",
        "Rental and token prices",
        "Indices follow a fixed panel or fixed models, because a changing mix moves a plain median.",
        tuple(figures.PRICES),
    ),
    Part(
        "frontier",
        "Frontier",
        "Price and performance",
        "What an hour of one H100-equivalent costs, by chip and kind of price.",
        (figures.FRONTIER,),
    ),
    Part(
        "inference-costs",
        "Inference costs",
        "Does anybody need an H100?",
        "To serve a large model at a speed that users accept, newer chips cost a small part of it; without a bound on latency "
        "the gap is two to three times, and small models still run well on cheap cards. Measured throughput over a stated "
        "price of the hour: benchmarks run at full load, production does not.",
        tuple(figures.COSTS),
        (listings.CHEAPEST,),
    ),
    Part(
        "tests",
        "Backtest",
        "How good were the forecasts?",
        "From the rolling backtest: each forecast saw only what was public on its day.",
        tuple(figures.TESTS),
        (listings.LEADERBOARD, listings.PANELS),
    ),
    Part(
        "reconciliation",
        "Reconciliation",
        "Reconciliation",
        "Top down, the fleet's hours come from chips sold. Bottom up, disclosed tokens and known training runs explain "
        "part of them. The residual is published, not closed.",
        (figures.RECONCILIATION,),
    ),
    Part(
        "others",
        "Others",
        "Forecasts of others",
        "Compared only where both speak of the same quantity; what still differs is said.",
        (figures.OTHERS,),
        tables=(listings.OTHERS, listings.ALONE),
    ),
    Part(
        "sources",
        "Sources",
        "Sources",
        "Every figure on this page comes from these, by the SQL beside it.",
        tables=(listings.SOURCES,),
    ),
]
CLAIMS = Part(
    "claims",
    "Claims",
    "Claims scorecard",
    "What the article says, what the tables say, and the verdict with what was known at each date.",
    tables=(listings.CLAIMS,),
)
