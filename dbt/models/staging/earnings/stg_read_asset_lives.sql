-- Statements that the issuer's own report contradicts stay in the source.
select
    aliases.company_id,
    facts.asset_class,
    facts.effective_from::date as effective_from,
    facts.effective_from_is,
    facts.life_years_low,
    facts.life_years_high,
    facts.former_life_years,
    facts.effect_usd_m,
    facts.effect_on,
    facts.effect_period,
    facts.effect_is,
    facts.effect_covers,
    facts.source_kind,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('read_asset_lives') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.issuer) = aliases.alias
where facts.given_as <> 'disputed'
