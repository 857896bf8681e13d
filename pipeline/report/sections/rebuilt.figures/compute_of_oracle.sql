-- theirs: Epoch AI | AI compute owned by Oracle | 2025Q4 | cumulative
-- bridge: the same definition, added up from Epoch AI's own table: this checks arithmetic
-- explained by: market.chip_owners.h100e_8bit_p50: AMD's chips, a tenth of it, are in both
-- moved by: market.chip_owners.h100e_8bit_p50
select sum(h100e_8bit_p50) / 1e6
from market.chip_owners
where owner_id = 'oracle' and calendar_quarter <= '2025Q4'
