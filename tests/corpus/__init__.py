"""Hundreds of drawn scenarios, every rule and every pair of rules: planned, checked, compared with the reference."""
