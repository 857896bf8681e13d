with prices as (
    select
        coalesce(names.chip_id, {{ slug('observed.hardware_model') }}) as chip_id,
        observed.priced_on,
        'street' as price_basis,
        'observation ' || observed.row_id as offer,
        observed.purchase_usd as price_usd_low,
        observed.purchase_usd as price_usd_p50,
        observed.purchase_usd as price_usd_high,
        {{ carried_provenance('observed') }}
    from {{ ref('stg_epoch_hardware_prices') }} as observed
    left join {{ ref('int_chip_names') }} as names on observed.hardware_model = names.alias and names.scope = 'hardware'
    where observed.purchase_usd > 0
    union all
    select
        coalesce(names.chip_id, {{ slug('listed.chip_name') }}),
        coalesce(listed.release_date, listed.reported_on),
        'list',
        'release price',
        listed.release_price_usd,
        listed.release_price_usd,
        listed.release_price_usd,
        {{ carried_provenance('listed') }}
    from {{ ref('stg_epoch_ml_hardware') }} as listed
    left join {{ ref('int_chip_names') }} as names on listed.chip_name = names.alias and names.scope = 'hardware'
    where listed.release_price_usd > 0
    union all
    -- The middle of a band is its geometric mean: prices err by factors.
    select
        names.chip_id,
        bands.period_end,
        'volume_estimate',
        'band of ' || bands.period,
        bands.low,
        sqrt(bands.low * bands.high),
        bands.high,
        {{ carried_provenance('bands') }}
    from {{ ref('stg_epoch_chip_sales_inputs') }} as bands
    inner join {{ ref('int_chip_names') }} as names
        on bands.chip_type = names.alias and names.scope = 'epoch_chip_sales'
    where bands.parameter = 'price_per_chip'
)

select
    chip_id,
    priced_on,
    price_basis,
    offer,
    price_usd_low,
    price_usd_p50,
    price_usd_high,
    {{ carried_provenance('prices') }}
from prices
