"""Epoch AI, Frontier Data Centers: milestones of power, H100e and cost per site."""

from pipeline.sources.base import Provenance, Source, amount, day, numbered, text
from pipeline.sources.epoch import BASE_URL, CREDIT, LICENCE, member
from pipeline.sources.live import MEGABYTE, ZIP, Live, Request

PATH = "epoch_data_centers/data_center_timelines.csv"
ARCHIVE = "data_centers.zip"

SOURCE = Source(
    title="Epoch AI: Frontier Data Centers",
    description="What was or will be running at large sites on given days; later days are projections.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/data_centers/data_centers.zip",
    cadence="quarterly",
    files=(PATH,),
    newer_copy="github.com/Gauss10/ai-money-radar at fc454bf (2026-07-07)",
    # Epoch drops about 7% of the rows in a month, as estimates change.
    live=Live(
        BASE_URL,
        (Request(ARCHIVE, "/data/data_centers/data_centers.zip", ZIP, max_bytes=50 * MEGABYTE),),
        lambda upstream: member(upstream, ARCHIVE, "data_center_timelines.csv", PATH).csv(PATH),
        tested_on="recorded",
        max_lost_share=0.15,
    ),
    key=("site", "milestone_on", "milestone"),
    # Days after the release, which is that of the copy's commit, are Epoch's projections.
    provenance=Provenance(
        "Epoch AI, Frontier Data Centers, {Data center}", confidence="estimate", released="2026-07-07"
    ),
    tidy=lambda listed: listed.assign(milestone=numbered(listed, ["Data center", "Date"])),
    columns={
        "site": text(source="Data center"),
        "milestone_on": day(source="Date"),
        "milestone": text(),
        "power_mw": amount(nullable=True, high=100_000, source="Power (MW)"),
        "h100e": amount(nullable=True, high=1e9, source="H100 equivalents"),
        "buildings_operational": amount(nullable=True, high=1000, source="Buildings operational"),
        "capital_cost_usd_bn_2025": amount(nullable=True, high=10_000, source="Total capital cost (2025 USD billions)"),
        "compute_cost_usd_bn_2025": amount(nullable=True, high=10_000, source="Compute cost (2025 USD billions)"),
    },
)
