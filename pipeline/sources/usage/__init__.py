"""What the compute is used for: tokens, users, models trained, compute spending, others' forecasts."""
