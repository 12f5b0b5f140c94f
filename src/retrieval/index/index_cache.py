"""What is worked out once a generation, and given back with it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from retrieval.index.index import Generation

_Result = TypeVar("_Result")


def once_a_generation(work_out: Callable[[Generation], _Result]) -> Callable[[Generation], _Result]:
    """The function, its result kept as long as the generation is: a generation that was replaced is not kept alive.

    The result must not hold the generation itself. Two threads that ask at the same moment may both work it out.
    """
    known: WeakKeyDictionary[Generation, _Result] = WeakKeyDictionary()

    @functools.wraps(work_out)
    def recall(generation: Generation) -> _Result:
        found = known.get(generation)
        if found is None:
            found = known[generation] = work_out(generation)
        return found

    return recall
