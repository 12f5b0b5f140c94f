from __future__ import annotations

from dataclasses import fields

import pytest
from telegram import Update
from telegram.error import InvalidToken

from bot.application import build_application
from bot.handlers import Context
from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.telegram.retrying_limiter import RetryingRateLimiter

TOKEN = "1:AAAAAAAAAAAAAAAAAAAA"


def test_an_application_for_telegram_limits_its_rate_and_retries(answerer: Answerer) -> None:
    application = build_application(load_settings(), answerer, TOKEN)
    assert isinstance(application.bot.rate_limiter, RetryingRateLimiter)
    assert application.bot.rate_limiter._base_limiter is not None


def test_the_token_is_in_no_printed_form_of_the_application(answerer: Answerer) -> None:
    application = build_application(load_settings(), answerer, TOKEN)
    printed = (repr(application), str(application), repr(application.bot), repr(application.bot.request))
    assert not any(TOKEN.partition(":")[2] in text for text in printed)


async def test_a_refused_token_is_not_in_the_error(answerer: Answerer) -> None:
    bot = build_application(load_settings(), answerer, TOKEN).bot

    async def refuse(*_: object, **__: object) -> None:
        raise InvalidToken(f"The token {TOKEN} is unknown")

    bot._post = refuse  # type: ignore[method-assign]
    with pytest.raises(InvalidToken) as error:
        await bot.initialize()
    await bot.shutdown()
    assert TOKEN not in str(error.value)
    assert error.value.__cause__ is None


def test_no_secret_is_in_what_is_printed_of_anything_the_application_holds(answerer: Answerer) -> None:
    token, secret = "123456789:AAF_abcdefghijklmnopqrstuvwxyz-01234", "hush-0123456789"
    application = build_application(
        load_settings(telegram_bot_token=token, webhook_secret=secret), answerer, token
    )
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "問"}
    update = Update.de_json({"update_id": 1, "message": message}, application.bot)
    services = application.bot_data
    held = [
        application,
        application.bot,
        services,
        *(getattr(services, field.name) for field in fields(services)),
    ]
    for thing in [*held, application.handlers, update, update.message, Context(application)]:
        for text in (repr(thing), str(thing)):
            assert token.partition(":")[2] not in text, type(thing)
            assert secret not in text, type(thing)
