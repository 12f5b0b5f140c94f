"""Copies what the bot remembers from one home of the state to another."""

from __future__ import annotations

from bot.state import Database, homes
from retrieval.errors import BulletinBotError

_ROWS_AT_ONCE = 500
_AFTER_THE_OTHERS = "answer_messages"
"""The table whose rows refer to another one."""


def copy_state(source: str, target: str) -> int:
    """Copy all rows, in one transaction, between a file and a server in either direction; returns their number.

    Raises BulletinBotError if a bot serves from either, if there is nothing to copy from, and if the target holds anything.
    """
    before, after = homes.home_at(source), homes.home_at(target)
    if not before.exists():
        raise BulletinBotError(
            f"There is no state in {before.shown}: name the file of STATE_DB, or the address of STATE_URL."
        )
    with before.unused(), after.unused(), homes.opened(before) as given, homes.opened(after) as taking:
        tables = sorted(given.columns(), key=lambda table: table == _AFTER_THE_OTHERS)
        if held := sum(taking.number(f"SELECT count(*) FROM {table}") for table in tables):  # noqa: S608
            raise BulletinBotError(
                f"The state in {after.shown} holds {held} rows already: name one in which no bot has kept anything."
            )
        with taking.transaction():
            copied = sum(_copy(given, taking, table) for table in tables)
            if taking.is_shared:  # the next number of its own
                taking.rows(
                    "SELECT setval(pg_get_serial_sequence('feedback', 'feedback_id'), "
                    "(SELECT coalesce(max(feedback_id), 0) + 1 FROM feedback), false)"
                )
    return copied


def _copy(given: Database, taking: Database, table: str) -> int:
    columns = given.columns()[table]
    names, marks = ", ".join(columns), f"({', '.join('?' * len(columns))})"
    rows = given.rows(f"SELECT {names} FROM {table} ORDER BY rowid")  # noqa: S608
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[first : first + _ROWS_AT_ONCE]
        values = [value for row in some for value in row]
        taking.write(f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(some))}", values)  # noqa: S608
    return len(rows)
