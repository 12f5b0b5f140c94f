"""Operations of operators and admins: rebuilds, the file watcher, uploads, statistics.

In: settings, files and the state. Out: a new generation with its report, stored files, numbers.
"""

from bot.operations import (
    bulletin_removal,
    copies_elsewhere,
    evaluation_questions,
    index_status,
    purging,
    rebuild_subprocess,
    rebuilding,
    statistics,
    uploads,
)
from bot.operations.watcher import watch

__all__ = [
    "bulletin_removal",
    "copies_elsewhere",
    "evaluation_questions",
    "index_status",
    "purging",
    "rebuild_subprocess",
    "rebuilding",
    "statistics",
    "uploads",
    "watch",
]
