select
    coalesce(names.vendor_name, books.issuer_id) as company,
    books.year_to,
    books.book_life_years,
    books.depreciation_usd_m / 1000 as filed_usd_bn,
    books.p10 / 1000 as p10,
    books.p50 / 1000 as p50,
    books.p90 / 1000 as p90,
    books.evidence_class
from forecast.depreciation_at_rent_life as books
left join market.vendors as names on books.issuer_id = names.vendor_id
where books.chip_id = 'nvidia-h100-sxm'
order by books.depreciation_usd_m desc
