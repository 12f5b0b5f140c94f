"""The inbox on disk. What cannot be written is handled all the same, as if there were no disk, and the log says so."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from bot.state.database import Database
from bot.state.updates import (
    KeptUpdate,
    begin_update,
    finish_update,
    keep_update,
    leave_update,
    note_notice,
    unfinished_updates,
)

logger = logging.getLogger(__name__)


class UpdateJournal:
    """Updates on disk, by number; says once when they cannot be kept, and once when they can again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_broken = False

    def now(self) -> float:
        """Seconds since 1970."""
        return self._database.now()

    def keep(self, number: int, body: object) -> bool:
        """Keep an update to be handled; False if it is known."""
        with self._forgiven():
            return keep_update(self._database, number, json.dumps(body))
        return True

    def begin(self, number: int) -> None:
        """A handler begins with it."""
        with self._forgiven():
            begin_update(self._database, number)

    def note_notice(self, number: int, message_id: int) -> None:
        """The person was asked for patience in this message."""
        with self._forgiven():
            note_notice(self._database, number, message_id)

    def leave(self, number: int) -> None:
        """The handler ended in order; it is for the next start."""
        with self._forgiven():
            leave_update(self._database, number)

    def finish(self, number: int) -> None:
        """It is handled."""
        with self._forgiven():
            finish_update(self._database, number)

    def unfinished(self) -> tuple[KeptUpdate, ...]:
        """What an earlier process was not done with, in order."""
        with self._forgiven():
            return unfinished_updates(self._database)
        return ()

    @contextmanager
    def _forgiven(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if not self._is_broken:
                logger.error(
                    "Updates cannot be kept (%s): until they can, a crash loses those under way.", error
                )
            self._is_broken = True
        else:
            if self._is_broken:
                logger.info("Updates are kept again.")
            self._is_broken = False
