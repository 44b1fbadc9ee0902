"""Nobody can write into the compiled problem, nor into what a reduction makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from capalloc.instance.compile import compile_scenario
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.pools import pool
from capalloc.reduction.uncoupled import uncoupled
from capalloc.reduction.windows import merge_windows
from tests.strategies import random_scenario


def arrays(found: Any) -> Iterator[NDArray[Any]]:
    """Every array in a record, in the records inside it, and in tuples of them."""
    if isinstance(found, np.ndarray):
        yield found
    elif isinstance(found, tuple):
        yield from (array for one in found for array in arrays(one))
    elif is_dataclass(found):
        yield from (array for field in fields(found) for array in arrays(getattr(found, field.name)))


@pytest.mark.parametrize("seed", range(10))
def test_every_array_is_read_only(seed: int) -> None:
    instance = compile_scenario(random_scenario(seed))
    merged = merge_windows(instance, np.array([0, 1]))
    made = [instance, uncoupled(instance), merged, reduce_instance(instance), pool(instance)]
    for one in made:
        assert len(list(arrays(one))) > 20
        assert not any(array.flags.writeable for array in arrays(one))
