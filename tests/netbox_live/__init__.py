"""A real NetBox on loopback, for tests and for trying things by hand."""
