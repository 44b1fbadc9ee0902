"""Tables for people: each module renders one of them from what it is given, and computes nothing of its own."""
