"""Nautobot (2.4.15 and later): sites with the tree of their power, as neutral records."""
