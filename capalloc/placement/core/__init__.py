"""The compiled core: records, moves, constructive heuristics and annealed search."""
