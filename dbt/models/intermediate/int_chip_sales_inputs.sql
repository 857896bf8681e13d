-- The shares and prices behind shipment estimates, with 5th, 50th and 95th percentile. The middle of a price band is
-- its geometric mean, of a share its arithmetic one; a single value has no band.
select
    inputs.parameter,
    inputs.designer_id,
    names.chip_id,
    inputs.period,
    inputs.period_start,
    inputs.period_end,
    case when inputs.low < inputs.high then inputs.low * units.factor end as p05,
    case
        when inputs.unit = 'share' then (inputs.low + inputs.high) / 2
        else sqrt(inputs.low * inputs.high) * units.factor
    end as p50,
    case when inputs.low < inputs.high then inputs.high * units.factor end as p95,
    units.unit,
    {{ carried_provenance('inputs') }}
from {{ ref('stg_epoch_chip_sales_inputs') }} as inputs
inner join (values ('usd', 'usd', 1.0), ('usd_bn', 'usd_m', 1000.0), ('share', 'share', 1.0)) as units (stated, unit, factor)
    on inputs.unit = units.stated
left join {{ ref('int_chip_names') }} as names
    on inputs.chip_type = names.alias and names.scope = 'epoch_chip_sales'
union all
select
    'approximate_price',
    coalesce(aliases.company_id, {{ slug('types.manufacturer') }}),
    names.chip_id,
    'all',
    types.cost_estimated_on,
    types.cost_estimated_on,
    null,
    types.approx_cost_usd,
    null,
    'usd',
    {{ carried_provenance('types') | replace('types.reported_on,', 'types.cost_estimated_on as reported_on,') }}
from {{ ref('stg_epoch_chip_types') }} as types
inner join {{ ref('int_chip_names') }} as names on types.chip_name = names.alias and names.scope = 'epoch_chip_sales'
left join {{ ref('stg_company_aliases') }} as aliases on lower(types.manufacturer) = aliases.alias
where types.approx_cost_usd is not null
