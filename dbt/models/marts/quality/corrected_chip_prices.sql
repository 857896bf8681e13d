-- What a source gives as the price of a chip and we show at another, or not at all.
select
    corrections.priced_on,
    corrections.chip_as_written,
    corrections.price_usd,
    case when corrections.chip_id is null then 'withheld' else 'corrected' end as what_is_done,
    corrections.chip_id as shown_as,
    corrections.reason,
    observed.source_id,
    observed.source_row,
    observed.source_url,
    observed.reported_on
from {{ ref('chip_price_corrections') }} as corrections
inner join {{ ref('stg_epoch_hardware_prices') }} as observed
    on
        corrections.chip_as_written = observed.hardware_model
        and corrections.priced_on = observed.priced_on
        and corrections.price_usd = observed.purchase_usd
