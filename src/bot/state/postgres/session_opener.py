"""Opens a session in another thread, so that the event loop goes on while the server is away."""

from __future__ import annotations

import logging
import queue
import threading
import time

import psycopg

from bot.state.postgres.session import Session, open_session
from retrieval.errors import BulletinBotError
from retrieval.index.postgres.server import ServerAddress

logger = logging.getLogger(__name__)

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0  # seconds between tries


class SessionOpener:
    """Tries until it has a session, once it was asked for one."""

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        self._opened: queue.SimpleQueue[Session] = queue.SimpleQueue()
        self._is_closed = False

    def begin(self) -> None:
        """Begin to open one."""
        threading.Thread(target=self._open, daemon=True, name="state").start()

    def take(self, seconds: float) -> Session | None:
        """The session; None if there is none after so many seconds."""
        try:
            return self._opened.get(timeout=seconds) if seconds else self._opened.get_nowait()
        except queue.Empty:
            return None

    def close(self) -> None:
        """Try no more."""
        self._is_closed = True

    def _open(self) -> None:
        pause, is_told = _SHORTEST_PAUSE, False
        while not self._is_closed:
            try:
                self._opened.put(open_session(self._address, serves=True))
            except (psycopg.Error, OSError):
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            except BulletinBotError as error:  # a newer bot has changed the tables meanwhile
                if not is_told:
                    logger.error("%s", error)
                is_told, pause = True, _LONGEST_PAUSE
                time.sleep(pause)
            else:
                return
