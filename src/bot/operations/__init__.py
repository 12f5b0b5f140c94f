"""What operators and admins set going: rebuilds, the file watcher, uploads, statistics.

In: settings and files. Out: reports and numbers.
"""

from bot.operations import rebuild_subprocess, rebuilding, statistics, uploads
from bot.operations.watcher import watch

__all__ = [
    "rebuild_subprocess",
    "rebuilding",
    "statistics",
    "uploads",
    "watch",
]
