"""Who is served first where not everything can be met, by priority, and searches in that order."""
