"""From counts by class to racks by name; and groups of racks in small facilities, against the exact optimum."""
