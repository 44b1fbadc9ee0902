"""Capacity allocation for AI data centers."""
