select
    target_period as year,
    bucket,
    p10,
    p50,
    p90,
    is_extrapolated,
    evidence_class
from forecast.reconciliation
where
    scenario_id = 'base' and period_kind = 'calendar_year' and unit = 'share_of_capacity'
    and target_period in ('{last_year}', '{year}')
    and bucket in (
        'llm_inference', 'final_training_runs', 'other_rnd',
        'unexplained_inference', 'unexplained_training_and_rnd', 'unexplained'
    )
order by year, bucket
