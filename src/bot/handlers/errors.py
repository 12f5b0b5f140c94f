"""What happens when something fails: a log entry with an id, and a sentence with that id."""

from __future__ import annotations

import logging
import secrets

from telegram import Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.handlers.context import Context, received_update_of, texts_of
from bot.handlers.sending import send
from bot.replies.markup import text_reply
from bot.telegram import error_kinds

logger = logging.getLogger(__name__)


async def on_error(update: object, context: Context) -> None:
    """Log the traceback under an id and tell the person the id, unless Telegram itself is what fails."""
    error = context.error
    if error_kinds.is_harmless(error):
        return
    if error_kinds.is_of_the_chat(error):
        logger.warning("An update is not answered, for its chat takes no messages of the bot: %s", error)
        return
    if _is_of_the_line(error):
        _leave(update, context)
        logger.warning("An update is not answered, for Telegram did not take the answer: %s", error)
        return
    error_id = secrets.token_hex(4)
    logger.error("Error %s while handling an update", error_id, exc_info=error)
    if not isinstance(update, Update) or update.effective_chat is None:
        return
    try:
        await send(update, context, text_reply(texts_of(update, context).error.format(error_id=error_id)))
    except TelegramError:
        logger.warning("Error %s could not be told to the person", error_id)


def _is_of_the_line(error: BaseException | None) -> bool:
    """Whether an answer would meet the same fault; a bad request is ours, although a network error by class."""
    return isinstance(error, TelegramError) and not isinstance(error, BadRequest)


def _leave(update: object, context: Context) -> None:
    """Have the update handled again, now or after the next start, unless nobody waits for that.

    A person who blocked the bot does not, nor does one who has typed on since an inline query.
    """
    received_update = received_update_of(update, context) if isinstance(update, Update) else None
    if (
        received_update
        and not received_update.update.inline_query
        and not isinstance(context.error, Forbidden)
    ):
        received_update.is_left = True
