"""Aggregation: racks to classes and pools, periods to windows, and exactly back."""
