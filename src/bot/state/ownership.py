"""One bot, and one process of it, a state file: the others wait for it to end, then take over."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from bot.state.database import Database
from bot.state.sqlite import IN_MEMORY
from retrieval.errors import BulletinBotError
from retrieval.storage import lock

logger = logging.getLogger(__name__)

WAIT_SECONDS = 60.0
"""Longest wait for the process before: it ends within 10 s of being asked to."""
_AT_ONCE = 0.1
_BOT_ID = "bot_id"


@contextlib.contextmanager
def only_server(path: Path, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of the state file, after waiting for the process that holds it; it ends with this process.

    Says once that it waits, unless it waits for no seconds. Raises BulletinBotError naming the holder after the
    seconds, and if the folder cannot be written.
    """
    if path == IN_MEMORY:
        yield
        return
    held = lock.signed_lock(lock_file(path), _AT_ONCE, "run")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _acquire(held, path, seconds)
    except OSError as error:
        raise BulletinBotError(
            f"The folder of the state {path} cannot be written ({error.strerror}): mend that, or set STATE_DB to a file "
            "elsewhere."
        ) from error
    except NotImplementedError:
        logger.warning("The disk of %s knows no locks: nothing keeps a second bot from the same file.", path)
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.truncate(lock_file(path), 0)
        held.release()


def lock_file(path: Path) -> Path:
    """The file that is locked for the state file; it stays, since one that waits may have it open."""
    return path.with_name(f"{path.name}.lock")


def _acquire(held: FileLock, path: Path, seconds: float) -> None:
    try:
        held.acquire()
    except Timeout:
        if not seconds:
            raise BulletinBotError(
                f"The state {path} is in use ({_holder(path)}): stop that process and try again."
            ) from None
        logger.warning(
            "The state %s is in use (%s): waiting up to %.0f s for that process to end, then taking over.",
            path,
            _holder(path),
            seconds,
        )
    else:
        return
    try:
        held.acquire(timeout=seconds)
    except Timeout:
        raise BulletinBotError(
            f"The state {path} is still in use after {seconds:.0f} s ({_holder(path)}): stop that process, or set "
            "STATE_DB to another file for a bot with another token."
        ) from None
    logger.info("The process before has ended: taking over.")


def _holder(path: Path) -> str:
    holder = lock.read_holder(lock_file(path))
    return str(holder) if holder else "it has not said who it is"


def claim(database: Database, shown: str, remedy: str, bot_id: int) -> None:
    """Note the bot whose state this is; raises BulletinBotError if it is that of another bot.

    A revoked token is replaced by one with the same id.
    """
    database.write(
        "INSERT INTO keys (purpose, key) VALUES (?, ?) ON CONFLICT DO NOTHING", (_BOT_ID, str(bot_id))
    )
    ((owner,),) = database.rows("SELECT key FROM keys WHERE purpose = ?", (_BOT_ID,))
    if str(owner) != str(bot_id):
        raise BulletinBotError(
            f"The state in {shown} is that of the bot {owner}, and TELEGRAM_BOT_TOKEN is of the bot {bot_id}: {remedy} for "
            "this one, so that it does not answer the people of the other."
        )
