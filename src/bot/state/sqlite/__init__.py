"""The state in one SQLite file: opened, migrated, mended where it is damaged.

In: a path. Out: a `Database`.
"""

from bot.state.sqlite.connections import IN_MEMORY
from bot.state.sqlite.file_database import FileDatabase, open_database

__all__ = ["IN_MEMORY", "FileDatabase", "open_database"]
