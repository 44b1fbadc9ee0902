"""Hundreds of random scenarios, every rule and every pair of rules: planned, checked, compared with the reference."""
