"""Rebuilds when the bulletins change and have settled. Files are polled, which works on every disk, also on networks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from bot.settings import Settings
from retrieval.errors import BulletinBotError
from retrieval.reading import source_files
from retrieval.storage import lock, manifests

logger = logging.getLogger(__name__)

_LOOK_EVERY = 2.0  # seconds; files have settled when two looks see the same
_BUSY_PAUSE = 30.0  # seconds until the next try while another process builds

_Look = dict[str, tuple[int, int]] | None
"""Size and time of every file by name; None while they cannot be listed."""


def watch(
    settings: Settings,
    rebuild: Callable[[], None],
    complain: Callable[[str], None],
    stop: threading.Event,
    every: float = _LOOK_EVERY,
) -> None:
    """Rebuild whenever the settled files differ from those that the index was built from, until `stop` is set.

    A fault is passed to `complain` once, and the rebuild repeated when the files change; one that only a programmer can
    mend is logged with its traceback too, and the files are watched on.
    """
    last: _Look = None
    handled: _Look = None
    while not stop.wait(every):
        now = _look(settings)
        if now == last and now != handled:
            handled = now if _rebuild_if_changed(settings, rebuild, complain) else None
            if handled is None:
                stop.wait(_BUSY_PAUSE)
        last = now


def _look(settings: Settings) -> _Look:
    try:
        stats = {name: path.stat() for name, path in source_files(settings.bulletins_dir).items()}
    except Exception as error:  # noqa: BLE001 - the next look may succeed; the watch must not end
        logger.debug("The bulletins cannot be listed: %s", error)
        return None
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}


def _rebuild_if_changed(
    settings: Settings, rebuild: Callable[[], None], complain: Callable[[str], None]
) -> bool:
    """Whether the change is dealt with: built, not needed, or reported; False while another process builds."""
    try:
        if _is_changed(settings):
            rebuild()
    except lock.IndexBusyError as error:
        complain(str(error))
        return False
    except BulletinBotError as error:
        complain(str(error))
    except Exception as error:
        logger.exception("A rebuild failed")
        complain(
            f"The rebuild failed ({type(error).__name__}), which is a fault of this program: what was in service still "
            "is; it is tried again when the bulletins change. The log says more."
        )
    return True


def _is_changed(settings: Settings) -> bool:
    sources = manifests.hash_sources(source_files(settings.bulletins_dir))
    try:
        return settings.index_home().manifest().sources != sources
    except BulletinBotError:
        return True
