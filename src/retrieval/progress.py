"""How far a build has come: its stages, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What a build is doing, in the order in which it does it."""

    READING = "reading"
    """Counts files."""
    EMBEDDING = "embedding"
    """Counts passages of which some text is not known from another generation; takes nearly all of the time."""
    INDEXING = "indexing"
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
