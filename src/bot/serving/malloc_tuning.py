"""Garbage collector and malloc settings of the serving process."""

from __future__ import annotations

import contextlib
import ctypes
import gc

# glibc gives each thread a heap of its own, up to eight a core, and memory freed in one is not used by another: after
# a crowd of sixteen at an answerer of eight threads the bot held 716 MB with two heaps, with one 697.
_M_ARENA_MAX = -8  # <malloc.h>
_ARENAS = 1


def use_one_heap() -> None:
    """Have threads started from now on share the heap of the first one; does nothing on C libraries without `mallopt`."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def trim_heap() -> None:
    """Return freed memory to the system: 70 MB after the start, 10 MB after ten indexes of 69 passages were replaced."""
    with contextlib.suppress(AttributeError, OSError):  # not every C library has it
        ctypes.CDLL(None).malloc_trim(0)


def freeze_startup_objects() -> None:
    """Exclude the present objects from garbage collection: dictionaries, the model, the index, the libraries.

    Traversing these 454,000 objects blocked all answers for 0.3 s, once in some hundred of them. A replaced index is
    freed all the same: it holds no reference cycles.
    """
    gc.collect()
    gc.freeze()
