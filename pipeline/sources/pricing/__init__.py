"""What compute and tokens cost: list, rental, purchase and token prices."""
