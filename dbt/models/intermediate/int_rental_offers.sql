-- Every hourly offer of a price list, whatever the chip; offers, not transactions.
{% set with_memory = "gpu_type || '-' || gpu_memory_gb::int::string" %}
{% set cloud = dict(
    model='stg_cloud_list_prices', provider='cloud', region='region', offer='sku', chip_name='gpu_type',
    chip_name_with_memory=with_memory, memory_gb='gpu_memory_gb'
) %}
{% set observed = dict(
    model='stg_epoch_hardware_prices', provider='vendor', region="coalesce(location, 'not stated')",
    offer="'observation ' || row_id", chip_name='hardware_model'
) %}
{# Azure sells savings plans since October 2022, and its page of prices shows them first: from November the observed A100 asks
   3.06 for a year, where a reservation asked 2.40, on demand being the same 3.67. -#}
{% set commitment = "case when vendor = 'Microsoft Azure' and priced_on >= '2022-11-01' then 'savings_plan' else 'reserved' end" -%}
{% set instance = dict(region='region', chip_name='instance_type', known_chip_id='chip_id', is_unknown_instance='is_unknown_instance') %}
{% set kind = "case pricing when 'on demand' then 'on_demand' when 'DWS flex start' then 'flex_start' else 'contract' end" %}

with offers as (
    {{ [
        offers_of(usd_per_chip_hour='on_demand_usd_per_chip_hour', **cloud),
        offers_of(usd_per_chip_hour='spot_usd_per_chip_hour', terms="'spot'", **cloud),
        offers_of(usd_per_chip_hour='on_demand_usd_per_chip_hour', **observed),
        offers_of(usd_per_chip_hour='one_year_usd_per_chip_hour', terms=commitment ~ " || '_1_year'", **observed),
        offers_of(usd_per_chip_hour='three_year_usd_per_chip_hour', terms=commitment ~ " || '_3_years'", **observed),
        offers_of('stg_curated_accelerator_prices', terms=kind, offer='pricing', chip_name='accelerator'),
        offers_of('stg_azure_retail_prices', provider="'azure'", terms='terms', **instance),
        offers_of('stg_aws_ec2_prices', provider="'aws'", terms='terms', offer='instance_type', **instance),
        offers_of('stg_dstack_gpu_catalog', region='region', terms='terms', machine='instance_type', memory_gb='memory_gb'),
        offers_of(
            'stg_vast_offers', provider="'vast.ai'", region='region', offer="'marketplace offer ' || offer_id", memory_gb='memory_gb'
        ),
        offers_of('stg_runpod_offers', provider="'RunPod'", terms='terms', chip_name='gpu_id', memory_gb='memory_gb'),
    ] | join('\n    union all\n    ') }}
),

-- A machine's name says more of its chip than the list does: an H100 in Azure's NC is an H100 NVL, in its ND an H100 SXM.
named as (
    select
        offers.priced_on,
        providers.provider_id,
        offers.provider as provider_as_written,
        coalesce(offers.known_chip_id, machines.chip_id, by_memory.chip_id, by_name.chip_id, described.chip_id) as listed_chip_id,
        offers.chip_name as chip_as_written,
        -- Google's zones (us-central1-a) are places in a region.
        coalesce(regions.region, {{ replace_matches('offers.region', '^([a-z]+-[a-z]+[0-9]+)-[a-z]$', '\\1') }}) as region,
        offers.terms,
        offers.offer,
        -- A list that counts a sixth of a chip as one does not say so; the machine's name does.
        offers.usd_per_chip_hour
        / case when offers.known_chip_id is null and machines.accelerators < 1 then machines.accelerators else 1 end
            as usd_per_chip_hour,
        -- Of a machine that the seed has, the chip is known whatever the list says of its memory.
        case when machines.chip_id is null then offers.memory_gb end as memory_gb,
        -- One observation is one offer under several terms, so its price on demand finds the correction for all of them.
        max(case when offers.terms = 'on_demand' then offers.usd_per_chip_hour end) over (
            partition by offers.source_id, offers.source_row, offers.offer
        ) as on_demand_usd_per_chip_hour,
        {{ carried_provenance('offers') }}
    from offers
    left join {{ ref('provider_aliases') }} as providers on offers.provider = providers.alias
    left join {{ ref('cloud_instances') }} as machines
        on offers.provider = machines.cloud and machines.instance_type in (offers.machine, 'Standard_' || offers.machine)
    left join {{ ref('regions') }} as regions
        on providers.provider_id = regions.provider_id and offers.region = regions.region_as_written
    left join {{ ref('int_chip_names') }} as by_memory
        on offers.chip_name_with_memory = by_memory.alias and by_memory.scope = 'prices'
    left join {{ ref('int_chip_names') }} as by_name
        on offers.chip_name = by_name.alias and by_name.scope = 'prices'
    -- A price list that writes a chip's name exactly as the hardware table does means that chip.
    left join {{ ref('int_chip_figures') }} as described
        on
            offers.chip_name = described.chip_name
            and described.source_id = 'epoch_ml_hardware'
            and described.figure = 'release_date'
    where offers.provider is not null and (offers.usd_per_chip_hour > 0 or offers.is_unknown_instance)
),

corrected as (
    select
        named.*,
        case when corrections.provider_id is null then named.listed_chip_id else corrections.chip_id end as chip_id,
        case when corrections.provider_id is not null and corrections.chip_id is null then corrections.reason end as withheld_because
    from named
    left join {{ ref('rental_offer_corrections') }} as corrections
        on
            named.source_id = corrections.source_id
            and named.provider_id = corrections.provider_id
            and named.chip_as_written = corrections.chip_as_written
            and (named.on_demand_usd_per_chip_hour = corrections.usd_per_chip_hour or corrections.usd_per_chip_hour is null)
    qualify row_number() over (
        partition by named.source_row, named.terms, named.offer order by corrections.usd_per_chip_hour nulls last
    ) = 1
),

sized as (
    select
        {{ all_but('corrected', ['withheld_because', 'memory_gb']) }},
        case
            when corrected.withheld_because is not null then corrected.withheld_because
            -- Lists count in GB or GiB and leave out what a chip keeps for itself: a B300 of 288 GB is listed with 270.
            when corrected.memory_gb not between 0.85 * chips.memory_gb and 1.15 * chips.memory_gb
                then 'its memory is not that of the chip: a part of one, or another chip'
        end as withheld_because
    from corrected
    left join {{ ref('int_chips') }} as chips on corrected.chip_id = chips.chip_id
)

-- A cloud sells one chip in machines of several sizes: what asks half as much again as its smallest does so for processors and
-- memory. On a marketplace offers of one chip differ by who makes them.
select
    {{ all_but('sized', ['listed_chip_id', 'on_demand_usd_per_chip_hour', 'withheld_because']) }},
    case
        when withheld_because is not null then withheld_because
        when
            provider_id not in ('vast-ai', 'runpod')
            and usd_per_chip_hour > 1.5 * min(case when withheld_because is null then usd_per_chip_hour end) over (
                partition by priced_on, provider_id, chip_id, region, terms, source_id
            )
            then 'half as much again as the provider asks for the chip in its cheapest machine'
    end as held_back_because
from sized
