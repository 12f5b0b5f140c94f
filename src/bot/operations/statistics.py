"""Statistics of the running bot: outcomes and times of questions, feedback, memory, the index in service."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from bot.state import Database, answer_stats, feedback, records
from retrieval.index import Index

DAYS = 7

_PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics at one moment."""

    outcomes: answer_stats.Outcomes
    """Of the last `DAYS` days."""
    verdicts: dict[records.Verdict, int]
    memory_bytes: int
    uptime_seconds: float
    generation: str
    passages: int
    built_at: str


def gather(database: Database, index: Index, started: float) -> Statistics:
    """The statistics now; `started` is the `time.monotonic()` of the start."""
    return Statistics(
        outcomes=answer_stats.outcomes_of_days(database, DAYS),
        verdicts=feedback.count_verdicts(database),
        memory_bytes=resident_bytes(),
        uptime_seconds=time.monotonic() - started,
        generation=index.name,
        passages=len(index.passages),
        built_at=index.manifest.built_at,
    )


def resident_bytes() -> int:
    """Resident memory of this process; its peak where the system has no /proc."""
    try:
        return resident_bytes_of(os.getpid())
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def resident_bytes_of(process: int) -> int:
    """Resident memory of a process; raises OSError if it has ended or the system has no /proc."""
    pages = (_PROCESSES / str(process) / "statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
