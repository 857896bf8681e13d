{{ config(tags=['forecast_stage']) }}
-- The price of a chip's hour over the tokens of that hour. The middle is price over throughput; the 10th and 90th
-- percentile take the spread of prices and the noise of results as independent and lognormal.
with steps as (
    select
        frontier.*,
        frontier.valid_to is null as is_current,
        -- What an input token costs over what an output token costs, where prefill and decode had chips of their own.
        (prefill_accelerators / input_tokens_per_second_per_chip) / (decode_accelerators / tokens_per_second_per_chip)
            as own_input_weight
    from {{ ref('int_inference_frontier') }} as frontier
),

weights as (
    select
        benchmark_model,
        input_tokens,
        output_tokens,
        median(
            (prefill_accelerators / input_tokens_per_second_per_chip) / (decode_accelerators / tokens_per_second_per_chip)
        ) as input_weight
    from {{ ref('inference_benchmarks') }}
    where is_disaggregated and tokens_per_second_per_chip > 0
    group by benchmark_model, input_tokens, output_tokens
),

candidates as (
    select
        steps.step_id,
        steps.is_current,
        prices.*,
        row_number() over (
            partition by steps.step_id, prices.price_basis, prices.price_variant
            order by abs({{ days_between('steps.valid_from', 'prices.priced_on') }}), prices.priced_on
        ) as nearest,
        row_number() over (
            partition by steps.step_id, prices.price_basis, prices.price_variant
            order by prices.priced_on desc
        ) as newest
    from steps
    inner join {{ ref('int_chip_hour_prices') }} as prices on steps.chip_id = prices.chip_id
),

prices as (
    select
        *,
        'nearest_to_result' as price_choice
    from candidates
    where nearest = 1
    union all
    select
        *,
        'newest'
    from candidates
    where newest = 1 and is_current
),

costs as (
    select
        steps.*,
        coalesce(prices.price_basis, 'none') as price_basis,
        coalesce(prices.price_variant, 'no price known') as price_variant,
        coalesce(prices.price_choice, 'newest') as price_choice,
        prices.priced_on,
        prices.usd_per_chip_hour,
        prices.prices,
        sqrt(power(steps.throughput_log_sd, 2) + power(prices.price_log_sd, 2)) as cost_log_sd,
        allocations.allocation,
        case allocations.allocation
            when 'all_to_output' then 0
            when 'all_tokens_alike' then 1
            else coalesce(steps.own_input_weight, weights.input_weight)
        end as input_weight
    from steps
    left join prices on steps.step_id = prices.step_id
    left join weights
        on
            steps.benchmark_model = weights.benchmark_model
            and steps.input_tokens = weights.input_tokens
            and steps.output_tokens = weights.output_tokens
    cross join (values ('all_to_output'), ('all_tokens_alike'), ('prefill_and_decode')) as allocations (allocation)
),

middles as (
    select
        *,
        usd_per_chip_hour * 1e6 / 3600
        / (tokens_per_second_per_chip + input_weight * coalesce(input_tokens_per_second_per_chip, 0)) as usd_per_mtok
    from costs
    where
        allocation = 'all_to_output'
        or (input_tokens_per_second_per_chip is not null and input_weight is not null)
),

ranked as (
    select
        *,
        case when is_current and usd_per_mtok is not null then row_number() over of_question end as cost_rank,
        case when is_current then ln(lead(usd_per_mtok) over of_question / usd_per_mtok) end as log_distance_to_next,
        lead(cost_log_sd) over of_question as next_log_sd
    from middles
    window of_question as (
        partition by
            benchmark_model, scenario, input_tokens, output_tokens, min_interactivity_tokens_per_second_per_user,
            configuration, price_basis, price_variant, price_choice, allocation, is_current
        order by usd_per_mtok nulls last, step_id
    )
),

-- What each provider asks for the same open model's tokens by channel, whatever lists have it, and the cheapest of all.
offers as (
    select
        model_id,
        coalesce(model_version, '') as model_version,
        provider_id,
        source_id,
        listed_model,
        blended_usd_per_mtok,
        input_usd_per_mtok,
        output_usd_per_mtok,
        observed_on
    from {{ ref('token_price_history') }}
    where is_current and output_usd_per_mtok > 0 and input_usd_per_mtok > 0 and channel not like '% batch'
    qualify row_number() over (
        partition by model_id, coalesce(model_version, ''), provider_id, channel
        order by blended_usd_per_mtok, source_id, listed_model
    ) = 1
),

sold as (
    select
        model_id,
        model_version,
        provider_id,
        input_usd_per_mtok,
        output_usd_per_mtok,
        observed_on,
        median(output_usd_per_mtok) over (partition by model_id, model_version) as median_output_usd_per_mtok,
        count(*) over (partition by model_id, model_version) as offers
    from offers
    qualify row_number() over (
        partition by model_id, model_version
        order by blended_usd_per_mtok, provider_id, source_id, listed_model
    ) = 1
),

quoted as (
    select
        names.chip_id,
        costs.usd_per_gpu_hour_neocloud,
        costs.all_in_kw_per_gpu,
        costs.seen_on
    from {{ ref('stg_inferencex_gpu_costs') }} as costs
    inner join {{ ref('int_chip_names') }} as names on costs.accelerator = names.alias and names.scope = 'benchmarks'
    qualify row_number() over (partition by names.chip_id order by costs.seen_on desc) = 1
),

