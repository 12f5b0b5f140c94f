"""One sentence for each way in which the server of the state fails; errors as classes of `sqlite3`, which the stores know."""

from __future__ import annotations

import sqlite3

import psycopg
from psycopg import errors

from retrieval.errors import BulletinBotError
from retrieval.index.postgres.server import ServerAddress


class StateLostError(sqlite3.OperationalError):
    """The server of the state cannot be reached at the moment."""


_LOST = (
    "The PostgreSQL server {server} of the state cannot be reached: see that it runs, that this machine may connect to it, and "
    "that STATE_URL names its host and port."
)
_REFUSED = "The PostgreSQL server {server} refuses the user or the password of STATE_URL: mend them there or in `.env`."
_MISSING = "The database or the user that STATE_URL names does not exist on {server}: create it there, or mend STATE_URL."
_SENTENCES: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.DiskFull, "The disk of the PostgreSQL server {server} is full: make room there."),
    (
        errors.InsufficientPrivilege,
        "The user of STATE_URL may not create or change tables on {server}: let it create schemas in the database.",
    ),
    (
        errors.UndefinedTable,
        "The tables of the state are gone from {server}: bring them back from a `pg_dump`, or start the bot again for new ones.",
    ),
    (
        errors.LockNotAvailable,
        "Another process holds a lock on the state on {server}: end what holds it, which `pg_stat_activity` there names.",
    ),
    (
        errors.ReadOnlySqlTransaction,
        "The PostgreSQL server {server} only reads, as a standby does: name the primary among the hosts of STATE_URL.",
    ),
    (
        errors.TooManyConnections,
        "The PostgreSQL server {server} takes no more connections: raise max_connections there; a bot needs one.",
    ),
    (errors.InvalidCatalogName, _MISSING),
    (errors.InvalidPassword, _REFUSED),
    (errors.InvalidAuthorizationSpecification, _REFUSED),
)
# libpq gives no SQLSTATE before a connection stands, only words.
_BEFORE_A_CONNECTION: tuple[tuple[tuple[str, ...], type[psycopg.Error]], ...] = (
    (("password", "authentication failed", "pg_hba.conf", "no encryption"), errors.InvalidPassword),
    (("too many clients", "too many connections", "connection slots"), errors.TooManyConnections),
    (("session is read-only",), errors.ReadOnlySqlTransaction),
    (("does not exist",), errors.InvalidCatalogName),
)
_OTHER = "The PostgreSQL server {server} of the state could not do this (SQLSTATE {state}): its log says why."
# SQLite's classes of the same names; both drivers follow PEP 249. The first that fits.
_CLASSES: tuple[tuple[type[psycopg.Error], type[sqlite3.Error]], ...] = (
    (psycopg.IntegrityError, sqlite3.IntegrityError),
    (psycopg.ProgrammingError, sqlite3.ProgrammingError),
    (psycopg.DataError, sqlite3.DataError),
    (psycopg.InterfaceError, sqlite3.InterfaceError),
)


def sentence(error: psycopg.Error, address: ServerAddress) -> str:
    """A sentence that says what failed, where, and what to do; the password is not in it."""
    kind = _kind(error)
    for known, text in _SENTENCES:
        if issubclass(kind, known):
            return text.format(server=address.shown)
    if _is_of_the_connection(error):
        return _LOST.format(server=address.shown)
    return _OTHER.format(server=address.shown, state=error.sqlstate or "unknown")


def unopened(error: psycopg.Error, address: ServerAddress) -> BulletinBotError:
    """The error of a state that cannot be opened."""
    return BulletinBotError(sentence(error, address))


def as_of_a_statement(error: psycopg.Error) -> sqlite3.Error | None:
    """The error of a statement that is at fault itself; None if the server or the connection is."""
    if isinstance(error, errors.InsufficientPrivilege | errors.UndefinedTable):
        return None
    return next((mine(str(error)) for theirs, mine in _CLASSES if isinstance(error, theirs)), None)


def _kind(error: psycopg.Error) -> type[psycopg.Error]:
    """The class of the error, by its words where it has no code."""
    if error.sqlstate is None and isinstance(error, psycopg.OperationalError):
        for words, kind in _BEFORE_A_CONNECTION:
            if any(word in str(error) for word in words):
                return kind
    return type(error)


def _is_of_the_connection(error: psycopg.Error) -> bool:
    has_no_code = error.sqlstate is None and isinstance(error, psycopg.OperationalError)
    return has_no_code or (error.sqlstate or "").startswith(("08", "57P"))
