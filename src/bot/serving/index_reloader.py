"""Threads beside a running bot: one serves what was built anew, one builds when the bulletins change."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

from bot.operations import rebuilding, watch
from bot.serving.answerer import Answerer
from bot.serving.malloc_tuning import trim_heap
from bot.settings import Settings
from retrieval.errors import BulletinBotError
from retrieval.index import generations
from retrieval.progress import Stage
from retrieval.storage import current_pointer

logger = logging.getLogger(__name__)

_LOOK_EVERY = 1.0  # seconds
_STOP_WITHIN = 10.0  # seconds; a build ends with the few passages that it is embedding

_Stat = tuple[int, int, int] | None


@contextlib.contextmanager
def reloading(answerer: Answerer, settings: Settings) -> Iterator[None]:
    """While this is open, the answerer serves what is in service, and with WATCH_BULLETINS changed bulletins are built."""
    stop = threading.Event()
    threads = [threading.Thread(target=follow, args=(answerer, settings.index_dir, stop), name="follow")]
    if settings.watch_bulletins:
        threads.append(threading.Thread(target=_watch, args=(answerer, settings, stop), name="watch"))
    for thread in threads:
        thread.daemon = True
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_STOP_WITHIN)


def follow(answerer: Answerer, index_folder: Path, stop: threading.Event, every: float = _LOOK_EVERY) -> None:
    """Look at the pointer until told to stop; load, warm up and serve what it names when that changes."""
    seen: _Stat = None
    while not stop.wait(every):
        now = _stat(index_folder / current_pointer.POINTER)
        if now != seen:
            seen = now
            _catch_up(answerer, index_folder)


def _stat(path: Path) -> _Stat:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _catch_up(answerer: Answerer, index_folder: Path) -> None:
    """Questions under way are answered from the old generation; those that come after, from the new one."""
    try:
        if generations.current_folder(index_folder).name == answerer.index.name:
            return
        answerer.serve(generations.load_current(index_folder, answerer.encoder.name))
    except BulletinBotError as error:
        logger.error("%s The generation %s stays in service.", error, answerer.index.name)
    except Exception:
        logger.exception("The generation %s stays in service", answerer.index.name)
    else:
        trim_heap()
        logger.info(
            "The generation %s is in service: %d passages",
            answerer.index.name,
            len(answerer.index.passages),
        )


class _StoppedError(Exception):
    """The bot stops while a build is under way."""


def _watch(answerer: Answerer, settings: Settings, stop: threading.Event) -> None:
    def go_on(_stage: Stage, _done: int, _total: int) -> None:
        if stop.is_set():
            raise _StoppedError

    def rebuild() -> None:
        report = rebuilding.build(settings, encoder=answerer.encoder, progress=go_on)
        changed = len(report.details)
        logger.info(
            "Built %s from changed bulletins: %d changes, %d passages embedded",
            report.generation,
            changed,
            report.embedded,
        )

    try:
        watch(settings, rebuild, logger.error, stop)
    except _StoppedError:
        logger.info("The build was ended with the bot")
    except Exception:
        logger.exception("The bulletins are no longer watched")
