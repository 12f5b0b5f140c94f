"""Progress of long conversions, to whoever has the reading done: the pages of a scan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ConversionProgress = Callable[[str, int, int], None]
"""Is called with the cited name of a file, the number of its pages done, and the number of all."""

_listener: ContextVar[ConversionProgress | None] = ContextVar("conversion_progress", default=None)


@contextmanager
def reporting_progress(listener: ConversionProgress) -> Iterator[None]:
    """Within it, conversions report to the listener, in the thread that reads."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report_progress(name: str, done: int, total: int) -> None:
    """Tells the listener, if there is one."""
    listener = _listener.get()
    if listener is not None:
        listener(name, done, total)
