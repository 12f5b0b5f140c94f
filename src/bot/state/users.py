"""What is kept of a person: the language they chose, and all of it to be forgotten."""

from __future__ import annotations

from bot.state.database import Database

# In a private chat, the chat has the person's number; what hangs on an answer goes with it.
_OF_A_PERSON = (
    "DELETE FROM languages WHERE person = ?",
    "DELETE FROM turns WHERE person = ?",
    "DELETE FROM sent WHERE chat = ?",
    "DELETE FROM answers WHERE person = ?",
    "DELETE FROM feedback WHERE person = ?",
)


def language_of(database: Database, person: int) -> str | None:
    """The language tag the person chose, or None if they chose none."""
    found = database.rows("SELECT language FROM languages WHERE person = ?", (person,))
    return str(found[0][0]) if found else None


def keep_language(database: Database, person: int, language: str) -> None:
    """Keep the language tag that the person chose."""
    values = (person, language, database.now())
    database.write("INSERT OR REPLACE INTO languages VALUES (?, ?, ?)", values)


def forget(database: Database, person: int) -> int:
    """Delete all that is kept of a person; returns how many rows that were."""
    with database.at_once():
        rows = sum(database.write(statement, (person,)) for statement in _OF_A_PERSON)
    database.wipe_log()
    return rows
