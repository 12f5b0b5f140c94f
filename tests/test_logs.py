from __future__ import annotations

import logging

import pytest
from telegram.error import InvalidToken

from bot.logs import configure_logging

TOKEN = "123456789:AAF_abcdefghijklmnopqrstuvwxyz-01234"


@pytest.fixture(autouse=True)
def _logging_as_before() -> object:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_the_token_is_replaced_in_messages_arguments_and_tracebacks(
    capfd: pytest.CaptureFixture[str],
) -> None:
    configure_logging("DEBUG", [TOKEN, ""])
    logger = logging.getLogger("anything")
    logger.debug("calling https://api.telegram.org/bot%s/getMe", TOKEN)
    try:
        raise ValueError(f"cannot reach /bot{TOKEN}/sendMessage")
    except ValueError:
        logger.exception("it failed")
    written = capfd.readouterr().err
    assert "Traceback" in written
    assert "/bot***/getMe" in written
    assert TOKEN.partition(":")[2] not in written


def test_addresses_that_httpx_logs_are_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG", [TOKEN])
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/…")
    assert capfd.readouterr().err == ""


def test_a_refused_token_is_not_reported_with_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", [TOKEN])
    try:
        raise InvalidToken("Unauthorized")
    except InvalidToken:
        logging.getLogger("telegram.ext").exception("Network Retry Loop")
    assert capfd.readouterr().err == ""
