-- theirs: Epoch AI | AI compute owned by Microsoft | 2025Q4 | cumulative
-- bridge: the same definition, added up from Epoch AI's own table: this checks arithmetic
-- explained by: market.chip_owners.h100e_8bit_p50: AMD's chips, which the page leaves out ("all NVIDIA")
-- moved by: market.chip_owners.h100e_8bit_p50
select sum(h100e_8bit_p50) / 1e6
from market.chip_owners
where owner_id = 'microsoft' and calendar_quarter <= '2025Q4'
