"""What the interpreter and the C library are told about memory."""

from __future__ import annotations

import contextlib
import ctypes
import gc

# glibc gives each thread a heap of its own, up to eight for each core, and none gives back what another could use: after
# a crowd of sixteen at an answerer of eight threads the bot held 716 MB with two heaps, with one 697.
_M_ARENA_MAX = -8  # <malloc.h>
_ARENAS = 1


def use_one_heap() -> None:
    """Let the threads that start from now on share the heap of the first one, where the C library is one that can be told."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def trim_heap() -> None:
    """To the system what glibc keeps of a generation that is gone: 10 MB after ten of 69 passages, else nothing."""
    with contextlib.suppress(AttributeError, OSError):  # not every C library has it
        ctypes.CDLL(None).malloc_trim(0)


def freeze_startup_objects() -> None:
    """Let the garbage collector pass over what there is now: dictionaries, the model, the index, the libraries.

    Looking through these 454,000 objects held up everybody for 0.3 s, once in some hundred answers. An index that is
    replaced goes all the same: nothing in it refers to itself.
    """
    gc.collect()
    gc.freeze()
