"""From counts by class to racks by name."""
