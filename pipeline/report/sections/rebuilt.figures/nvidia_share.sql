-- theirs: Epoch AI | NVIDIA share of AI compute | 2025Q4 |
-- bridge: our own count of chips out of revenue in place of theirs; no Huawei
-- explained by: market.installed_base.sold_h100e_8bit_p50: Huawei is in neither side of ours; over 60 is a bound
-- moved by: market.installed_base.sold_h100e_8bit_p50
select 100 * max(sold_h100e_8bit_p50) filter (where designer_id = 'nvidia') / max(sold_h100e_8bit_p50) filter (where designer_id = 'all-tracked')
from market.installed_base
where calendar_quarter = '2025Q4'
