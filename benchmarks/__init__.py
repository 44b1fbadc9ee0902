"""Benchmarks of this repository: subjects that ``capalloc bench`` runs, and the peers they are compared with."""
