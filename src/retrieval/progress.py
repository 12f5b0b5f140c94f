"""The stages of a build, the callback that follows them, and an estimate of the time left."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """The stages of a build, in order."""

    READING = "reading"
    """Counts files."""
    RECOGNIZING = "recognising pages"
    """Counts the pages of one scan, while its file is read."""
    EMBEDDING = "embedding"
    """Counts passages with a text to embed; takes nearly all of the time.

    The count is in proportion to the characters embedded, so that it advances evenly.
    """
    ORDERING = "putting in order"
    """Counts sentences, whose vectors are copied in the order of the passages."""
    QUANTIZING = "coding"
    """Counts passages; only for a collection too large for exact vectors."""
    INDEXING = "indexing"
    QUESTIONS = "asking the questions"
    """Counts the evaluation questions that the new generation is asked."""
    WRITING = "writing"
    CHECKING = "checking"
    """The new generation is loaded back."""


Progress = Callable[[Stage, int, int], None]
"""Called with the stage, the count done and the total; each stage begins with 0 and ends with the total.

It is called in the thread that builds. An exception from it ends the build and leaves nothing half-done.
"""


def no_progress(_stage: Stage, _done: int, _total: int) -> None:
    """A callback that does nothing."""


_RATE_WINDOW = 60.0  # seconds; a change of load shows within a minute
_MIN_ELAPSED = 3.0  # seconds of a stage before its end is estimated


class TimeLeft:
    """Estimates the rest of the current stage from its rate in the last minute."""

    def __init__(self) -> None:
        self._stage: str | None = None
        self._samples: deque[tuple[float, int]] = deque()

    def seconds(self, stage: str, done: int, total: int, now: float) -> float | None:
        """Seconds left, given the counts at the moment `now` (seconds of any clock); None while there is no estimate."""
        if stage != self._stage:
            self._stage = stage
            self._samples.clear()
        self._samples.append((now, done))
        while len(self._samples) > 2 and self._samples[1][0] <= now - _RATE_WINDOW:
            self._samples.popleft()
        start, done_at_start = self._samples[0]
        if done >= total or done <= done_at_start or now - start < _MIN_ELAPSED:
            return None
        return (total - done) * (now - start) / (done - done_at_start)
