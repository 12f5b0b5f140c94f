"""What a process that reads files of strangers may take: time of the processor and memory."""

from __future__ import annotations

import contextlib
import resource
import sys
from collections.abc import Iterator

_MEMORY = 2 * 2**30


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Within so many seconds of processor time and 2 GB for this process, and those that it starts, from now on.

    A process that comes to one of the limits ends with a status other than 0.
    """
    for kind, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system has each; none is raised again
            resource.setrlimit(kind, (limit, limit))
    try:
        yield
    except MemoryError:
        sys.exit(1)
