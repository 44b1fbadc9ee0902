"""NetBox, from its API or from CSV files, as an inventory."""
