-- theirs: Epoch AI | LLM price decline, median | 2022-2025 |
-- bridge: one ability, that of GPT-4, on one index and to the end of 2025; theirs the median over benchmarks
-- explained by: market.token_price_declines.to_usd_per_mtok: which cheapest model still counts as equal
-- moved by: market.token_price_declines.fall_factor_per_year
select fall_factor_per_year
from market.token_price_declines
where ability_level like 'GPT-4 (%' and source_id = 'openrouter_prices'
