"""A real PostgreSQL server for the tests of the state; None where the extra `postgres` or the server is missing."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.local_postgres import LocalPostgres, programs_folder, running

PROGRAMS = programs_folder() if importlib.util.find_spec("psycopg") else None


@contextmanager
def server() -> Iterator[LocalPostgres]:
    """A server while this is open."""
    assert isinstance(PROGRAMS, Path)
    with running(PROGRAMS) as started:
        yield started


def without_state(url: str) -> str:
    """The address, of a database in which no bot has kept anything, and which none of an earlier test uses any more."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA IF EXISTS bulletin_bot_state CASCADE")
    return url
