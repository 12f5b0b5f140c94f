"""Threads beside a running bot: one loads new generations, one rebuilds when the bulletins change."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.operations import rebuilding, watch
from bot.serving.answerer import Answerer
from bot.serving.malloc_tuning import trim_heap
from bot.settings import Settings
from retrieval.errors import BulletinBotError
from retrieval.index import generations, homes
from retrieval.progress import Stage
from retrieval.storage import current_pointer

if TYPE_CHECKING:
    from retrieval.index.postgres import ServerHome

logger = logging.getLogger(__name__)

_LOOK_EVERY = 1.0  # seconds
_ASK_EVERY = 5.0  # seconds between looks at a server whose notifications are lost
_STOP_WITHIN = 10.0  # seconds; a build ends with the few passages that it is embedding

_Stat = tuple[int, int, int] | None


@contextlib.contextmanager
def reloading(answerer: Answerer, settings: Settings) -> Iterator[None]:
    """Within this context the answerer follows the current generation; with WATCH_BULLETINS, changes are built."""
    stop = threading.Event()
    threads = [_pointer_thread(answerer, settings, stop)]
    if settings.watch_bulletins:
        threads.append(
            threading.Thread(target=_watch, args=(answerer, settings, stop), name="watch-bulletins")
        )
    for thread in threads:
        thread.daemon = True
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_STOP_WITHIN)


def _pointer_thread(answerer: Answerer, settings: Settings, stop: threading.Event) -> threading.Thread:
    """The thread that follows the pointer of the folder, or of the server of INDEX_URL."""
    if settings.index_url is None:
        return threading.Thread(
            target=watch_pointer, args=(answerer, settings.index_dir, stop), name="watch-pointer"
        )
    server = homes.open_server(settings.index_url.get_secret_value())
    return threading.Thread(target=follow_server, args=(answerer, server, stop), name="follow-server")


def follow_server(
    answerer: Answerer, server: ServerHome, stop: threading.Event, every: float = _ASK_EVERY
) -> None:
    """Serve what the pointer of the server newly names, at its notification or after so many seconds, until `stop` is set.

    While the server cannot be reached the index that was loaded stays, and the server is tried again.
    """
    lost = threading.Event()

    def reached() -> None:
        if lost.is_set():
            logger.info("The server of the index is reached again")
            lost.clear()
            answerer.index_fault = ""
        _reload(answerer, server)

    while not stop.is_set():
        try:
            server.follow(reached, stop.is_set, every)
        except BulletinBotError as error:
            if not lost.is_set():
                logger.error("%s It is tried again every %.0f seconds.", error, every)
            lost.set()
            if answerer.whole.remote:  # one that is held whole answers on
                answerer.index_fault = str(error)
        except Exception:
            logger.exception("The server is followed on")
        stop.wait(every)


def watch_pointer(
    answerer: Answerer, index_folder: Path, stop: threading.Event, every: float = _LOOK_EVERY
) -> None:
    """Poll the pointer and the files in service until `stop` is set.

    A generation that the pointer newly names is loaded, warmed up and served. If a file of the one in service is cut short,
    replaced or gone, the last whole generation is loaded and served: large files are mapped, and a page that is lost would
    end the process.
    """
    seen: _Stat = None
    served = _ServedFiles.of(index_folder / answerer.index.name)
    while not stop.wait(every):
        now = _stat(index_folder / current_pointer.POINTER)
        changed = served.changed()
        if now == seen and changed is None and served.name == answerer.index.name:
            continue
        # Before anything is loaded: what is damaged right after that differs from these.
        generations_now = [_ServedFiles.of(folder) for folder in generations.generation_folders(index_folder)]
        if now != seen:
            seen = now
            _reload(answerer, homes.FolderHome(index_folder))
        if changed and served.name == answerer.index.name:
            _replace_damaged(answerer, index_folder, changed)
        served = next((files for files in generations_now if files.name == answerer.index.name), served)


@dataclass(frozen=True, slots=True)
class _ServedFiles:
    """The files of a generation with inode, time and size as they were before it was loaded.

    The time, because a file that replaces another may get its inode.
    """

    name: str
    files: dict[Path, _Stat]

    @classmethod
    def of(cls, folder: Path) -> _ServedFiles:
        # A generation may be deleted meanwhile: os.walk passes over what is gone, Path.rglob raises.
        paths = (Path(inner) / name for inner, _, names in os.walk(folder) for name in names)
        return cls(folder.name, {path: _stat(path) for path in paths})

    def changed(self) -> Path | None:
        """The first file that is not as it was."""
        return next((path for path, was in self.files.items() if _stat(path) != was), None)


def _replace_damaged(answerer: Answerer, index_folder: Path, changed: Path) -> None:
    """Serve the last whole generation, which may be the same one, read anew."""
    try:
        answerer.serve(generations.load_serving(index_folder, answerer.encoder.name))
    except BulletinBotError as error:
        if not answerer.index_fault:
            logger.error(
                "The file %s of the index in service was changed, and there is no whole index to serve instead: %s",
                changed,
                error,
            )
        answerer.index_fault = f"the file {changed} of the index in service was changed"
    except Exception:
        logger.exception("The file %s of the index in service was changed", changed)
    else:
        logger.error(
            "The file %s of the index in service was changed: the generation %s is served from now on.",
            changed,
            answerer.index.name,
        )


def _stat(path: Path) -> _Stat:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _reload(answerer: Answerer, home: homes.IndexHome) -> None:
    """Serve the current generation if it is not served yet; questions under way are answered from the old one."""
    try:
        if home.served()[0] == answerer.whole.name:
            return
        answerer.serve(home.load_current(answerer.encoder.name))
    except BulletinBotError as error:
        logger.error("%s The generation %s stays in service.", error, answerer.whole.name)
    except Exception:
        logger.exception("The generation %s stays in service", answerer.whole.name)
    else:
        trim_heap()
        logger.info(
            "The generation %s is in service: %d passages",
            answerer.whole.name,
            len(answerer.whole.passages),
        )


class _StoppedError(BaseException):
    """The bot stops during a build; no `except Exception` on the way may take it for a failure."""


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
