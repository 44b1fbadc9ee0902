"""Planners: over classes, and the exact reference over single racks."""
