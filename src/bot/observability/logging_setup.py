"""Logging to standard error: readable lines on a terminal, else one JSON object a line.

Secrets and texts of persons are removed from the whole line, traceback included.
"""

from __future__ import annotations

import functools
import io
import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from contextvars import ContextVar
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, ExcInfo, Processor
from telegram.error import InvalidToken

from bot.output import printable

logger = logging.getLogger(__name__)

_OURS = ("bot", "retrieval")
# httpx logs every address at INFO, and the address holds the token.
_TALKATIVE = (
    "httpx",
    "httpx2",
    "httpcore",
    "openai",
    "urllib3",
    "apscheduler",
    "filelock",
    "asyncio",
    "sentence_transformers",
)
_STARS = "***"
_SHORTEST_PRIVATE = 6  # bytes: two characters of Chinese; shorter words reveal nothing and are part of others

_private: ContextVar[tuple[str, ...]] = ContextVar("private", default=())

_SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.ExtraAdder(),
)


def _plain_traceback(output: TextIO, error: ExcInfo) -> None:
    """The traceback without what a terminal would obey."""
    lines = io.StringIO()
    structlog.dev.plain_traceback(lines, error)
    output.write(printable(lines.getvalue()))


def _printable_values(_logger: object, _method: str, fields: EventDict) -> EventDict:
    return {name: printable(value) if isinstance(value, str) else value for name, value in fields.items()}


# Neither shows the values of variables, as structlog does by default where rich is installed.
_FOR_PEOPLE: tuple[Processor, ...] = (
    _printable_values,
    structlog.dev.ConsoleRenderer(repr_native_str=True, exception_formatter=_plain_traceback),
)
_FOR_PROGRAMS: tuple[Processor, ...] = (
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(functools.partial(json.dumps, ensure_ascii=False)),
)


class SecretsRemoved(structlog.stdlib.ProcessorFormatter):
    """Formats a record, traceback included, and replaces the secrets in the result."""

    def __init__(self, secrets: Iterable[str], *, for_people: bool) -> None:
        self._for_people = for_people
        chain = _FOR_PEOPLE if for_people else _FOR_PROGRAMS
        remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        super().__init__(foreign_pre_chain=_SHARED, processors=[remove, *chain])
        parts = {part for secret in secrets for part in (secret, secret.partition(":")[2]) if part}
        forms = sorted({form for part in parts for form in (part, quote(part))}, key=len, reverse=True)
        # Case-insensitive: python-telegram-bot capitalises the error texts of Telegram.
        self._secrets = re.compile("|".join(map(re.escape, forms)) or "(?!)", re.IGNORECASE)

    def format(self, record: logging.LogRecord) -> str:
        text = self._secrets.sub(_STARS, super().format(record))
        for hidden in _private.get():
            text = text.replace(hidden, _STARS)
        return text if self._for_people else printable(text)


class WithoutInsidesOfLibraries(logging.Filter):
    """Drops records of libraries below INFO, whose lines hold updates, texts, persons and chats."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO or record.name.partition(".")[0] in _OURS


class WithoutRefusedTokens(logging.Filter):
    """Drops the traceback with which python-telegram-bot reports a wrong token: `cli.run` says it in a sentence."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], InvalidToken))


def keep_out_of_the_log(texts: Iterable[str]) -> None:
    """Remove these texts from all log lines of the update that is being handled (a context variable).

    They may come from a library that puts its input into the text of an exception; our own lines never hold them.
    """
    long_enough = (text for text in texts if len(text.encode("utf-8", "replace")) >= _SHORTEST_PRIVATE)
    quoted = {form for text in long_enough for form in (text, repr(text)[1:-1])}
    quoted |= {printable(form) for form in quoted}
    forms = quoted | {json.dumps(form, ensure_ascii=False)[1:-1] for form in quoted}
    _private.set(tuple(sorted(forms, key=len, reverse=True)))


def configure_logging(level: str, secrets: Iterable[str]) -> None:
    """Log our own records from the level up, those of libraries from INFO, or from WARNING if the library is talkative."""
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
    """Log an uncaught exception, so that secrets are removed from it; Python would print it as it is."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logger.critical("The program ends with an error", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(uncaught: threading.ExceptHookArgs) -> None:
    if uncaught.exc_value is not None:
        logger.critical("A thread ended with an error", exc_info=uncaught.exc_value)
