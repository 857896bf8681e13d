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
        'idle', 'llm_inference', 'non_llm_inference', 'non_llm_training', 'final_training_runs', 'research_runs',
        'batch_work', 'unexplained'
    )
order by year, bucket
