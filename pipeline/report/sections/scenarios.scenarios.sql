with ends as (
    select
        scenario_id,
        case target_id
            when 'operational_h100e_16bit' then 'fleet'
            when 'ai_accelerator_revenue' then 'revenue of accelerators'
            when 'inference_share_chip_hours' then 'inference''s share of chip-hours' else 'electricity'
        end as quantity,
        max_by(value, target_period) as median
    from forecast.quantiles
    where
        target_id in ('operational_h100e_16bit', 'ai_accelerator_revenue', 'inference_share_chip_hours', 'facility_electricity')
        and entity_id in ('all-tracked', 'all-merchants', 'tracked-fleet') and period_kind = 'calendar_year'
        and output_type_id = 0.5 and (is_recommended or scenario_id <> 'base')
        and origin_date = (select max(every.origin_date) from forecast.quantiles as every)
    group by scenario_id, target_id
),

moved as (
    select
        ends.scenario_id,
        ends.quantity,
        100 * (ends.median / base.median - 1) as change_pct
    from ends inner join ends as base on ends.quantity = base.quantity and base.scenario_id = 'base'
)

select
    name,
    any_value(description) as description,
    replace(
        string_agg(distinct format('{} {:+.0f}%', quantity, change_pct), ', ' order by format('{} {:+.0f}%', quantity, change_pct))
        filter (where abs(change_pct) >= 1), ' -', ' −'
    ) as moves,
    string_agg(distinct quantity, ', ' order by quantity) filter (where abs(change_pct) < 1) as leaves
from forecast.scenarios left join moved using (scenario_id)
where scenario_id <> 'base'
group by name
order by name
