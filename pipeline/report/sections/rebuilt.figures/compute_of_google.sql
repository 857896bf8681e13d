-- theirs: Epoch AI | AI compute owned by Google | 2025Q4 | cumulative
-- bridge: the same definition, added up from Epoch AI's own table: this checks arithmetic
-- explained by: market.chip_owners.h100e_8bit_p50: the page rounds to about five million
-- moved by: market.chip_owners.h100e_8bit_p50
select sum(h100e_8bit_p50) / 1e6
from market.chip_owners
where owner_id = 'alphabet' and calendar_quarter <= '2025Q4'
