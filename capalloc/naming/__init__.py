"""From counts by class to racks by name: the inverse of aggregation into rack classes."""
