"""Subscriptions in the state: the table is made by `bot.state.schema`, and `/forget` empties it by person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from bot.state import Database
from bot.subscriptions.subscription import Subscription

_SECONDS_BETWEEN_NOTES = 24 * 60 * 60.0
_COLUMNS = (
    "subscription_id, chat, person, collections, words, language, thread, anytime, generation, seen, pending"
)


def save(database: Database, subscription: Subscription) -> bool:
    """Save a new subscription; False if the chat follows the same words in the same collections already."""
    each = subscription
    values = (
        each.subscription_id,
        each.chat_id,
        each.person_id,
        json.dumps(each.collections, ensure_ascii=False),
        each.words,
        each.language,
        each.thread_id,
        int(each.is_anytime),
        each.generation,
        " ".join(sorted(each.seen)),
        json.dumps(each.pending),
        database.now(),
    )
    marks = ", ".join("?" * len(values))
    statement = f"INSERT INTO subscriptions ({_COLUMNS}, at) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    return database.write(statement, values) > 0


def of_chat(database: Database, chat: int) -> list[Subscription]:
    """The subscriptions of a chat, oldest first."""
    query = f"SELECT {_COLUMNS} FROM subscriptions WHERE chat = ? ORDER BY rowid"  # noqa: S608
    return [_subscription(row) for row in database.rows(query, (chat,))]


def by_id(database: Database, subscription_id: str) -> Subscription | None:
    """The subscription with the id, or None."""
    query = f"SELECT {_COLUMNS} FROM subscriptions WHERE subscription_id = ?"  # noqa: S608
    return next((_subscription(row) for row in database.rows(query, (subscription_id,))), None)


def behind(database: Database, generation: str) -> list[str]:
    """The ids of the subscriptions that were last compared with another generation."""
    query = "SELECT subscription_id FROM subscriptions WHERE generation <> ? ORDER BY rowid"
    return [str(row[0]) for row in database.rows(query, (generation,))]


def chats_with_news(database: Database) -> list[int]:
    """The chats that are to be told of something, the earliest subscribers first."""
    query = "SELECT chat FROM subscriptions WHERE pending <> '[]' GROUP BY chat ORDER BY min(rowid)"
    return [int(row[0] or 0) for row in database.rows(query)]


def note(
    database: Database, subscription_id: str, generation: str, seen: Iterable[str], pending: Sequence[str]
) -> None:
    """Save what a subscription has been compared with, and what it is to be told, in one step."""
    values = (generation, " ".join(sorted(seen)), json.dumps(pending), database.now(), subscription_id)
    database.write(
        "UPDATE subscriptions SET generation = ?, seen = ?, pending = ?, at = ? WHERE subscription_id = ?",
        values,
    )


def keep(database: Database) -> None:
    """Note that the subscriptions are looked after: retention deletes those that no bot has looked after for a year."""
    now = database.now()
    noted = now - _SECONDS_BETWEEN_NOTES
    if database.rows("SELECT 1 FROM subscriptions WHERE at < ? LIMIT 1", (noted,)):
        database.write("UPDATE subscriptions SET at = ? WHERE at < ?", (now, noted))


def set_pending(database: Database, pending: dict[str, tuple[str, ...]]) -> None:
    """Replace what each of the subscriptions is to be told, all in one step."""
    with database.transaction():
        for subscription_id, passages in pending.items():
            values = (json.dumps(passages), subscription_id)
            database.write("UPDATE subscriptions SET pending = ? WHERE subscription_id = ?", values)


def set_anytime(database: Database, subscription_id: str, *, is_anytime: bool) -> None:
    """Say whether messages may come at night."""
    values = (int(is_anytime), subscription_id)
    database.write("UPDATE subscriptions SET anytime = ? WHERE subscription_id = ?", values)


def end(database: Database, subscription_id: str) -> None:
    """Delete a subscription."""
    database.write("DELETE FROM subscriptions WHERE subscription_id = ?", (subscription_id,))


def end_all(database: Database, chat: int) -> int:
    """Delete the subscriptions of a chat and return their number."""
    return database.write("DELETE FROM subscriptions WHERE chat = ?", (chat,))


def move(database: Database, old_chat: int, new_chat: int) -> None:
    """Give the subscriptions of a group to the supergroup that it became."""
    database.write(
        "UPDATE subscriptions SET chat = ?1 WHERE chat = ?2 AND NOT EXISTS (SELECT 1 FROM subscriptions has "
        "WHERE has.chat = ?1 AND has.collections = subscriptions.collections AND has.words = subscriptions.words)",
        (new_chat, old_chat),
    )


def _subscription(row: Sequence[str | int | float | None]) -> Subscription:
    identity, chat, person, names, words, language, thread, anytime, generation, seen, pending = row
    return Subscription(
        subscription_id=str(identity),
        chat_id=int(chat or 0),
        person_id=int(person or 0),
        collections=tuple(json.loads(str(names))),
        words=str(words),
        language=str(language),
        thread_id=None if thread is None else int(thread),
        is_anytime=bool(anytime),
        generation=str(generation),
        seen=frozenset(str(seen).split()),
        pending=tuple(json.loads(str(pending))),
    )
