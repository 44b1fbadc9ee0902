"""Synthetic scenarios of any size, for trials and benchmarks."""
