"""Why commitments cannot be met, on scenarios made so in a known way."""
