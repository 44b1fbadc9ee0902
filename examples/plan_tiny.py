"""Plan a scenario from Python: ``python examples/plan_tiny.py``, or with another scenario's file as argument."""

import sys
from pathlib import Path

from capalloc import load_scenario, solve, verify

path = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "tiny.yaml"
scenario = load_scenario(path)
plan = solve(scenario).plan
if plan is None:
    sys.exit("no plan keeps every rule")
for line in plan.demands:
    got = f"{line.racks:>5} racks {line.delivered_kw:>10,.0f} kW {line.revenue_usd:>15,.0f} USD"
    print(f"{line.period}  {line.demand:<16} {got}")
print(f"{plan.objective_usd:,.0f} USD of at most {plan.bound_usd:,.0f} USD; check: {verify(scenario, plan).verdict}")
