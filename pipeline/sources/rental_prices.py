"""What the sources of rental prices share: the bounds of a plausible price per chip-hour."""

from pipeline.sources.base import number

# The dearest offer, a B300 in the dearest region, is near 25; the cheapest card near 0.03. A price in cents, or per
# thousand hours, lies outside for nine offers of ten, so that the source fails instead of being off by 1,000.
USD_PER_CHIP_HOUR = number(nullable=True, low=0.01, high=50)
