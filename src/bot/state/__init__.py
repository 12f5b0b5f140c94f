"""The state that outlives a restart: one SQLite file, whose rows expire.

In: turns, answers, searches, languages, verdicts and updates. Out: the same by their keys, as the data types of
`records`, and counts.
"""

from bot.state import answer_stats, feedback, ownership, records, updates, users
from bot.state.connections import IN_MEMORY
from bot.state.conversations import Conversations
from bot.state.database import Database, open_database

__all__ = [
    "IN_MEMORY",
    "Conversations",
    "Database",
    "answer_stats",
    "feedback",
    "open_database",
    "ownership",
    "records",
    "updates",
    "users",
]
