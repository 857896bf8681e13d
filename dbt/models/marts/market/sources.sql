-- What each source is, what it gave in this run, and how old its newest fact known by then is.
select
    catalogue.source_id,
    catalogue.title,
    catalogue.domain,
    catalogue.licence,
    catalogue.credit,
    catalogue.url,
    catalogue.cadence,
    catalogue.mode,
    catalogue.rows_in::bigint as rows_in,
    catalogue.rows_rejected::bigint as rows_rejected,
    catalogue.rows_known::bigint as rows_known,
    catalogue.newest_fact::date as newest_fact,
    {{ days_between('catalogue.newest_fact::date', 'context.as_of') }} as age_days,
    catalogue.max_age_days::bigint as max_age_days,
    case
        when catalogue.rows_known = 0 then 'nothing known by then'
        when catalogue.cadence like 'ended%' then 'ended'
        when catalogue.stale_message is not null then 'stale'
        when age_days > catalogue.max_age_days then 'stale'
        else 'fresh'
    end as status,
    case
        when catalogue.stale_message is not null then catalogue.stale_message
        when age_days > catalogue.max_age_days
            then
                'Source ' || catalogue.source_id || ': its newest fact is ' || age_days || ' days old; it goes stale after '
                || catalogue.max_age_days::bigint
    end as message,
    catalogue.required as is_required,
    catalogue.retrieved_at::date as retrieved_at,
    catalogue.snapshot_sha256
from {{ source('raw', 'source_catalogue') }} as catalogue
cross join {{ ref('stg_run_context') }} as context
