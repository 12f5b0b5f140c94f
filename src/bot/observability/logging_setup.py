"""Logging to standard error: for people where that is a terminal, a line of JSON a record elsewhere.

Whatever a record holds, its traceback too, no secret and no text of a person stands in the line that is written.
"""

from __future__ import annotations

import functools
import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from contextvars import ContextVar
from types import TracebackType
from urllib.parse import quote

import structlog
from structlog.typing import Processor
from telegram.error import InvalidToken

logger = logging.getLogger(__name__)

_OURS = ("bot", "retrieval")
# httpx logs every address at INFO, and the address holds the token.
_TALKATIVE = ("httpx", "httpcore", "urllib3", "apscheduler", "filelock", "asyncio", "sentence_transformers")
_STARS = "***"
_SHORTEST_PRIVATE = 6  # bytes: two characters of Chinese; shorter words tell nothing and are part of others

_private: ContextVar[tuple[str, ...]] = ContextVar("private", default=())

_SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.ExtraAdder(),
)
# Neither shows what variables hold, as structlog does by default where rich is installed.
_FOR_PEOPLE: tuple[Processor, ...] = (
    structlog.dev.ConsoleRenderer(repr_native_str=True, exception_formatter=structlog.dev.plain_traceback),
)
_FOR_PROGRAMS: tuple[Processor, ...] = (
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(functools.partial(json.dumps, ensure_ascii=False)),
)


class SecretsRemoved(structlog.stdlib.ProcessorFormatter):
    """Formats a record, traceback included, and then replaces the secrets in the whole of it."""

    def __init__(self, secrets: Iterable[str], *, for_people: bool) -> None:
        chain = _FOR_PEOPLE if for_people else _FOR_PROGRAMS
        remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        super().__init__(foreign_pre_chain=_SHARED, processors=[remove, *chain])
        parts = {part for secret in secrets for part in (secret, secret.partition(":")[2]) if part}
        forms = sorted({form for part in parts for form in (part, quote(part))}, key=len, reverse=True)
        # In any case of letters: python-telegram-bot capitalises what Telegram says, and lowers the rest of it.
        self._secrets = re.compile("|".join(map(re.escape, forms)) or "(?!)", re.IGNORECASE)

    def format(self, record: logging.LogRecord) -> str:
        text = self._secrets.sub(_STARS, super().format(record))
        for hidden in _private.get():
            text = text.replace(hidden, _STARS)
        return text


class WithoutInsidesOfLibraries(logging.Filter):
    """Drops what libraries say below INFO, whatever level they gave themselves: updates, texts, persons, chats."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO or record.name.partition(".")[0] in _OURS


class WithoutRefusedTokens(logging.Filter):
    """Drops the traceback with which python-telegram-bot reports a wrong token: `serving` says it in a sentence."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], InvalidToken))


def keep_out_of_the_log(texts: Iterable[str]) -> None:
    """From here on, for the update that is being handled: lines are written without these texts.

    A library may put what it was given into the text of an exception; our own lines never have it.
    """
    long_enough = (text for text in texts if len(text.encode("utf-8", "replace")) >= _SHORTEST_PRIVATE)
    quoted = {form for text in long_enough for form in (text, repr(text)[1:-1])}
    forms = quoted | {json.dumps(form, ensure_ascii=False)[1:-1] for form in quoted}
    _private.set(tuple(sorted(forms, key=len, reverse=True)))


def configure_logging(level: str, secrets: Iterable[str]) -> None:
    """Log our own lines from the level up, and those of libraries from INFO, or from WARNING where they are many."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SecretsRemoved(secrets, for_people=sys.stderr.isatty()))
    handler.addFilter(WithoutInsidesOfLibraries())
    handler.addFilter(WithoutRefusedTokens())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught goes the way of all lines, instead of being printed as it is."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logger.critical("The program ends with an error", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None:
        logger.critical("A thread ended with an error", exc_info=found.exc_value)
