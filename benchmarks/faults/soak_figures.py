"""Figures of a soak: counts, waits and memory, and the check of their bounds."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from benchmarks.faults.soak_bot import MARKS
from benchmarks.faults.soak_people import SEARCHING, Act

MEMORY_MAY_GROW = 0.05
P95_MAY_GROW = 0.25
"""Bound of the median p95 of the last third of the windows over that of the first third."""
_SHORTEST_JUDGED = 20.0
"""Minutes; in a shorter run caches still fill."""
_LONGEST_WINDOW = 10.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The bot at one moment of the run; minutes from its start."""

    minute: float
    megabytes: float
    answered: int
    waiting: int
    load: float
    """Load average: processes of the machine that wanted a core."""


@dataclass(slots=True)
class Figures:
    """Figures of a run of so many minutes, so far."""

    minutes: float
    acts: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    apologies: list[str] = field(default_factory=list)
    told_to_wait: int = 0
    quotes: int = 0
    wrong_quotes: list[str] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)
    """Minute of asking and seconds until the answer, for acts that search with the model."""
    samples: list[Sample] = field(default_factory=list)

    @property
    def window(self) -> float:
        """Minutes over which a p95 is taken; a run has at least three windows."""
        return min(_LONGEST_WINDOW, self.minutes / 3)

    @property
    def baseline(self) -> float:
        """Minute from which on memory must not grow."""
        return min(10.0, self.minutes / 2)

    def add(self, act: Act, minute: float, source: str) -> None:
        """Count a finished act; `minute` is its start, `source` the text that it may quote."""
        if act.waited is None:
            self.lost.append(f"{act.kind}: {act.said}"[:200])
            return
        self.answered[act.kind] += 1
        self.told_to_wait += act.was_told_to_wait
        if act.apologised:
            self.apologies.append(f"{act.kind}: {act.said}"[:200])
        if act.kind in SEARCHING:
            self.waits.append((minute, act.waited))
        self.quotes += len(act.quotes)
        self.wrong_quotes += [quote for quote in act.quotes if MARKS.sub("", quote) not in source]

    def p95_by_window(self) -> list[float]:
        """95th percentile in seconds of each window that has begun, in order."""
        in_order = sorted(self.waits)
        windows = groupby(in_order, key=lambda pair: min(int(pair[0] / self.window), self._last_window))
        return [round(percentile([wait for _, wait in pairs], 0.95), 3) for _, pairs in windows]

    @property
    def _last_window(self) -> int:
        return max(round(self.minutes / self.window) - 1, 0)

    def memory_growth(self) -> float | None:
        """Growth of memory from the first ten minutes to the end, as a share; medians of 2 minutes."""
        span = min(2.0, self.minutes / 10)
        end = self.samples[-1].minute if self.samples else 0.0
        first = [s.megabytes for s in self.samples if self.baseline <= s.minute < self.baseline + span]
        last = [s.megabytes for s in self.samples if s.minute > end - span]
        if not first or not last or end < self.baseline + span:
            return None
        return statistics.median(last) / statistics.median(first) - 1

    def p95_growth(self) -> float | None:
        """Growth of the p95 from the first third of the windows to the last, as a share."""
        windows = self.p95_by_window()
        third = len(windows) // 3
        if not third:
            return None
        return statistics.median(windows[-third:]) / statistics.median(windows[:third]) - 1

    def faults(self) -> list[str]:
        """Violations of what must hold at any time."""
        checks = [
            (bool(self.lost), f"{len(self.lost)} without an answer"),
            (bool(self.apologies), f"{len(self.apologies)} answered with an apology"),
            (bool(self.wrong_quotes), f"{len(self.wrong_quotes)} quotes that are not in the bulletins"),
            (not self.answered, "nothing was answered"),
        ]
        return [fault for failed, fault in checks if failed]

    def trends(self) -> list[str]:
        """Violations at the end: figures that rose, in a run long enough to show it."""
        if self.minutes < _SHORTEST_JUDGED:
            return []
        memory, p95 = self.memory_growth(), self.p95_growth()
        checks = [
            (memory is None or memory > MEMORY_MAY_GROW, f"memory grew by {memory or 0:.1%}"),
            (p95 is None or p95 > P95_MAY_GROW, f"the 95th percentile of waits grew by {p95 or 0:.1%}"),
        ]
        return [fault for failed, fault in checks if failed]

    def as_json(self) -> dict[str, object]:
        """All figures, with the samples as rows: minute, megabytes, answers, waiting acts, load."""
        waits = [wait for _, wait in self.waits]
        return {
            "acts": sum(self.acts.values()),
            "acts by kind": dict(self.acts),
            "answered": sum(self.answered.values()),
            "lost": self.lost[:20],
            "apologies": self.apologies[:20],
            "told to wait": self.told_to_wait,
            "quotes checked": self.quotes,
            "quotes not in the bulletins": self.wrong_quotes[:20],
            "seconds to an answer, median": round(percentile(waits, 0.5), 3),
            "seconds to an answer, p95": round(percentile(waits, 0.95), 3),
            "seconds to an answer, at most": round(max(waits, default=0.0), 3),
            "minutes a window": round(self.window, 2),
            "p95 by window": self.p95_by_window(),
            "p95 growth": _rounded(self.p95_growth()),
            "memory baseline minute": round(self.baseline, 2),
            "memory growth": _rounded(self.memory_growth()),
            "samples": [
                [round(s.minute, 2), round(s.megabytes, 1), s.answered, s.waiting, s.load]
                for s in self.samples
            ],
        }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; 0 for no values."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum."""
    shares = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    return {name: round(percentile(values, share), 2) for name, share in shares.items()}
