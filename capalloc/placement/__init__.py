"""Placement: groups of racks on free positions, by compiled kernels."""
