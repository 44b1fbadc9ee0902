"""Two-stage stochastic programs: what is decided before it is known how things come out, and what after."""
