with carried as (
    select
        base.calendar_quarter,
        string_agg(vendors.vendor_name, ', ' order by vendors.vendor_name) as extrapolated_designers
    from market.installed_base as base
    inner join market.vendors as vendors on list_contains(string_split(base.extrapolated_designers, ', '), vendors.vendor_id)
    where base.designer_id = 'all-tracked' and not base.is_forecast
    group by base.calendar_quarter
)

select
    calendar_quarter as period,
    period_end,
    operational_h100e_16bit_p05 / 1e6 as p05,
    operational_h100e_16bit_p50 / 1e6 as p50,
    operational_h100e_16bit_p95 / 1e6 as p95,
    false as is_forecast,
    carried.extrapolated_designers,
    evidence_class
from market.installed_base left join carried using (calendar_quarter)
where designer_id = 'all-tracked' and not is_forecast
union all by name
select
    target_period as period,
    target_end_date as period_end,
    max(value) filter (output_type_id = 0.05) / 1e6 as p05,
    max(value) filter (output_type_id = 0.5) / 1e6 as p50,
    max(value) filter (output_type_id = 0.95) / 1e6 as p95,
    true as is_forecast,
    evidence_class
from forecast.quantiles
where
    target_id = 'operational_h100e_16bit' and entity_id = 'all-tracked' and period_kind = 'quarter'
    and scenario_id = 'base' and is_recommended and origin_date = (select max(every.origin_date) from forecast.quantiles as every)
    and target_end_date <= date '{as_of}' + interval 28 month
group by target_period, target_end_date, evidence_class
order by period_end
