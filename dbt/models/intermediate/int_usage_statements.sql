-- Statements on tokens and users as we show them: corrected where a seed says why, under one name for a scope or product, and
-- one row for one statement. What two sources tell of one organisation and name within three months and 3% is one statement: it
-- keeps the figure of the gathered table, which is the one stated, with the earlier day, for a period ends before it is told of.
with stated as (
    select
        organisation,
        scope as statement,
        scope as name_as_written,
        observed_on as stated_for,
        disclosed_unit as stated_in,
        tokens_per_day,
        null::double as active_users_m,
        null::string as active_per,
        document_title,
        quoted_by,
        read_how,
        {{ carried_provenance('gathered') }}
    from {{ ref('stg_curated_token_disclosures') }} as gathered
    union all
    select
        organisation,
        product,
        product,
        observed_on,
        'statement',
        null,
        active_users_m,
        active_per,
        document_title,
        quoted_by,
        read_how,
        {{ carried_provenance('gathered') }}
    from {{ ref('stg_curated_user_disclosures') }} as gathered
    union all
    select
        organisation,
        report,
        product,
        observed_on,
        'tokens per day (' || report || ')',
        tokens_per_day,
        null,
        null,
        source_citation,
        'Epoch AI',
        'data',
        {{ carried_provenance('reports') }}
    from {{ ref('stg_epoch_usage_reports') }} as reports
    where tokens_per_day is not null
    union all
    select
        organisation,
        report,
        product,
        observed_on,
        report,
        null,
        active_users / 1e6,
        active_per,
        source_citation,
        'Epoch AI',
        'data',
        {{ carried_provenance('reports') }}
    from {{ ref('stg_epoch_usage_reports') }} as reports
    where active_users is not null and active_per is not null
),

corrected as (
    select
        coalesce(aliases.company_id, {{ slug('stated.organisation') }}) as organisation_id,
        coalesce(corrections.product, names.name, stated.name_as_written) as name,
        coalesce(corrections.observed_on, stated.stated_for) as observed_on,
        stated.stated_in,
        stated.tokens_per_day,
        coalesce(corrections.active_users_m, stated.active_users_m) as active_users_m,
        stated.active_per,
        coalesce(stated.tokens_per_day, corrections.active_users_m, stated.active_users_m) as figure,
        stated.document_title,
        stated.quoted_by,
        stated.read_how,
        {{ carried_provenance('stated') | replace(
            'stated.reported_on,', 'greatest(stated.reported_on, corrections.observed_on) as reported_on,'
        ) }}
    from stated
    left join {{ ref('usage_corrections') }} as corrections
        on
            stated.source_id = corrections.source_id
            and stated.organisation = corrections.organisation
            and stated.statement = corrections.statement
            and stated.stated_for = corrections.stated_for
    left join {{ ref('usage_names') }} as names
        on stated.organisation = names.organisation and stated.name_as_written = names.name_as_written
    left join {{ ref('stg_company_aliases') }} as aliases on lower(stated.organisation) = aliases.alias
    where not coalesce(corrections.is_withheld, false)
),

told_twice as (
    select
        gathered.source_row as gathered_row,
        reports.source_row as report_row,
        reports.observed_on,
        reports.source_url,
        reports.quoted_by,
        reports.read_how,
        reports.reported_on,
        row_number() over (partition by gathered.source_row order by reports.observed_on) as place
    from corrected as gathered
    inner join corrected as reports
        on
            gathered.organisation_id = reports.organisation_id
            and gathered.name = reports.name
            and coalesce(gathered.active_per, '') = coalesce(reports.active_per, '')
            and (gathered.tokens_per_day is null) = (reports.tokens_per_day is null)
            and abs({{ days_between('gathered.observed_on', 'reports.observed_on') }}) <= 92
            and abs(gathered.figure / reports.figure - 1) <= 0.03
    where gathered.source_id like 'curated%' and reports.source_id = 'epoch_usage_reports'
)

select
    corrected.organisation_id,
    corrected.name,
    least(corrected.observed_on, twice.observed_on) as observed_on,
    corrected.stated_in,
    corrected.tokens_per_day,
    corrected.active_users_m,
    corrected.active_per,
    corrected.document_title,
    case when corrected.source_url is null then twice.quoted_by else corrected.quoted_by end as quoted_by,
    case when corrected.source_url is null then twice.read_how else corrected.read_how end as read_how,
    corrected.source_id,
    corrected.source_row,
    coalesce(corrected.source_url, twice.source_url) as source_url,
    corrected.source_citation,
    case when coalesce(corrected.source_url, twice.source_url) is null then 'not_recorded' else 'recorded' end as url_status,
    least(corrected.reported_on, twice.reported_on) as reported_on,
    corrected.reported_on_basis,
    corrected.confidence,
    corrected.retrieved_at
from corrected
left join told_twice as twice on corrected.source_row = twice.gathered_row and twice.place = 1
where corrected.source_row not in (select report_row from told_twice)
