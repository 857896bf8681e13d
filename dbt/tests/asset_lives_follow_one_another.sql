-- Servers are written off over three to six years (Amazon's three of 2015 to the six of today), network equipment over two
-- to six; a change starts from the life that the row before it has, and its effect has the sign of the change;
-- a document with two effects is one document.
{{ config(meta={'dagster': {'ref': {'name': 'asset_lives'}}}) }}
with steps as (
    select
        *,
        lag(life_years_high) over (partition by issuer_id, asset_class order by effective_from) as before_years
    from {{ ref('asset_lives') }}
)

select *
from steps
where
    (
        (asset_class like '%servers%' or asset_class like '%network%' or asset_class = 'technology equipment')
        and (life_years_low < 2 or life_years_high > 6)
    )
    or (asset_class = 'servers' and life_years_low < 3)
    or life_years_low > life_years_high
    or (asset_class = 'servers' and former_life_years <> before_years)
    or effect_usd_m * (life_years_high - former_life_years) < 0
    or documents <> (
        select count(distinct coalesce(facts.source_url, facts.source_citation))
        from {{ ref('stg_read_asset_lives') }} as facts
        where
            facts.company_id = steps.issuer_id
            and facts.asset_class = steps.asset_class
            and facts.effective_from = steps.effective_from
    )
