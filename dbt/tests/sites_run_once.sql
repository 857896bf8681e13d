-- One newest state per site of clusters; what a data center was seen to run is not planned; a past day is no projection.
{{ config(meta={'dagster': {'ref': {'name': 'gpu_cluster_states'}}}) }}
-- depends_on: {{ ref('data_centers') }}
select
    site,
    'newest states of one site: ' || count(*)::string as fault
from {{ ref('gpu_cluster_states') }}
where is_newest_state and phase is not null
group by site
having count(*) > 1
union all
select
    cluster_name,
    'planned, but running'
from {{ ref('gpu_cluster_states') }}
where status = 'Planned' and h100e_at_data_center >= h100e
union all
select
    site,
    'a projection of ' || milestone_on::string
from {{ ref('data_centers') }}
where is_projection and milestone_on <= (select as_of from {{ ref('stg_run_context') }})
