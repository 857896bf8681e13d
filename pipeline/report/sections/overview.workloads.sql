pivot (
    select
        accounting,
        evidence_class,
        workload,
        case accounting when 'chip_hours' then 1e9 when 'executed_flop' then 1e27 else 1e3 end as scale,
        p10 / scale as p10,
        p50 / scale as p50,
        p90 / scale as p90
    from forecast.compute_demand
    where scenario_id = 'base' and period_kind = 'calendar_year' and target_period = '{year}'
) on workload in ('inference', 'training_and_rnd', 'total')
using first(p10) as p10, first(p50) as p50, first(p90) as p90
order by accounting
