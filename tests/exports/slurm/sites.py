"""Planned sites for the tests of what goes to Slurm."""

from __future__ import annotations

from functools import cache
from typing import Any

from capalloc.analysis.base import Base, planned_base
from capalloc.exports.slurm import SlurmParams, slurm_files
from capalloc.formats import load_scenario
from tests.byhand import by_hand, facility, rack_type

_ALL = SlurmParams()


@cache
def planned(name: str) -> Base:
    """A shipped example, or a site of this module, with its best plan."""
    if name in _OWN:
        return _OWN[name]()
    return planned_base(load_scenario(f"examples/{name}.yaml"))


@cache
def files_of(name: str, params: SlurmParams = _ALL) -> dict[str, str]:
    """What goes to Slurm of such a site."""
    return slurm_files(planned(name), params).files


def small(**changes: Any) -> Base:
    """The site that is computed by hand, with its best plan; what the caller changes is of the facility."""
    return planned_base(by_hand(facility=facility(**changes)))


def racks(**of_some: dict[str, Any]) -> list[dict[str, Any]]:
    """The ten racks of that site, with what a test changes by name."""
    made = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(10)]
    return [one | of_some.get(str(one["name"]), {}) for one in made]


def _odd() -> Base:
    """A site whose every name means something else to a shell, a list of hosts, a spreadsheet or YAML."""
    names = ["a,b", "a[1-2]", "a b", "A B", "=1+1", "$(reboot)", "x';y", "東京", "default", "a\nb"]
    made = facility(
        facility="site: [1-2]",
        rack_types=[rack_type(name="hgx [8]", gpu="H100, 80 GB")],
        positions=[
            {"name": f"p{i}", "hall": "hall, 1", "row": f"r {i // 4}", "index": i, "feed_a": "u1", "feed_b": "u2"}
            for i in range(12)
        ],
        racks=[{"name": name, "rack_type": "hgx [8]", "position": f"p{i}"} for i, name in enumerate(names)],
    )
    changed = {"rack_types": ["hgx [8]"]}
    scenario = by_hand()
    record = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    record["facility"] = made
    record["scenario"] = "odd\nnames"
    record["contracts"] = [
        one | changed | {"name": "lease, all", "tenant": "Bobby'; DROP"} for one in record["contracts"]
    ]
    record["workloads"] = [one | changed | {"name": "own [x]"} for one in record["workloads"]]
    return planned_base(type(scenario).model_validate(record))


_OWN = {"odd": _odd, "small": small}
