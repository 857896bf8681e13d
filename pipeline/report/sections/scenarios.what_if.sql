-- What every scenario is told for, at the newest origin.
with newest as (
    select
        *,
        if(target_id = 'operational_h100e_16bit', value / 1e6, value / 1e3) as shown
    from forecast.quantiles
    where
        period_kind = 'quarter' and (is_recommended or scenario_id <> 'base')
        and origin_date = (select max(every.origin_date) from forecast.quantiles as every)
        and (
            target_id = 'vendor_revenue'
            or (target_id in ('ai_accelerator_revenue', 'operational_h100e_16bit') and entity_id like 'all-%')
        )
),

names as (
    select distinct
        entity_id,
        entity_name
    from forecast.vendor_revenue
)

select
    case target_id
        when 'operational_h100e_16bit' then 'Operational fleet, million H100e (16-bit dense)'
        when 'ai_accelerator_revenue' then 'AI accelerators of all merchants, USD billion a quarter'
        else names.entity_name || ', USD billion a quarter'
    end as quantity,
    scenario_id,
    target_period as period,
    target_end_date as period_end,
    max(shown) filter (output_type_id = 0.1) as p10,
    max(shown) filter (output_type_id = 0.5) as p50,
    max(shown) filter (output_type_id = 0.9) as p90,
    evidence_class
from newest left join names using (entity_id)
where
    (target_id, entity_id) in (
        select (told.target_id, told.entity_id) from newest as told
        where told.scenario_id <> 'base'
    )
group by target_id, names.entity_name, scenario_id, target_period, target_end_date, evidence_class
order by target_id <> 'operational_h100e_16bit', quantity, scenario_id <> 'base', scenario_id, period_end
