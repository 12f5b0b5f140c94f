"""What is done beside everything else: for show, and never worth an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

from telegram.error import TelegramError

logger = logging.getLogger(__name__)


class BackgroundTasks:
    """Runs what nobody waits for; what fails of it is not mourned."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How much is under way."""
        return len(self._running)

    def start(self, work: Coroutine[object, object, object]) -> None:
        """Let the work run from now on."""
        task = asyncio.create_task(_forgiven(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self, seconds: float = 0.0) -> None:
        """Let what runs end, for some seconds at most."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _forgiven(work: Coroutine[object, object, object]) -> None:
    try:
        await work
    except TelegramError as error:
        logger.debug("Left undone: %s", error)
    except Exception:
        logger.exception("Something done aside failed")
