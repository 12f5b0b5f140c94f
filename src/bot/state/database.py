"""The statements that stores run, whichever database holds the state.

They are SQL that SQLite and PostgreSQL read alike: `?` or `?1` for values, `instr(…) > 0`, `ON CONFLICT` with its columns, and
`rowid` for the order in which rows were added. Errors are those of `sqlite3`, also of a server (PEP 249 names the classes).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from bot.state.schema import Clock, Row, Value

__all__ = ["Database", "Row", "Value", "upsert"]


class Database(Protocol):
    """One connection, used by one thread; each `write` or `transaction` is atomic."""

    now: Clock
    """Current time in seconds since 1970."""
    faults: int
    """Times that it could not be used or was repaired, since the start."""

    @property
    def session(self) -> int:
        """Number under which this process has claims on a server, another one after a lost connection; 0 for a file."""

    @property
    def is_shared(self) -> bool:
        """Whether several bots work with it."""

    @property
    def fault(self) -> str:
        """Why the state cannot be read or written at the moment, or is in no file; empty while all is well."""

    @property
    def seconds_broken(self) -> float:
        """Seconds since the first of the statements that all failed; 0 while they succeed."""

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""

    def number(self, query: str, values: Sequence[Value] = ()) -> int:
        """The integer that a query with one row and one column returns."""

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run a statement and return the number of changed rows."""

    def transaction(self) -> AbstractContextManager[None]:
        """Context of a transaction: committed at the end, rolled back on any exception."""

    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of each table of `schema`, in order."""

    def take_role(self, role: str) -> bool:
        """Whether this process now has a role that one bot at a time has, such as polling; lost with the connection."""

    def drop_role(self, role: str) -> None:
        """Let another bot have the role."""

    def truncate_log(self) -> None:
        """Empty a log in which deleted rows remain."""

    def delete_damaged_copies(self, before: float = math.inf) -> int:
        """Delete the damaged files that were set aside and last written before a time; returns their number."""

    def close(self) -> None:
        """Close the connection; no other method may be called afterwards."""


def upsert(table: str, key: str, columns: str) -> str:
    """The statement that adds a row of these columns (with commas between them), or renews the one with its key."""
    names = [name.strip() for name in columns.split(",")]
    keys = [name.strip() for name in key.split(",")]
    renewed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {renewed}"  # noqa: S608
