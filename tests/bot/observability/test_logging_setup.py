from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading

import pytest
from telegram.error import InvalidToken

from bot.observability.logging_setup import SecretsRemoved, configure_logging, keep_out_of_the_log

TOKEN = "123456789:AAF_abcdefghijklmnopqrstuvwxyz-01234"
QUESTION = '北京的"榜樣"\n每個月評出多少人?'


def test_the_token_is_replaced_in_messages_arguments_and_tracebacks(
    capfd: pytest.CaptureFixture[str],
) -> None:
    configure_logging("DEBUG", [TOKEN, ""])
    logger = logging.getLogger("bot.anything")
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


def test_where_no_terminal_is_each_record_of_any_library_is_a_line_of_json(
    capfd: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", [TOKEN])
    logging.getLogger("bot.answers").info("answer", extra={"chat": "c0ffee", "total_ms": 12.5})
    logging.getLogger("library.general").warning("a request of %d bytes", 7)
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("telegram.ext").exception("it failed")
    ours, of_library, failed = map(json.loads, capfd.readouterr().err.splitlines())
    assert (ours["event"], ours["chat"], ours["total_ms"], ours["level"]) == (
        "answer",
        "c0ffee",
        12.5,
        "info",
    )
    assert (of_library["event"], of_library["logger"]) == ("a request of 7 bytes", "library.general")
    assert "ValueError: two\nlines" in failed["exception"]
    assert all(line["timestamp"].startswith("20") for line in (ours, of_library, failed))


def test_on_a_terminal_a_line_is_for_people_and_shows_no_variables() -> None:
    kept_in_a_variable = "what only a variable holds".title()
    try:
        raise ValueError("two\nlines")
    except ValueError:
        found = sys.exc_info()
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, f"{TOKEN} failed", None, found)
    line = SecretsRemoved([TOKEN], for_people=True).format(record)
    assert "*** failed" in line
    assert "Traceback" in line
    assert kept_in_a_variable not in line
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(line)


@pytest.mark.parametrize(
    "library", ["telegram.ext.Application", "telegram.Bot", "markdown_it", "jieba", "asyncio"]
)
def test_what_libraries_say_at_debug_is_never_written(
    library: str, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logging("DEBUG", [TOKEN])
    logging.getLogger(library).debug("Processing update %s", QUESTION)
    logging.getLogger("bot.serving.answerer").debug("ours")
    assert [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()] == ["ours"]


@pytest.mark.parametrize("for_people", [True, False])
async def test_a_question_is_in_no_line_of_its_update_however_an_exception_quotes_it(
    for_people: bool,
) -> None:
    formatter = SecretsRemoved([], for_people=for_people)

    async def handled(text: str) -> str:
        keep_out_of_the_log([text])
        try:
            raise ValueError(f"cannot read {text!r} or {text}")
        except ValueError:
            found = sys.exc_info()
        record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "failed on %s", (text,), found)
        return formatter.format(record)

    written, others = await asyncio.gather(handled(QUESTION), handled("上海有多少志願者?"))
    assert "榜樣" not in written
    assert "ValueError: cannot read" in written
    assert "志願者" not in others
    plain = logging.LogRecord("bot", logging.INFO, __file__, 1, "上海有多少志願者?", None, None)
    assert "上海有多少志願者?" in formatter.format(plain)  # outside of the update nothing is held back


def test_what_nobody_caught_is_logged_like_all_else(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", [TOKEN])

    def fail() -> None:
        raise InvalidTokenError(f"The token `{TOKEN}` was rejected")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except InvalidTokenError as error:
        sys.excepthook(InvalidTokenError, error, error.__traceback__)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [line["level"] for line in lines] == ["critical", "critical"]
    assert all("The token `***` was rejected" in line["exception"] for line in lines)


class InvalidTokenError(Exception):
    """What a library might raise."""
