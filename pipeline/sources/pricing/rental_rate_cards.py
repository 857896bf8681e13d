"""Monthly on-demand list prices of a GPU-hour by provider, read by others from archived copies of price pages."""

from pipeline.sources.base import Provenance, Source, amount, day, last_days, text

SOURCE = Source(
    title="GPU rental rate cards by provider and month",
    description="On-demand list prices restated by the gatherer to one SXM GPU of an eight-GPU NVLink node "
    "(its factors: PCIe 1.18, unknown form 1.09, Ethernet 1.12, no fabric 1.15, one or two GPUs .92 to .95). "
    "Eleven providers, no hyperscaler.",
    licence="no licence stated; values quoted with attribution",
    credit="henryzhangpku/gpu-price-index",
    cadence="monthly",
    files=("rental_rate_cards/provider_months.csv",),
    key=("period_start", "chip_id", "provider_id"),
    provenance=Provenance(
        "henryzhangpku/gpu-price-index, archived price page of {provider_id}",
        confidence="estimate",
        reported_on="{month_end}",
        basis="price_date",
        url="https://github.com/henryzhangpku/gpu-price-index/blob/f741b56d6f8615757008a24372d340cc13f9d2f4/series/backfill_ratecards.csv",
    ),
    # A price holds for a month, which is over on the day that it is known.
    tidy=lambda listed: listed.assign(month_end=last_days(listed["period_start"].str[:7])),
    columns={
        "period_start": day(past=True),
        "chip_id": text(),
        "provider_id": text(),
        "usd_per_chip_hour": amount(high=100, source="usd_per_gpu_hour_standard"),
    },
)
