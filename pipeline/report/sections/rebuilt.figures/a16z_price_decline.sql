-- theirs: a16z | LLM price decline | 2021-2024 |
-- bridge: ability of GPT-4 from 2024 on; theirs an older and easier level, 42 on MMLU
-- explained by: market.token_price_declines.to_usd_per_mtok: the ability level and the years
-- moved by: market.token_price_declines.fall_factor_per_year
select fall_factor_per_year
from market.token_price_declines
where ability_level like 'GPT-4 (%' and source_id = 'openrouter_prices'
