select
    coalesce(entity_name, c.entity_id) as what,
    c.target_period,
    c.previous_p50 / 1000 as previous_usd_bn,
    c.p50 / 1000 as now_usd_bn,
    c.change_pct,
    c.attributed_to,
    c.evidence_class,
    c.previous_origin_date,
    c.origin_date
from forecast.changes as c left join forecast.vendor_revenue using (entity_id, period_kind, target_period)
where c.target_id in ('vendor_revenue', 'capex') and c.period_kind = 'calendar_year' and c.target_period = '{next_year}'
order by abs(c.change_pct) desc
