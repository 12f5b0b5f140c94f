"""The server that tests of a shared state have, once a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from benchmarks.local_postgres import LocalPostgres

from tests.bot import state_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """A PostgreSQL server; skips where there is none (`make test-postgres` installs it)."""
    if state_server.PROGRAMS is None:
        pytest.skip("the PostgreSQL server for tests is missing: run `make test-postgres`")
    with state_server.server() as started:
        yield started


@pytest.fixture
def state_url(postgres: LocalPostgres) -> str:
    """The address of an empty state."""
    return state_server.without_state(postgres.url())
