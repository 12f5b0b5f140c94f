"""Results computed once an index and dropped with it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from retrieval.index.index import Index

_Result = TypeVar("_Result")


def cached_per_index(function: Callable[[Index], _Result]) -> Callable[[Index], _Result]:
    """The function with its result cached as long as the index lives; the cache does not keep an index alive.

    The result must not refer to the index itself. Two threads that call at the same moment may both compute it.
    """
    results: WeakKeyDictionary[Index, _Result] = WeakKeyDictionary()

    @functools.wraps(function)
    def cached(index: Index) -> _Result:
        result = results.get(index)
        if result is None:
            result = results[index] = function(index)
        return result

    return cached
