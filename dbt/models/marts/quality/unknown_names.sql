-- Names that stand for no known accelerator, provider or segment: listed with the three known names most like them,
-- never guessed into a join. Whoever knows better adds the name to dbt/seeds.
with unknown as (
    select
        'accelerator' as name_kind,
        'prices' as scope,
        chip_as_written as name_as_written,
        source_id,
        count(*) as rows_affected
    from {{ ref('int_rental_offers') }}
    where chip_id is null
    group by all
    union all
    select
        'provider',
        'prices',
        provider_as_written,
        source_id,
        count(*)
    from {{ ref('int_rental_offers') }}
    where provider_id is null
    group by all
    union all
    select
        'accelerator',
        'epoch_chip_sales',
        types.chip_type,
        types.source_id,
        count(*)
    from (
        select
            chip_type,
            source_id
        from {{ ref('stg_epoch_chip_shipments') }}
        union all
        select
            chip_type,
            source_id
        from {{ ref('stg_epoch_chip_owners') }}
    ) as types
    left join {{ ref('int_chip_names') }} as names
        on types.chip_type = names.alias and names.scope = 'epoch_chip_sales'
    where names.chip_id is null
    group by all
    union all
    select
        'accelerator',
        'benchmarks',
        accelerator_as_written,
        source_id,
        count(*)
    from (
        select
            chip_id,
            accelerator_as_written,
            is_mixed_system,
            source_id
        from {{ ref('inference_benchmarks') }}
        union all
        select
            chip_id,
            accelerator_as_written,
            is_mixed_system,
            source_id
        from {{ ref('training_benchmarks') }}
    ) as results
    where chip_id is null and accelerator_as_written is not null and not is_mixed_system
    group by all
    union all
    select
        'filed segment',
        cik,
        -- Two companies can use one name.
        cik || ' ' || member,
        source_id,
        count(*)
    from {{ ref('stg_segment_filings') }}
    where segment_id is null
    group by all
),

known as (
    select
        'accelerator' as name_kind,
        scope,
        alias
    from {{ ref('int_chip_names') }}
    union all
    select
        'provider',
        'prices',
        alias
    from {{ ref('provider_aliases') }}
    union all
    select
        'filed segment',
        cik::string,
        cik::string || ' ' || member
    from {{ ref('filed_segments') }}
)

select
    unknown.name_kind,
    unknown.name_as_written,
    unknown.source_id,
    unknown.rows_affected,
    {{ three_nearest('known.alias', 'unknown.name_as_written') }} as nearest_known_names
from unknown
left join known on unknown.name_kind = known.name_kind and unknown.scope = known.scope
group by all