assumptions as (
    select
        max(case when parameter_id = 'server_power_factor' then p50 end)
        * max(case when parameter_id = 'pue' then p50 end) as facility_w_per_chip_w
    from {{ ref('assumptions') }}
)

select
    ranked.step_id || '/' || ranked.price_basis || '/' || ranked.price_variant || '/' || ranked.price_choice || '/'
    || ranked.allocation as cost_id,
    ranked.model_id,
    ranked.model_version,
    ranked.benchmark,
    ranked.benchmark_model,
    ranked.chip_id,
    ranked.scenario,
    ranked.min_interactivity_tokens_per_second_per_user,
    ranked.interactivity_tokens_per_second_per_user,
    ranked.time_to_first_token_s_p50,
    ranked.input_tokens,
    ranked.output_tokens,
    ranked.configuration,
    ranked.weight_precision,
    ranked.speculative_decoding,
    ranked.result_id,
    ranked.results::int as results,
    ranked.valid_from,
    ranked.valid_to,
    ranked.is_current,
    ranked.tokens_per_second_per_chip,
    ranked.input_tokens_per_second_per_chip,
    ranked.price_basis,
    ranked.price_variant,
    ranked.price_choice,
    ranked.priced_on,
    {{ days_between('ranked.valid_from', 'ranked.priced_on') }}::int as price_days_after_result,
    case
        when ranked.priced_on is null then 'no price'
        when {{ days_between('ranked.valid_from', 'ranked.priced_on') }} > 92 then 'price is newer'
        when {{ days_between('ranked.valid_from', 'ranked.priced_on') }} < -92 then 'price is older'
        else 'same quarter'
    end as price_timing,
    ranked.prices::int as prices,
    ranked.usd_per_chip_hour,
    ranked.allocation,
    ranked.input_weight,
    {% for level, spread in [('p10', ' * exp(-1.2816 * ranked.cost_log_sd)'), ('p50', ''), ('p90', ' * exp(1.2816 * ranked.cost_log_sd)')] -%}
        ranked.usd_per_mtok{{ spread }} as output_cost_usd_per_mtok_{{ level }},
    {% endfor -%}
    {% for level, spread in [('p10', ' * exp(-1.2816 * ranked.cost_log_sd)'), ('p50', ''), ('p90', ' * exp(1.2816 * ranked.cost_log_sd)')] -%}
        case when ranked.input_tokens_per_second_per_chip is not null then ranked.input_weight end
        * ranked.usd_per_mtok{{ spread }} as input_cost_usd_per_mtok_{{ level }},
    {% endfor -%}
    ranked.cost_rank::int as cost_rank,
    -- The normal distribution's integral by the logistic one, which is within .01 of it.
    1 / (1 + exp(
        -1.702 * ranked.log_distance_to_next / sqrt(power(ranked.cost_log_sd, 2) + power(ranked.next_log_sd, 2))
    )) as chance_cheaper_than_next,
    coalesce(ranked.power_w_per_chip, chips.tdp_w) / ranked.tokens_per_second_per_chip as joules_per_output_token,
    case when ranked.power_w_per_chip is not null then 'measured' when chips.tdp_w is not null then 'tdp' end as energy_basis,
    coalesce(quoted.all_in_kw_per_gpu * 1000, chips.tdp_w * assumptions.facility_w_per_chip_w)
    / ranked.tokens_per_second_per_chip as facility_joules_per_output_token,
    case
        when quoted.all_in_kw_per_gpu is not null then 'quoted all-in power'
        when chips.tdp_w is not null then 'tdp x server x pue (assumptions)'
    end as facility_energy_basis,
    quoted.usd_per_gpu_hour_neocloud as quoted_usd_per_chip_hour,
    ranked.usd_per_chip_hour / quoted.usd_per_gpu_hour_neocloud as price_over_quoted,
    quoted.all_in_kw_per_gpu as quoted_all_in_kw_per_chip,
    chips.tdp_w * assumptions.facility_w_per_chip_w / 1000 / quoted.all_in_kw_per_gpu as facility_kw_over_quoted,
    sold.provider_id as cheapest_provider_id,
    sold.output_usd_per_mtok as cheapest_output_usd_per_mtok,
    sold.input_usd_per_mtok as cheapest_input_usd_per_mtok,
    sold.observed_on as cheapest_price_on,
    sold.median_output_usd_per_mtok,
    sold.offers::int as offers,
    (
        sold.output_usd_per_mtok * ranked.tokens_per_second_per_chip
        + sold.input_usd_per_mtok * ranked.input_tokens_per_second_per_chip
    ) * 3600 / 1e6 / ranked.usd_per_chip_hour as revenue_over_cost,
    {{ carried_provenance('ranked') | replace('ranked.reported_on,', 'greatest(ranked.reported_on, ranked.priced_on) as reported_on,')
        | replace('ranked.confidence', "'derived' as confidence") }}
from ranked
cross join assumptions
left join {{ ref('chips') }} as chips on ranked.chip_id = chips.chip_id
left join quoted on ranked.chip_id = quoted.chip_id
left join sold on ranked.model_id = sold.model_id and coalesce(ranked.model_version, '') = sold.model_version
