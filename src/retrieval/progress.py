"""How far a build has come: its stages, and who is told."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What a build is doing, in the order in which it does it."""

    READING = "reading"
    """Counts files."""
    EMBEDDING = "embedding"
    """Counts passages of which some text is not known yet; takes nearly all of the time.

    It goes on with the characters that are embedded, not with the passages, so that it goes on evenly.
    """
    ORDERING = "putting in order"
    """Counts sentences, whose vectors are gathered as the passages stand."""
    INDEXING = "indexing"
    CODING = "coding"
    """Counts passages; only of a collection too large for exact vectors."""
    QUESTIONS = "asking the questions"
    """Counts the questions with known answers that the new generation is asked."""
    WRITING = "writing"
    CHECKING = "checking"
    """The new generation is loaded back."""


Progress = Callable[[Stage, int, int], None]
"""Called with the stage, how much of it is done and how much there is; each stage begins with 0 and ends with all.

It is called in the thread that builds. What it raises ends the build, and nothing half-done is left.
"""


def no_progress(_stage: Stage, _done: int, _total: int) -> None:
    """For callers that do not watch."""


_LATELY = 60.0  # seconds; what slows a machine down or frees it shows within a minute
_SHORTEST = 3.0  # seconds of a stage before anything is said of its end


class TimeLeft:
    """How long the stage under way will still take, by how fast it went in the last minute."""

    def __init__(self) -> None:
        self._stage: str | None = None
        self._seen: deque[tuple[float, int]] = deque()

    def seconds(self, stage: str, done: int, total: int, now: float) -> float | None:
        """From what is done at this moment (seconds of any clock); None as long as nothing can be said."""
        if stage != self._stage:
            self._stage = stage
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and self._seen[1][0] <= now - _LATELY:
            self._seen.popleft()
        since, had = self._seen[0]
        if done >= total or done <= had or now - since < _SHORTEST:
            return None
        return (total - done) * (now - since) / (done - had)
