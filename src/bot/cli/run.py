"""`bulletin-bot run` and `chat`: the bot on Telegram or in this terminal, from its settings."""

from __future__ import annotations

import asyncio
import faulthandler
import hashlib
import hmac
import logging
import secrets
import sys
from pathlib import Path

from pydantic import SecretStr
from telegram.error import InvalidToken

from bot.application import build_application
from bot.cli.chat import chat
from bot.cli.sample import open_answerer_or_sample
from bot.locales import texts_for
from bot.observability import configure_logging
from bot.operations import purging
from bot.runner import Beside, run_application
from bot.serving import Answerer, malloc_tuning, reloading
from bot.settings import Settings
from bot.state import homes
from retrieval.errors import BulletinBotError
from retrieval.storage import lock

logger = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Run the Telegram bot until it is stopped; raises BulletinBotError for faults that the operator can mend."""
    faulthandler.enable(
        sys.__stderr__ or sys.stderr
    )  # a signal such as SIGBUS ends the process with its traceback
    token, settings = settings.token(), with_webhook_secret(settings)
    configure_logging(settings.log_level, [token, *other_secrets(settings)])
    malloc_tuning.use_one_heap()
    _finish_purge(settings)
    answerer = open_answerer_or_sample(settings)
    answerer.warm_up()
    with settings.state_home().only_server():  # warmed up before: whoever takes over answers at once
        application = build_application(settings, answerer, token)
        malloc_tuning.freeze_startup_objects()
        malloc_tuning.trim_heap()
        try:
            with reloading(answerer, settings):
                run_application(application, settings, _pages(settings, answerer))
        except InvalidToken:
            raise BulletinBotError(
                "Telegram does not know this TELEGRAM_BOT_TOKEN: copy it again from @BotFather."
            ) from None


def _pages(settings: Settings, answerer: Answerer) -> Beside | None:
    """The reader page beside the bot; its libraries are loaded only where WEB_PORT is set."""
    if not settings.web_port:
        return None
    from bot.web import pages_served

    return pages_served(settings, answerer)


def serve_web(settings: Settings) -> None:
    """Run the reader page alone until it is stopped; raises BulletinBotError for faults that the operator can mend."""
    from bot.web import serve_pages

    token = settings.telegram_bot_token
    configure_logging(settings.log_level, [token.get_secret_value()] if token else [])
    malloc_tuning.use_one_heap()
    answerer = open_answerer_or_sample(settings)
    answerer.warm_up()
    malloc_tuning.freeze_startup_objects()
    malloc_tuning.trim_heap()
    try:
        with reloading(answerer, settings):
            serve_pages(settings, answerer)
    finally:
        answerer.close()


def write_site(settings: Settings, folder: Path, language_code: str) -> None:
    """Write the reader page as files; raises BulletinBotError for what the operator can mend."""
    from bot.web import export_site

    answerer = open_answerer_or_sample(settings)
    try:
        pages = export_site(answerer.whole, texts_for(language_code), folder)
    finally:
        answerer.close()
    sys.stdout.write(
        f"{pages} pages in {folder}, without search and questions: `bulletin-bot web` has these.\n"
    )


def _finish_purge(settings: Settings) -> None:
    """Finish a purge that was killed, unless another process is at it."""
    try:
        purging.finish_purge(settings)
    except lock.IndexBusyError as error:
        logger.warning("%s", error)


def with_webhook_secret(settings: Settings) -> Settings:
    """The settings, with a webhook secret if one is needed and none is set; the log must know it to hide it.

    It is random, or made of the token where several bots share the webhook by STATE_URL: they need the same one.
    """
    if settings.webhook_url is None or settings.webhook_secret:
        return settings
    secret = secrets.token_urlsafe(32)
    if settings.state_url:
        secret = hmac.new(settings.token().encode(), b"webhook", hashlib.sha256).hexdigest()
    return settings.model_copy(update={"webhook_secret": SecretStr(secret)})


def other_secrets(settings: Settings) -> tuple[str, ...]:
    """The webhook secret, the key of the language model, and the addresses of servers; the log hides them besides the token."""
    secrets_set = (settings.webhook_secret, settings.llm_api_key, settings.index_url, settings.state_url)
    return tuple(secret.get_secret_value() for secret in secrets_set if secret)


def serve_programs(settings: Settings, *, over_http: bool) -> None:
    """Serve programs over the Model Context Protocol until their end of the pipe closes, or until stopped.

    What `run` would rebuild is left to it. Raises BulletinBotError for faults that the operator can mend.
    """
    from bot import mcp  # brings the package of the protocol, which nothing else needs

    configure_logging(settings.log_level, other_secrets(settings))
    answerer = open_answerer_or_sample(settings)
    try:
        with reloading(answerer, settings.model_copy(update={"watch_bulletins": False})):
            if over_http:
                answerer.warm_up()
                mcp.serve_http(settings, answerer)
            else:
                mcp.serve_stdio(answerer)
    except KeyboardInterrupt:
        return
    finally:
        answerer.close()


def serve_terminal(settings: Settings, language_code: str) -> None:
    """Run the bot as a chat in this terminal, with its state in memory."""
    configure_logging("ERROR", [])
    try:
        answerer = open_answerer_or_sample(settings)
        without_state = settings.model_copy(
            update={"state_db": homes.IN_MEMORY, "state_url": None, "web_url": None}
        )
        with reloading(answerer, settings):
            asyncio.run(chat(without_state, answerer, language_code))
    except KeyboardInterrupt:
        return
