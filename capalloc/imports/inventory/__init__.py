"""Inventories of sites, read from their systems into the same neutral records, and from these to our tables."""
