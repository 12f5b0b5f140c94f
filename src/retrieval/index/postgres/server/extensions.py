"""The extensions that a server has: pgvector always, pg_textsearch where it can be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from psycopg import errors

from retrieval.index.postgres.server.address import ServerAddress
from retrieval.index.postgres.server.connections import Connection, rows_of
from retrieval.index.postgres.server.faults import ServerError

# 1.0.0 cannot read on a standby an index that was made after it was set up, and loses rows added later at a kill.
_FOR_STANDBYS = (1, 5, 1)


@dataclass(frozen=True, slots=True)
class Extensions:
    """The versions of the extensions."""

    vector: str
    text_search: str | None
    """None where only the server's own full-text search is there."""


def require_extensions(connection: Connection, address: ServerAddress) -> Extensions:
    """The extensions, created where they can be.

    Raises ServerError in one sentence where pgvector is missing, or pg_textsearch is too old for several hosts.
    """
    _create(connection, "create extension if not exists vector")
    _create(connection, "create extension if not exists pg_textsearch")
    return installed_extensions(connection, address)


def _create(connection: Connection, statement: LiteralString) -> None:
    try:
        with connection.transaction():
            connection.execute(statement)
    except (
        errors.FeatureNotSupported,
        errors.UndefinedFile,
        errors.InsufficientPrivilege,
        errors.ObjectNotInPrerequisiteState,
        errors.InternalError,
        errors.ExternalRoutineException,
    ):
        return  # what is missing is told of below


def installed_extensions(connection: Connection, address: ServerAddress) -> Extensions:
    """The extensions of the database; raises as `require_extensions`."""
    versions: dict[str, str] = dict(rows_of(connection, "select extname::text, extversion from pg_extension"))
    if "vector" not in versions:
        raise ServerError(
            f"The PostgreSQL server {address.shown} lacks the extension pgvector: install it there and run `create "
            "extension vector` in the database."
        )
    extensions = Extensions(versions["vector"], versions.get("pg_textsearch"))
    version = extensions.text_search
    if version is not None and len(address.hosts) > 1 and _numbers(version) < _FOR_STANDBYS:
        raise ServerError(
            f"INDEX_URL names several hosts and {address.shown} has pg_textsearch {version}, whose indexes a standby cannot "
            "read: install pg_textsearch 1.5.1 or newer there, or name one host."
        )
    return extensions


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
