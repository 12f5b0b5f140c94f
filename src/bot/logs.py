"""Logging to standard error, with every secret replaced before a line is written."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable

from telegram.error import InvalidToken

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# httpx logs every address at INFO, httpcore its headers at DEBUG: the addresses hold the token.
_TALKATIVE = ("httpx", "httpcore", "urllib3", "apscheduler", "filelock", "asyncio", "sentence_transformers")
_STARS = "***"


class SecretsRemoved(logging.Formatter):
    """Formats a record, traceback included, and then replaces the secrets in the whole of it."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(_FORMAT)
        parts = {part for secret in secrets for part in (secret, secret.partition(":")[2]) if part}
        self._secrets = sorted(parts, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, _STARS)
        return text


class WithoutRefusedTokens(logging.Filter):
    """Drops the traceback with which python-telegram-bot reports a wrong token: `serving` says it in a sentence."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], InvalidToken))


def configure_logging(level: str, secrets: Iterable[str]) -> None:
    """Log from the level up; what other libraries say below a warning is left out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SecretsRemoved(secrets))
    handler.addFilter(WithoutRefusedTokens())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
