"""The server that tests of a shared state have, once a session.

With TEST_STATE=server every test of the whole bot, from the chat down, has its state there: `make test-postgres` runs those of
what people keep so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from benchmarks.local_postgres import LocalPostgres

from bot.settings import Settings
from bot.state import homes
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


@pytest.fixture(autouse=True)
def state_of_tests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the state of all settings on the server if TEST_STATE says so."""
    if os.environ.get("TEST_STATE") == "server":
        home = homes.home_at(str(request.getfixturevalue("state_url")))
        monkeypatch.setattr(Settings, "state_home", lambda _: home)
