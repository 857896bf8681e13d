-- theirs: Epoch AI | AI compute owned in China | 2025Q4 |
-- bridge: the table has China's NVIDIA and AMD chips; theirs is much of it Huawei's
-- explained by: market.chip_owners.h100e_8bit_p50: Huawei is missing
-- moved by: market.chip_owners.h100e_8bit_p50
select sum(h100e_8bit_p50) / 1e6
from market.chip_owners
where owner_id = 'china' and calendar_quarter <= '2025Q4'
