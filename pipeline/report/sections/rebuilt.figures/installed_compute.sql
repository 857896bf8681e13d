-- theirs: Epoch AI | installed AI compute | 2025Q4 |
-- bridge: ours: all that was sold, without Huawei, out of revenue, prices and mix
-- explained by: market.chip_shipments.estimate_vintage: the newest count of Epoch AI itself, of April 2026, is as far above January's 15 million as ours
-- moved by: market.installed_base.sold_h100e_8bit_p50
select sold_h100e_8bit_p50 / 1e6
from market.installed_base
where designer_id = 'all-tracked' and calendar_quarter = '2025Q4'
