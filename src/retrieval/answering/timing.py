"""How long each stage of an answer takes."""

from __future__ import annotations

import time
from collections import defaultdict

from retrieval.types import Stages


class Stopwatch:
    """Runs from when it is made. Each lap ends a stage: what went by since the lap before it was spent on that."""

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
        """Milliseconds since it was made."""
        return (time.perf_counter() - self._started) * 1000.0

    @property
    def stages(self) -> Stages:
        """Milliseconds of each stage so far."""
        return Stages(**self._spent)
