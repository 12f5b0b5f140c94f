from __future__ import annotations

import pytest
from telegram.error import InvalidToken

from bot.application import build_application
from bot.desk import ReadingDesk
from bot.line.patience import PatientLimiter
from bot.settings import load_settings

TOKEN = "1:AAAAAAAAAAAAAAAAAAAA"


def test_an_application_for_telegram_limits_its_rate_and_is_patient(desk: ReadingDesk) -> None:
    application = build_application(load_settings(), desk, TOKEN)
    assert isinstance(application.bot.rate_limiter, PatientLimiter)
    assert application.bot.rate_limiter._base_limiter is not None


def test_the_token_is_in_no_printed_form_of_the_application(desk: ReadingDesk) -> None:
    application = build_application(load_settings(), desk, TOKEN)
    printed = (repr(application), str(application), repr(application.bot), repr(application.bot.request))
    assert not any(TOKEN.partition(":")[2] in text for text in printed)


async def test_a_refused_token_is_not_in_the_error(desk: ReadingDesk) -> None:
    bot = build_application(load_settings(), desk, TOKEN).bot

    async def refuse(*_: object, **__: object) -> None:
        raise InvalidToken(f"The token {TOKEN} is unknown")

    bot._post = refuse
    with pytest.raises(InvalidToken) as error:
        await bot.initialize()
    await bot.shutdown()
    assert TOKEN not in str(error.value)
    assert error.value.__cause__ is None
