-- theirs: AI Futures Project (AI 2027) | global AI-relevant compute | 2025-03 |
-- bridge: sold by the end of March 2025; theirs is the world's
-- explained by: market.installed_base.sold_h100e_16bit_p50: chips outside the tracked fleet
-- moved by: market.installed_base.sold_h100e_16bit_p50
select sold_h100e_16bit_p50 / 1e6
from market.installed_base
where designer_id = 'all-tracked' and calendar_quarter = '2025Q1'
