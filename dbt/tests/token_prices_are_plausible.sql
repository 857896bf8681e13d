-- No published price asks less for output than for input, over 1,000 USD per million tokens, or a hundred times more or less
-- than others ask for the same model: such a one is per thousand tokens, a teaser or a slip, and is held back.
{{ config(meta={'dagster': {'ref': {'name': 'token_price_history'}}}) }}
with compared as (
    select
        listed_model,
        model_id,
        provider_id,
        input_usd_per_mtok,
        output_usd_per_mtok,
        source_id,
        median(output_usd_per_mtok) over (partition by model_id) as median_of_model,
        count(*) over (partition by model_id) as prices_of_model
    from {{ ref('token_price_history') }}
    where output_usd_per_mtok > 0
)

select *
from compared
where
    output_usd_per_mtok < input_usd_per_mtok
    or greatest(input_usd_per_mtok, output_usd_per_mtok) > 1000
    or (
        prices_of_model >= 3
        and (output_usd_per_mtok > 110 * median_of_model or output_usd_per_mtok < median_of_model / 110)
    )
