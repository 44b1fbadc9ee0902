"""The answer by single racks: from counts to a roster, from a roster to a plan, and back."""
