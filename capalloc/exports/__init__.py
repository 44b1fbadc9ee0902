"""Plans in the formats of the systems that act on them: a module or room for each kind."""
