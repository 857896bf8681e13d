-- What a buyer pays and what a chip costs its maker are apart: nobody buys the chips that clouds design for themselves. An
-- offer whose address names another chip is no offer of this one.
{% set raised = "listed.chip_name = 'NVIDIA RTX Pro 6000 Blackwell'" -%}
with shipped as (
    select
        chip_id,
        min(period_start) as first_shipped_on
    from {{ ref('int_chip_shipments') }}
    group by chip_id
),

prices as (
    select
        coalesce(corrections.chip_id, names.chip_id, {{ slug('observed.hardware_model') }}) as chip_id,
        observed.priced_on,
        case
            when
                lower(observed.price_note) like '%list price%' or lower(observed.price_note) like '%release price%'
                or lower(observed.price_note) like '%launch price%'
                then 'list'
            else 'street'
        end as price_basis,
        coalesce(
            corrections.price_unit, case when observed.chips_priced_together > 1 then 'system share' else 'card' end
        ) as price_unit,
        'observation ' || observed.row_id as offer,
        observed.purchase_usd as price_usd_low,
        observed.purchase_usd as price_usd_p50,
        observed.purchase_usd as price_usd_high,
        {{ carried_provenance('observed') }}
    from {{ ref('stg_epoch_hardware_prices') }} as observed
    left join {{ ref('int_chip_names') }} as names on observed.hardware_model = names.alias and names.scope = 'hardware'
    left join {{ ref('chip_price_corrections') }} as corrections
        on
            observed.hardware_model = corrections.chip_as_written
            and observed.priced_on = corrections.priced_on
            and observed.purchase_usd = corrections.price_usd
    where
        observed.purchase_usd > 0
        and (corrections.chip_as_written is null or corrections.chip_id is not null)
        and not (observed.hardware_model like '%H100%' and lower(observed.source_url) like '%a100%')
    union all
    -- Data-centre modules have no public price list: what stands there is an estimate. A price's address is not its data
    -- sheet's, and a price without one is recalled. Of the RTX Pro 6000 upstream has the price after NVIDIA raised it in 2026.
    select
        coalesce(names.chip_id, {{ slug('listed.chip_name') }}),
        case
            when {{ raised }} then date '2026-07-23'
            else coalesce(listed.release_date, listed.reported_on)
        end,
        case
            when
                listed.memory_gb >= 32
                and (
                    listed.chip_name like '%Instinct%' or listed.chip_name like '%SXM%' or listed.chip_name like '%H20'
                    or listed.chip_name like '%B300%' or listed.chip_name like '%Ascend%'
                )
                then 'release_estimate'
            else 'list'
        end,
        'card',
        case when {{ raised }} then 'list price' else 'release price' end,
        listed.release_price_usd,
        listed.release_price_usd,
        listed.release_price_usd,
        listed.source_id,
        listed.source_row,
        listed.release_price_url,
        listed.source_citation,
        case when listed.release_price_url is null then 'not_recorded' else 'recorded' end,
        case when {{ raised }} then date '2026-07-23' else listed.reported_on end,
        case when {{ raised }} then 'upper_bound' else listed.reported_on_basis end,
        case when listed.release_price_url is null then 'recalled' else listed.confidence end,
        listed.retrieved_at
    from {{ ref('stg_epoch_ml_hardware') }} as listed
    left join {{ ref('int_chip_names') }} as names on listed.chip_name = names.alias and names.scope = 'hardware'
    where listed.release_price_usd > 0
    union all
    -- The middle of a band is its geometric mean: prices err by factors. A band of a year before the chip shipped is none.
    select
        names.chip_id,
        bands.period_end,
        'volume_estimate',
        'card',
        'band of ' || bands.period,
        bands.low,
        sqrt(bands.low * bands.high),
        bands.high,
        {{ carried_provenance('bands') }}
    from {{ ref('stg_epoch_chip_sales_inputs') }} as bands
    inner join {{ ref('int_chip_names') }} as names
        on bands.chip_type = names.alias and names.scope = 'epoch_chip_sales'
    inner join shipped on names.chip_id = shipped.chip_id
    where bands.parameter = 'price_per_chip' and bands.period_end > shipped.first_shipped_on
    union all
    select
        chip_id,
        period_start,
        'buyer_cost_estimate',
        'card',
        'approximate cost',
        p50,
        p50,
        p50,
        {{ carried_provenance('costs') | replace('costs.confidence', "'estimate'") }}
    from {{ ref('int_chip_sales_inputs') }} as costs
    where parameter = 'approximate_price'
)

select
    prices.chip_id,
    prices.priced_on,
    case
        when chips.designer_id in ('alphabet', 'amazon', 'meta', 'microsoft') then 'maker_cost_estimate'
        else prices.price_basis
    end as price_basis,
    prices.price_unit,
    prices.offer,
    prices.price_usd_low,
    prices.price_usd_p50,
    prices.price_usd_high,
    {{ carried_provenance('prices') }}
from prices
inner join {{ ref('chips') }} as chips on prices.chip_id = chips.chip_id
-- One offer copied twice, or standing both under a chip and under its vaguer name, is one.
qualify row_number() over (
    partition by prices.chip_id, prices.priced_on, prices.price_basis, prices.price_usd_p50 order by prices.offer
) = 1
and (
    prices.chip_id not like '%-unspecified'
    or count(case when prices.chip_id not like '%-unspecified' then 1 end) over (
        partition by prices.priced_on, prices.price_basis, prices.price_unit, prices.price_usd_p50
    ) = 0
)
