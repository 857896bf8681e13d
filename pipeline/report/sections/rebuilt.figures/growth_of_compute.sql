-- theirs: Epoch AI | growth of AI compute stock | 2022-2025 | yearly growth of cumulative
-- bridge: sold since 2022, at the ends of 2022 and 2025; theirs counts older chips, so ours starts lower and grows faster
-- explained by: market.installed_base.sold_h100e_8bit_p50: no chips before 2022
-- moved by: market.installed_base.sold_h100e_8bit_p50
select (
    max(sold_h100e_8bit_p50) filter (where calendar_quarter = '2025Q4')
    / max(sold_h100e_8bit_p50) filter (where calendar_quarter = '2022Q4')
) ^ (1 / 3)
from market.installed_base
where designer_id = 'all-tracked'
