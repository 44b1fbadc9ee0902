"""Questions asked of the planner, and synthetic scenarios to ask them of."""
