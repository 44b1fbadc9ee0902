"""The compiled problem: a scenario as read-only arrays."""
