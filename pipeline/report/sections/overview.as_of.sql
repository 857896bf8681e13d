with results as (
    select
        max_by(vendors.vendor_name || ' ' || found.newest_fiscal_period, found.newest_reported_on) as newest_result,
        max(found.newest_reported_on) as newest_result_on,
        count(*) filter (where found.is_missing) as missing,
        string_agg(vendors.vendor_name, ', ' order by found.next_expected_on) filter (where found.is_missing) as missing_results
    from quality.expected_results as found
    inner join market.vendors as vendors using (vendor_id)
)

select
    max(newest_fact + age_days::integer) as as_of,
    max(newest_fact) as newest_fact,
    any_value(results.newest_result) as newest_result,
    any_value(results.newest_result_on) as newest_result_on,
    any_value(results.missing) as missing,
    any_value(results.missing_results) as missing_results
from market.sources
cross join results
