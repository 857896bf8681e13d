-- What market.data_centers saw running by the day of its file is not planned here.
with running as (
    select
        clusters.cluster_name,
        clusters.cluster_number,
        max_by(centers.h100e, centers.milestone_on) as h100e_at_data_center,
        min(centers.milestone_on) filter (where centers.h100e > 0) as first_running_on,
        min(centers.milestone_on) filter (
            where centers.h100e >= 0.95 * coalesce(clusters.h100e_of_chips, clusters.h100e, 0) and centers.h100e > 0
        ) as reached_on
    from {{ ref('int_gpu_clusters') }} as clusters
    inner join {{ ref('cluster_sites') }} as sites on clusters.site = sites.site
    inner join {{ ref('stg_epoch_data_centers') }} as centers
        on
            sites.data_center = centers.site
            and centers.milestone_on <= centers.reported_on
            and centers.h100e is not null
    group by clusters.cluster_name, clusters.cluster_number
),

settled as (
    select
        clusters.*,
        running.h100e_at_data_center,
        running.reached_on,
        case
            when clusters.status <> 'Planned' or coalesce(running.h100e_at_data_center, 0) = 0 then clusters.status
            when running.reached_on is not null then 'Existing'
            when coalesce(clusters.phase, 1) = 1 then 'Partly existing'
            else clusters.status
        end as settled_status
    from {{ ref('int_gpu_clusters') }} as clusters
    left join running
        on clusters.cluster_name = running.cluster_name and clusters.cluster_number = running.cluster_number
)

select
    cluster_name,
    cluster_number,
    site,
    phase,
    settled_status as status,
    status as upstream_status,
    certainty,
    owner,
    country,
    sector,
    coalesce(first_operational_on, case when settled_status = 'Existing' then reached_on end) as first_operational_on,
    chip_type,
    chip_id,
    second_chip_id,
    is_mixed,
    chips,
    second_chips,
    coalesce(h100e_of_chips, h100e) as h100e,
    case when h100e_of_chips is not null then 'chips x rate' when h100e is not null then 'upstream' end as h100e_basis,
    h100e as upstream_h100e,
    h100e_at_data_center,
    power_mw,
    cost_usd_m,
    settled_status = 'Existing' and coalesce(phase, 1) = max(case when settled_status = 'Existing' then coalesce(phase, 1) end)
        over (partition by site, case when phase is null then cluster_number end) as is_newest_state,
    in_standard_analysis,
    possible_duplicate,
    {{ carried_provenance('settled') }}
from settled
