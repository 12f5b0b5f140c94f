from __future__ import annotations

import math
import sqlite3
from contextlib import closing

import psycopg
import pytest

from bot.state import homes
from bot.state.postgres import ServerDatabase
from bot.telegram.sharing import SharedJournal


def test_an_update_whose_release_fails_is_released_with_the_next_claim(state_url: str) -> None:
    with closing(homes.home_at(state_url).open(serves=True)) as database:
        assert isinstance(database, ServerDatabase)
        journal = SharedJournal(database)
        assert journal.store(1, "a", {}) is not None
        database.rows("SELECT set_config('statement_timeout', '50ms', false)")
        with psycopg.connect(state_url) as other:
            other.execute("SELECT FROM bulletin_bot_state.updates FOR UPDATE")
            with pytest.raises(sqlite3.OperationalError):
                journal.release(1)
        assert [update.update_id for update in journal.claim(10, (), math.inf)] == [1]
