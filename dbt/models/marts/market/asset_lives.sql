-- Of several statements on one change the fullest counts: an effect, of a whole year, as it came, before taxes; then the
-- document nearest to the issuer.
select
    company_id as issuer_id,
    asset_class,
    effective_from,
    effective_from_is,
    life_years_low,
    life_years_high,
    former_life_years,
    effect_usd_m,
    effect_on,
    effect_period,
    effect_is,
    effect_covers,
    count(case when is_new_page then 1 end) over (partition by company_id, asset_class, effective_from) as documents,
    quoted_by,
    read_how,
    {{ carried_provenance('facts') }}
from (
    select
        *,
        row_number() over (
            partition by company_id, asset_class, effective_from, coalesce(source_url, source_citation) order by source_row
        ) = 1 as is_new_page
    from {{ ref('stg_read_asset_lives') }}
) as facts
where company_id is not null
qualify row_number() over (
    partition by company_id, asset_class, effective_from
    order by
        effect_usd_m is null, left(effect_period, 2) in ('FY', 'CY') desc, effect_is = 'realised' desc,
        effect_on = 'net income', {{ document_rank() }}, source_url
) = 1
