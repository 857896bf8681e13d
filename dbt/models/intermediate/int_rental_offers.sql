-- Every hourly offer of a price list, whatever the chip; offers, not transactions.
with offers as (
    select
        priced_on,
        cloud as provider,
        region,
        'on_demand' as terms,
        sku as offer,
        gpu_type || '-' || gpu_memory_gb::int::string as chip_name_with_memory,
        gpu_type as chip_name,
        on_demand_usd_per_chip_hour as usd_per_chip_hour,
        {{ carried_provenance('listed') }},
        null::string as known_chip_id,
        false as is_unknown_instance
    from {{ ref('stg_cloud_list_prices') }} as listed
    union all
    select
        priced_on,
        cloud,
        region,
        'spot',
        sku,
        gpu_type || '-' || gpu_memory_gb::int::string,
        gpu_type,
        spot_usd_per_chip_hour,
        {{ carried_provenance('listed') }},
        null,
        false
    from {{ ref('stg_cloud_list_prices') }} as listed
    {% for column, terms in [
        ('on_demand_usd_per_chip_hour', 'on_demand'),
        ('one_year_usd_per_chip_hour', 'reserved_1_year'),
        ('three_year_usd_per_chip_hour', 'reserved_3_years'),
    ] %}
        union all
        select
            priced_on,
            vendor,
            coalesce(location, 'not stated'),
            '{{ terms }}',
            'observation ' || row_id,
            hardware_model,
            hardware_model,
            {{ column }},
            {{ carried_provenance('observed') }},
            null,
            false
        from {{ ref('stg_epoch_hardware_prices') }} as observed
        where vendor is not null
    {% endfor %}
    union all
    select
        priced_on,
        provider,
        'not stated',
        case pricing when 'on demand' then 'on_demand' when 'DWS flex start' then 'flex_start' else 'contract' end,
        pricing,
        accelerator,
        accelerator,
        usd_per_chip_hour,
        {{ carried_provenance('gathered') }},
        null,
        false
    from {{ ref('stg_curated_accelerator_prices') }} as gathered
    union all
    select
        priced_on,
        'azure',
        region,
        terms,
        offer,
        instance_type,
        instance_type,
        usd_per_chip_hour,
        {{ carried_provenance('azure') }},
        chip_id,
        is_unknown_instance
    from {{ ref('stg_azure_retail_prices') }} as azure
    union all
    select
        priced_on,
        'aws',
        region,
        terms,
        instance_type,
        instance_type,
        instance_type,
        usd_per_chip_hour,
        {{ carried_provenance('aws') }},
        chip_id,
        is_unknown_instance
    from {{ ref('stg_aws_ec2_prices') }} as aws
    union all
    select
        priced_on,
        provider,
        region,
        terms,
        offer,
        chip_name,
        chip_name,
        usd_per_chip_hour,
        {{ carried_provenance('dstack') }},
        chip_id,
        false
    from {{ ref('stg_dstack_gpu_catalog') }} as dstack
    union all
    select
        priced_on,
        'vast.ai',
        region,
        'on_demand',
        'marketplace offer ' || offer_id,
        chip_name,
        chip_name,
        usd_per_chip_hour,
        {{ carried_provenance('vast') }},
        null,
        false
    from {{ ref('stg_vast_offers') }} as vast
    union all
    select
        priced_on,
        'RunPod',
        'not stated',
        terms,
        offer,
        gpu_id,
        gpu_id,
        usd_per_chip_hour,
        {{ carried_provenance('runpod') }},
        null,
        false
    from {{ ref('stg_runpod_offers') }} as runpod
)

select
    offers.priced_on,
    providers.provider_id,
    offers.provider as provider_as_written,
    coalesce(offers.known_chip_id, by_memory.chip_id, by_name.chip_id, described.chip_id) as chip_id,
    offers.chip_name as chip_as_written,
    offers.region,
    offers.terms,
    offers.offer,
    offers.usd_per_chip_hour,
    {{ carried_provenance('offers') }}
from offers
left join {{ ref('providers') }} as providers on offers.provider = providers.alias
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
where offers.usd_per_chip_hour > 0 or offers.is_unknown_instance
