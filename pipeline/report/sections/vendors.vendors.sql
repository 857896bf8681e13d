with years as (
    select * from forecast.vendor_revenue
    where period_kind = 'calendar_year'
)

select
    q.entity_name,
    q.target_period as quarter,
    q.is_nowcast,
    q.p10 / 1000 as q10,
    q.p50 / 1000 as q50,
    q.p90 / 1000 as q90,
    coalesce(q.guidance_mid, y0.guidance_mid) / 1000 as guided,
    case
        when q.guidance_mid is not null then q.target_period
        when y0.guidance_mid is not null then y0.target_period
    end as guided_for,
    q.evidence_class as q_evidence,
    y.target_period as year,
    y.p10 / 1000 as y10,
    y.p50 / 1000 as y50,
    y.p90 / 1000 as y90,
    y.evidence_class as y_evidence
from forecast.vendor_revenue as q
left join years as y on q.entity_id = y.entity_id and y.target_period = '{next_year}'
left join years as y0 on q.entity_id = y0.entity_id and y0.target_period = '{year}'
where q.period_kind = 'quarter' and q.horizon = 1
order by q.entity_id like 'capex%', q50 desc
