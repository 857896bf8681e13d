with recalled as (
    select
        entity_id,
        horizon,
        recalled_share
    from forecast.scores
    where
        model_id = 'recommended' and metric = 'log_wis' and target_window = 'all' and panel = 'spliced'
        and baseline_id is null
)

select
    1 as place,
    entity_name as what,
    target_period,
    p10 / 1000 as p10,
    p50 / 1000 as p50,
    p90 / 1000 as p90,
    'USD billion' as unit,
    evidence_class,
    is_nowcast,
    recalled_share
from forecast.vendor_revenue left join recalled using (entity_id, horizon)
where (entity_id = 'merchant_dc_silicon_total' and period_kind = 'quarter' and horizon = 1)
union all by name
select
    2 as place,
    entity_name as what,
    target_period,
    p10 / 1000 as p10,
    p50 / 1000 as p50,
    p90 / 1000 as p90,
    'USD billion' as unit,
    evidence_class,
    recalled_share
from forecast.vendor_revenue left join recalled using (entity_id, horizon)
where entity_id = 'nvidia-data-center' and period_kind = 'calendar_year' and target_period = '{next_year}'
union all by name
select
    3 as place,
    'Operational fleet, tracked designers' as what,
    target_period,
    max(value) filter (output_type_id = 0.1) / 1e6 as p10,
    max(value) filter (output_type_id = 0.5) / 1e6 as p50,
    max(value) filter (output_type_id = 0.9) / 1e6 as p90,
    'million H100e' as unit,
    evidence_class
from forecast.quantiles
where
    target_id = 'operational_h100e_16bit' and entity_id = 'all-tracked' and period_kind = 'quarter'
    and scenario_id = 'base' and is_recommended and origin_date = (select max(every.origin_date) from forecast.quantiles as every)
    and date_trunc('quarter', target_end_date) = date_trunc('quarter', date '{as_of}')
group by target_period, evidence_class
union all by name
select
    4 as place,
    'Inference share of the fleet''s chip-hours' as what,
    target_period,
    p10,
    p50,
    p90,
    'share' as unit,
    evidence_class
from forecast.inference_share
where
    scenario_id = 'base' and accounting = 'chip_hours' and flow_or_stock = 'stock'
    and period_kind = 'calendar_year' and target_period = '{year}'
order by place
