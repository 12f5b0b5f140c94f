"""Received updates in the database, until they are handled."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from bot.state import Database, updates

logger = logging.getLogger(__name__)


class UpdateJournal:
    """Updates on disk, by number.

    An update that cannot be written is handled all the same; the log says so once, and once when writing works again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_broken = False
        self._not_finished: set[int] = set()
        """Handled updates whose end could not be noted: left so, the next process would answer them again."""

    def now(self) -> float:
        """Seconds since 1970."""
        return self._database.now()

    def keep(self, number: int, body: object) -> bool:
        """Store an update that is to be handled; False if it is already known."""
        with self._errors_logged():
            return updates.save_update(self._database, number, json.dumps(body))
        return True

    def save_starts(self, number: int, starts: int) -> None:
        """Note what the next process is to know of the update if this one dies (see `PendingUpdate.starts`)."""
        with self._errors_logged():
            updates.save_starts(self._database, number, starts)

    def note_notice(self, number: int, message_id: int) -> None:
        """Note the message that asked the sender to wait."""
        with self._errors_logged():
            updates.save_notice(self._database, number, message_id)

    def finish(self, number: int) -> None:
        """Note that the update is handled."""
        self._not_finished.add(number)
        with self._errors_logged():
            for handled in sorted(self._not_finished):
                updates.finish_update(self._database, handled)
            self._not_finished.clear()

    def unfinished(self) -> tuple[updates.PendingUpdate, ...]:
        """Updates that an earlier process did not finish, in the order of their receipt."""
        with self._errors_logged():
            return updates.pending_updates(self._database)
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
