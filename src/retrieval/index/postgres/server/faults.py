"""One sentence for each way in which a server fails: what, where, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from retrieval.errors import BulletinBotError
from retrieval.index.postgres.server.address import ServerAddress


class ServerError(BulletinBotError):
    """The server could not do what was asked; the message is one sentence for the operator."""


class ServerLostError(ServerError):
    """The server cannot be reached, or the connection broke; another try may succeed."""


_SENTENCES: tuple[tuple[type[psycopg.Error], str], ...] = (
    (
        errors.DiskFull,
        (
            "The disk of the PostgreSQL server {server} is full: make room there and run the command again; what was in "
            "service before stays."
        ),
    ),
    (
        errors.OutOfMemory,
        (
            "The PostgreSQL server {server} has no memory left for this: lower maintenance_work_mem there, or give it more; "
            "what was in service before stays."
        ),
    ),
    (
        errors.InsufficientPrivilege,
        (
            "The user of INDEX_URL may not do this on {server}: let it create schemas in the database, and create the "
            "extensions `vector` and `pg_textsearch` there as an administrator."
        ),
    ),
    (
        errors.ReadOnlySqlTransaction,
        "The PostgreSQL server {server} only reads, as a standby does: name the primary among the hosts of INDEX_URL.",
    ),
    (
        errors.QueryCanceled,
        (
            "The PostgreSQL server {server} stopped a query that took too long: raise statement_timeout there, or ask again "
            "when it is less busy."
        ),
    ),
    (
        errors.UndefinedTable,
        "The generation that was asked is gone from {server}: ask again, the newer one answers from now on.",
    ),
    (
        errors.InvalidCatalogName,
        "The database that INDEX_URL names does not exist on {server}: create it there, or mend INDEX_URL.",
    ),
)
_CONNECTION_SENTENCES = (
    (
        ("password authentication failed", "no password supplied", "authentication failed", "pg_hba.conf"),
        "The PostgreSQL server {server} refuses the user or the password of INDEX_URL: mend them there or in `.env`.",
    ),
    (
        ("does not exist",),
        "The database or the user that INDEX_URL names does not exist on {server}: create it there, or mend INDEX_URL.",
    ),
)
_LOST = (
    "The PostgreSQL server {server} cannot be reached: see that it runs, that this machine may connect to it, and that "
    "INDEX_URL names its host and port."
)
_OTHER = (
    "The PostgreSQL server {server} could not do this (SQLSTATE {state}): its log says why; what was in service before "
    "stays."
)


@contextmanager
def faults_told(address: ServerAddress) -> Iterator[None]:
    """Errors of psycopg become a ServerError of one sentence, or a ServerLostError where another try may succeed."""
    try:
        yield
    except psycopg.Error as error:
        raise _told(error, address) from error


def _told(error: psycopg.Error, address: ServerAddress) -> ServerError:
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return ServerError(sentence.format(server=address.shown))
    if isinstance(error, psycopg.OperationalError) and not _is_of_statement(error):
        return _told_of_connection(str(error), address)
    return ServerError(_OTHER.format(server=address.shown, state=error.sqlstate or "unknown"))


def _told_of_connection(message: str, address: ServerAddress) -> ServerError:
    """libpq gives no SQLSTATE before a connection stands, only its words."""
    for words, sentence in _CONNECTION_SENTENCES:
        if any(word in message for word in words):
            return ServerError(sentence.format(server=address.shown))
    return ServerLostError(_LOST.format(server=address.shown))


_CONNECTION_CLASSES = ("08", "57P")


def _is_of_statement(error: psycopg.Error) -> bool:
    """Whether the server refused a statement, over a connection that stands."""
    return error.sqlstate is not None and not error.sqlstate.startswith(_CONNECTION_CLASSES)
