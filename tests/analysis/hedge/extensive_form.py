"""Solves what a folder of samples says by mpi-sppy's extensive form with HiGHS, and prints its objective.

``PYTHON extensive_form.py FOLDER ALPHA WEIGHT``, with the Python of an environment that has mpi-sppy. Each sample is an
MPS file that minimises a cost, with ``NAME_nonants.json`` beside it.
"""

from __future__ import annotations

import sys

import pyomo.environ as pyo
from mpisppy.opt.ef import ExtensiveForm
from mpisppy.problem_io import mps_module
from mpisppy.utils import config, cvar


def main(folder: str, alpha: float, weight: float) -> None:
    """Print what the best first stage comes to: (1 - weight) x mean + weight x CVaR of the cost."""
    settings = config.Config()
    mps_module.inparser_adder(settings)
    settings.mps_files_directory = folder
    keywords = mps_module.kw_creator(settings)

    def created(name: str, **kept: object) -> pyo.ConcreteModel:
        model = mps_module.scenario_creator(name, **kept)
        if weight:
            cvar.add_cvar(model, cvar_weight=weight, cvar_alpha=alpha, cvar_mean_weight=1 - weight)
        return model

    names = mps_module.scenario_names_creator(None)
    form = ExtensiveForm({"solver": "appsi_highs"}, names, created, scenario_creator_kwargs=keywords)
    form.solve_extensive_form(solver_options={"mip_rel_gap": 1e-9})
    print(repr(float(form.get_objective_value())))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
