"""Commands of admins: rebuild with its progress in one message, statistics."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

from telegram import Update
from telegram.error import TelegramError

from bot.handlers import Context, admission, messages, sending
from bot.locales import AdminTexts
from bot.operations import rebuild_subprocess, statistics
from bot.replies import admin, markup
from retrieval.errors import BulletinBotError
from retrieval.progress import TimeLeft

logger = logging.getLogger(__name__)

# Telegram takes about one edit a second in a chat and slows down who insists; three leave room for answers.
SECONDS_BETWEEN_EDITS = 3.0


@admission.for_admins
async def rebuild(update: Update, context: Context) -> None:
    """Start a rebuild beside everything else, by `/rebuild` or its button."""
    if update.callback_query:
        await sending.acknowledge(update.callback_query)
    if update.effective_chat is None:  # a message that was shared elsewhere: nowhere to show the progress
        return
    if context.services.rebuild.is_running:
        await sending.send(update, context, markup.text_reply(context.texts.admin.rebuild_running))
        return
    context.services.rebuild.start(_rebuild(update, context))


async def _rebuild(update: Update, context: Context) -> None:
    texts = context.texts.admin
    (message_id,) = await sending.send(update, context, markup.Reply((texts.rebuild_started,)))

    async def show(text: str) -> None:
        with contextlib.suppress(TelegramError):  # the message may be gone; the rebuild goes on
            await messages.edit(update, context, text, (), message_id)

    await show(await _outcome(context, texts, show))


async def _outcome(context: Context, texts: AdminTexts, show: Callable[[str], Awaitable[None]]) -> str:
    """Run the rebuild, show its progress, and return the text of its end."""
    shown = latest = texts.rebuild_started
    time_left = TimeLeft()

    def on_progress(stage: str, done: int, total: int) -> None:
        nonlocal latest
        left = time_left.seconds(stage, done, total, time.monotonic())
        latest = admin.stage_text(stage, done, total, texts, seconds_left=left)

    work: asyncio.Task[rebuild_subprocess.BuildSummary] = asyncio.create_task(
        rebuild_subprocess.rebuild_in_child(context.services.settings, on_progress)
    )
    try:
        while not (await asyncio.wait({work}, timeout=SECONDS_BETWEEN_EDITS))[0]:
            if latest != shown:
                shown = latest
                await show(shown)
        return admin.built_text(work.result(), texts)
    except BulletinBotError as error:
        return admin.failed_text(texts.rebuild_failed, str(error))
    except Exception:
        logger.exception("The rebuild failed")
        return admin.failed_text(texts.rebuild_failed, texts.see_log)
    except asyncio.CancelledError:
        work.cancel()
        await asyncio.wait({work})
        return texts.rebuild_stopped


@admission.for_admins
async def stats(update: Update, context: Context) -> None:
    """Answer `/stats`: questions, waits and feedback of the last days, memory, the index in service."""
    services = context.services
    now = statistics.gather(services.database, services.answerer.whole, services.started)
    await sending.send(update, context, admin.stats_reply(now, context.texts.admin))


@admission.for_admins
async def only_in_private(update: Update, context: Context) -> None:
    """Answer an admin command in a group: it works in private only."""
    await sending.send(update, context, markup.text_reply(context.texts.admin.only_in_private))
