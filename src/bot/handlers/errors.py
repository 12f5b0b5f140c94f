"""What happens when something fails: a log entry with an id, and a sentence with that id."""

from __future__ import annotations

import logging
import secrets

from telegram import Update
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.handlers.context import Context, texts_of
from bot.handlers.sending import send
from bot.replies.reply import said

logger = logging.getLogger(__name__)


async def on_error(update: object, context: Context) -> None:
    """Log the traceback under an id and tell the person the id, unless Telegram itself is what fails."""
    error = context.error
    if isinstance(error, BadRequest) and "message is not modified" in error.message.lower():
        return
    error_id = secrets.token_hex(4)
    logger.error("Error %s while handling an update", error_id, exc_info=error)
    if not isinstance(update, Update) or update.effective_chat is None or _is_of_the_line(error):
        return
    try:
        await send(update, context, said(texts_of(update, context).error.format(error_id=error_id)))
    except TelegramError:
        logger.warning("Error %s could not be told to the person", error_id)


def _is_of_the_line(error: BaseException | None) -> bool:
    """Whether an answer would meet the same fault; a bad request is ours, although a network error by class."""
    return isinstance(error, RetryAfter | Conflict | Forbidden | NetworkError) and not isinstance(
        error, BadRequest
    )
