-- What Azure rents as NC with an H100 is an H100 NVL, with an A100 the 80 GB PCIe card, as ND the SXM module; nobody rents a DGX
-- Station or a P4 of Azure; clouds rent a K80 by its half; of the list that Epoch took in 2022 only Google has a P4, for 0.84,
-- and nobody a P40; one provider's price of a chip in one place and day does not differ by half.
{{ config(meta={'dagster': {'ref': {'name': 'rental_prices_by_terms'}}}) }}
select
    provider_id,
    chip_id,
    priced_on,
    offer,
    usd_per_chip_hour
from {{ ref('rental_prices_by_terms') }}
where
    offer like '%NC%H100%' and chip_id <> 'nvidia-h100-nvl'
    or offer like '%NC%A100_v4' and chip_id <> 'nvidia-a100-pcie-80gb'
    or offer like '%ND%H100%' and chip_id <> 'nvidia-h100-sxm'
    or chip_id like '%dgxs%'
    or (provider_id = 'azure' and chip_id in ('nvidia-tesla-p4', 'nvidia-a100-pcie-40gb'))
    or chip_id = 'nvidia-tesla-k80'
    or (
        source_url like '%/cloud-gpus.csv'
        and chip_id in ('nvidia-tesla-p4', 'nvidia-p40')
        and (provider_id <> 'google-cloud' or chip_id = 'nvidia-p40' or usd_per_chip_hour <> 0.84)
    )
union all
select
    provider_id,
    chip_id,
    priced_on,
    terms,
    max(usd_per_chip_hour)
from {{ ref('rental_prices_by_terms') }}
where provider_id not in ('vast-ai', 'runpod')
group by provider_id, chip_id, priced_on, region, terms, source_id
having max(usd_per_chip_hour) > 1.5 * min(usd_per_chip_hour)
