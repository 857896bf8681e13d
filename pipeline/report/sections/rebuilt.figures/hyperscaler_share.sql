-- theirs: Epoch AI | hyperscaler share of AI compute | 2025Q4 | share of world AI compute owned by the five
-- bridge: the same five, of all owners we hold; the world with Huawei is larger
-- explained by: market.chip_owners.h100e_8bit_p50: Huawei, which the table lacks, explains less than half of the gap; the rest is not found
-- moved by: market.chip_owners.h100e_8bit_p50
select 100 * sum(h100e_8bit_p50) filter (where owner_id in ('alphabet', 'amazon', 'meta', 'microsoft', 'oracle')) / sum(h100e_8bit_p50)
from market.chip_owners
where calendar_quarter <= '2025Q4'
