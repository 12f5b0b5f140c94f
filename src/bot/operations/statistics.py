"""How the bot fares: questions and their times, feedback, memory, what is served."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from bot.state.answer_stats import Outcomes, outcomes_of_days
from bot.state.database import Database
from bot.state.feedback import count_verdicts
from bot.state.records import Verdict
from retrieval.index import Index

DAYS = 7

_PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of it at one moment."""

    outcomes: Outcomes
    """Of the last `DAYS` days."""
    verdicts: dict[Verdict, int]
    memory_bytes: int
    uptime_seconds: float
    generation: str
    passages: int
    built_at: str


def gather(database: Database, index: Index, started: float) -> Statistics:
    """The statistics now; `started` is the `time.monotonic()` at which the bot was."""
    return Statistics(
        outcomes=outcomes_of_days(database, DAYS),
        verdicts=count_verdicts(database),
        memory_bytes=resident_bytes(),
        uptime_seconds=time.monotonic() - started,
        generation=index.name,
        passages=len(index.passages),
        built_at=index.manifest.built_at,
    )


def resident_bytes() -> int:
    """What this process holds in memory; the most it ever held where the system does not tell what it holds now."""
    try:
        return resident_bytes_of(os.getpid())
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def resident_bytes_of(process: int) -> int:
    """What a process holds in memory; raises OSError where it has ended, or the system does not tell."""
    pages = (_PROCESSES / str(process) / "statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
