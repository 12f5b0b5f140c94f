from __future__ import annotations

from telegram.ext import ApplicationBuilder

from bot.application import build_application
from bot.desk import ReadingDesk
from bot.settings import load_settings


def test_an_application_for_telegram_limits_its_rate_and_retries(desk: ReadingDesk) -> None:
    token = "1:AAAAAAAAAAAAAAAAAAAA"
    application = build_application(load_settings(), desk, token)
    assert application.bot.rate_limiter is not None
    assert application.bot.rate_limiter._max_retries == 3
    assert application.concurrent_updates == 256
    assert isinstance(application, type(ApplicationBuilder().token(token).build()))
