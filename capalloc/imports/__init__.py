"""Sites and contracts from what people have: a module or room for each source."""
