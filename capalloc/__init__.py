"""Capacity allocation for AI data centers: which rack serves whom, when, on whose megawatts.

>>> from capalloc import load_scenario, save_plan, solve
>>> result = solve(load_scenario("examples/tiny.yaml"))  # doctest: +SKIP

The public names stand in ``__init__.pyi``. They are loaded on first use: importing the package loads neither a solver
nor a renderer. ``capalloc.solve`` and ``capalloc.verify`` are the functions, whoever imports their modules first.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
