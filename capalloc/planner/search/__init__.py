"""Whole racks: branch and bound, relax-and-fix over a rolling horizon, large neighbourhoods, gap closing."""
