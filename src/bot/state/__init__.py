"""The state that outlives a restart: one SQLite file or a PostgreSQL server, whose rows expire.

In: turns, answers, searches, languages, verdicts and updates. Out: the same by their keys, as the data types of
`records`, and counts.
"""

from bot.state import answer_stats, feedback, homes, records, schema, updates, users
from bot.state.conversations import Conversations
from bot.state.database import Database, upsert

__all__ = [
    "Conversations",
    "Database",
    "answer_stats",
    "feedback",
    "homes",
    "records",
    "schema",
    "updates",
    "upsert",
    "users",
]
