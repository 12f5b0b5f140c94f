"""What is worked out once a generation, and given back with it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from retrieval.index.index import Index

_Result = TypeVar("_Result")


def cached_per_index(work_out: Callable[[Index], _Result]) -> Callable[[Index], _Result]:
    """The function, its result kept as long as the generation is: a generation that was replaced is not kept alive.

    The result must not hold the generation itself. Two threads that ask at the same moment may both work it out.
    """
    known: WeakKeyDictionary[Index, _Result] = WeakKeyDictionary()

    @functools.wraps(work_out)
    def recall(index: Index) -> _Result:
        found = known.get(index)
        if found is None:
            found = known[index] = work_out(index)
        return found

    return recall
