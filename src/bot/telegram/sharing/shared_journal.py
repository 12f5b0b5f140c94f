"""The journal that several bots share, as one of them sees it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Collection
from contextlib import suppress

from bot.state import updates
from bot.state.postgres import ServerDatabase, claims
from bot.telegram import update_journal

# Bots that lost their connections together, as when the server restarts, take their own claims over before others do.
_GRACE_SECONDS = 3.0


class SharedJournal(update_journal.UpdateJournal):
    """Updates on a server. What notes something about an update that this process has claimed raises nothing."""

    def __init__(self, database: ServerDatabase) -> None:
        super().__init__(database)
        self._server = database
        self._seen = (database.session, database.faults)
        """As of the last claim: after a fault, this process may have claimed something without knowing."""
        self._handled: set[int] = set()
        """Handled updates whose end could not be noted: left so, another process would answer them again."""

    @property
    def faults(self) -> int:
        """Times that the state could not be reached or used."""
        return self._server.faults

    @property
    def is_well(self) -> bool:
        """Whether it can be reached and used now."""
        return not self._server.fault

    def watch(self, woken: Callable[[], None]) -> None:
        """Call this whenever an update may be claimed."""
        self._server.watch(woken)

    def store(self, number: int, chat: str, body: object) -> claims.Waiting | None:
        """Store an update as claimed; None if it is known. Raises sqlite3.Error."""
        return claims.store(self._server, number, chat, json.dumps(body))

    def release(self, number: int) -> None:
        """Let any bot claim the update; raises sqlite3.Error."""
        claims.release(self._server, number)

    def claim(
        self, most: int, known: Collection[int], stored_before: float
    ) -> tuple[updates.PendingUpdate, ...]:
        """Claim updates for this process, which knows those that it has; raises sqlite3.Error."""
        seen = (self._server.session, self._server.faults)
        if seen != self._seen:
            claims.release_others(self._server, known)
        of_the_dead = time.monotonic() - self._server.since > _GRACE_SECONDS
        claimed = claims.claim(self._server, most, stored_before, of_the_dead=of_the_dead)
        self._seen = seen  # with a claim, what was broken is well: the next fault counts
        return claimed

    def has(self, number: int) -> bool:
        """Whether this process still has the update claimed; raises sqlite3.Error."""
        return claims.has(self._server, number)

    def leave(self, number: int) -> None:
        """Leave an update to the next process."""
        with suppress(sqlite3.Error):
            claims.leave(self._server, number)

    def save_starts(self, number: int, starts: int) -> None:
        with suppress(sqlite3.Error):
            claims.save_starts(self._server, number, starts)

    def finish(self, number: int) -> None:
        self._handled.add(number)
        with suppress(sqlite3.Error):
            self.finish_handled()

    def finish_handled(self) -> None:
        """Note the end of updates for which that failed before; raises sqlite3.Error."""
        for handled in sorted(self._handled):
            claims.finish(self._server, handled)
            self._handled.discard(handled)

    def count(self) -> int:
        """The number of updates that wait or are being handled, by all bots; raises sqlite3.Error."""
        return claims.count(self._server)

    def take_role(self, role: str) -> bool:
        """Whether this bot now has the role; False while the state cannot be reached."""
        with suppress(sqlite3.Error):
            return self._server.take_role(role)
        return False
