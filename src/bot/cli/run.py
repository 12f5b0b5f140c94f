"""From settings to a bot that runs, on Telegram or in this terminal."""

from __future__ import annotations

import asyncio
import secrets

from pydantic import SecretStr
from telegram.error import InvalidToken

from bot.application import build_application
from bot.cli.chat import chat
from bot.observability import configure_logging
from bot.runner import run_application
from bot.serving import malloc_tuning, open_answerer, reloading
from bot.settings import Settings
from bot.state.database import IN_MEMORY
from retrieval.errors import BulletinBotError


def serve(settings: Settings) -> None:
    """The Telegram bot, until it is told to stop; raises BulletinBotError for what the operator can mend."""
    token, settings = settings.token(), with_webhook_secret(settings)
    configure_logging(settings.log_level, [token, *webhook_secrets(settings)])
    malloc_tuning.use_one_heap()
    answerer = open_answerer(settings)
    answerer.warm_up()
    application = build_application(settings, answerer, token)
    malloc_tuning.freeze_startup_objects()
    try:
        with reloading(answerer, settings):
            run_application(application, settings)
    except InvalidToken:
        raise BulletinBotError(
            "Telegram does not know this TELEGRAM_BOT_TOKEN: copy it again from @BotFather."
        ) from None


def with_webhook_secret(settings: Settings) -> Settings:
    """The settings with a random secret where one is needed and none is set: the log must know what to leave out."""
    if settings.webhook_url is None or settings.webhook_secret:
        return settings
    return settings.model_copy(update={"webhook_secret": SecretStr(secrets.token_urlsafe(32))})


def webhook_secrets(settings: Settings) -> tuple[str, ...]:
    """What the log must leave out besides the token: one, or none."""
    return (settings.webhook_secret.get_secret_value(),) if settings.webhook_secret else ()


def serve_terminal(settings: Settings, language_code: str) -> None:
    """The same bot as a chat in this terminal."""
    configure_logging("ERROR", [])
    try:
        answerer, nothing_kept = open_answerer(settings), settings.model_copy(update={"state_db": IN_MEMORY})
        with reloading(answerer, settings):
            asyncio.run(chat(nothing_kept, answerer, language_code))
    except KeyboardInterrupt:
        return
