"""EU-CRI: a public daily index of European on-demand prices of an H100-hour, kept to compare ours with."""

from pipeline.sources.base import Provenance, Source, amount, day, text

SOURCE = Source(
    title="EU-CRI index of an H100-hour in Europe",
    description="The index, its seven-day and its cloud-only form, on the days of July and August 2026 not withheld.",
    licence="no licence stated; values quoted with attribution",
    credit="markrusch/Compute-Index",
    cadence="daily",
    files=("rental_rate_cards/eu_cri_daily.csv",),
    key=("observed_on", "series"),
    provenance=Provenance(
        "markrusch/Compute-Index at f656459, data/eucri.db",
        confidence="estimate",
        # Some days were computed later than they were; the copy is of the commit's day.
        released="2026-08-22",
        url="https://github.com/markrusch/Compute-Index",
    ),
    columns={
        "observed_on": day(past=True, source="date"),
        "series": text(),
        "usd_per_chip_hour": amount(high=100, source="value_usd"),
        "sources_counted": amount(high=1000, source="n_sources"),
        "revision_flag": text(nullable=True, source="flags"),
    },
)
