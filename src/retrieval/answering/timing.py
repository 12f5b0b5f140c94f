"""Measures how long each stage of an answer takes."""

from __future__ import annotations

import time
from collections import defaultdict

from retrieval.types import Stages


class Stopwatch:
    """A clock that starts when it is made and adds the time since the last lap to a stage."""

    def __init__(self) -> None:
        self._started = self._lapped = time.perf_counter()
        self._spent: defaultdict[str, float] = defaultdict(float)

    def lap(self, stage: str) -> None:
        """End a stage, named as in `Stages`."""
        now = time.perf_counter()
        self._spent[stage] += (now - self._lapped) * 1000.0
        self._lapped = now

    @property
    def total_ms(self) -> float:
        """Milliseconds since the start."""
        return (time.perf_counter() - self._started) * 1000.0

    @property
    def stages(self) -> Stages:
        """Milliseconds of each stage so far."""
        return Stages(**self._spent)
