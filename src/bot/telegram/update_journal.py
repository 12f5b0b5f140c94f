"""Received updates in the database, until they are handled."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from bot.state.database import Database
from bot.state.updates import (
    PendingUpdate,
    begin_update,
    finish_update,
    pending_updates,
    release_update,
    save_notice,
    save_update,
)

logger = logging.getLogger(__name__)


class UpdateJournal:
    """Updates on disk, by number.

    An update that cannot be written is handled all the same; the log says so once, and once when writing works again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_broken = False

    def now(self) -> float:
        """Seconds since 1970."""
        return self._database.now()

    def keep(self, number: int, body: object) -> bool:
        """Store an update that is to be handled; False if it is already known."""
        with self._errors_logged():
            return save_update(self._database, number, json.dumps(body))
        return True

    def begin(self, number: int) -> None:
        """Note that a handler begins with the update."""
        with self._errors_logged():
            begin_update(self._database, number)

    def note_notice(self, number: int, message_id: int) -> None:
        """Note the message that asked the sender to wait."""
        with self._errors_logged():
            save_notice(self._database, number, message_id)

    def leave(self, number: int) -> None:
        """Note that the handler ended in order and that the next process is to handle the update."""
        with self._errors_logged():
            release_update(self._database, number)

    def finish(self, number: int) -> None:
        """Note that the update is handled."""
        with self._errors_logged():
            finish_update(self._database, number)

    def unfinished(self) -> tuple[PendingUpdate, ...]:
        """Updates that an earlier process did not finish, in the order of their receipt."""
        with self._errors_logged():
            return pending_updates(self._database)
        return ()

    @contextmanager
    def _errors_logged(self) -> Iterator[None]:
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
