"""Placement on its own: families of facilities with requests, the peers, and what is measured of both."""
