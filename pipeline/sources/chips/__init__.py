"""What accelerators are and how many exist: specifications, shipments, owners, clusters."""
