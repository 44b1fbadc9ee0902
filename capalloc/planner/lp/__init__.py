"""Linear programs as arrays, and how OR-Tools solves them; no word of the domain."""
