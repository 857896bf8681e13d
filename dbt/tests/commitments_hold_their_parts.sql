-- A part is no larger than the whole, a wider figure no smaller than what it holds, and parts by the year in which they
-- are due add up to the whole where all are known (NVIDIA's, to its rounding of a billion USD).
{{ config(meta={'dagster': {'ref': {'name': 'commitments'}}}) }}
with held as (
    select
        part.issuer_id,
        part.kind,
        part.part,
        part.as_of,
        part.value_usd_m as part_usd_m,
        whole.value_usd_m as whole_usd_m
    from {{ ref('commitments') }} as part
    inner join {{ ref('commitments') }} as whole
        on
            part.issuer_id = whole.issuer_id
            and part.side = whole.side
            and part.as_of = whole.as_of
            and part.overlaps_with = whole.kind || ' of ' || whole.scope
            and whole.part = 'whole'
            and (part.part = 'whole' or part.definition = whole.definition)
),

due as (
    select
        issuer_id,
        kind,
        'all that is due' as part,
        as_of,
        sum(part_usd_m) as part_usd_m,
        max(whole_usd_m) as whole_usd_m
    from held
    where part like 'due in FY%' or part like 'due in rest of FY%'
    group by issuer_id, kind, as_of
    having count(*) > 1
)

select * from held
where part_usd_m > whole_usd_m
union all
select * from due
where abs(part_usd_m - whole_usd_m) > 1000
