"""For admins: rebuild with its progress in one message, roll back, statistics. Everyone else is refused."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

from telegram import Update
from telegram.error import TelegramError

from bot.handlers.admission import for_admins
from bot.handlers.context import (
    STARTED,
    AnyApplication,
    Context,
    admin_texts_of,
    database_of,
    desk_of,
    settings_of,
)
from bot.handlers.sending import acknowledge, edit, send
from bot.locales import AdminTexts
from bot.operations import rebuild_subprocess, statistics
from bot.replies.admin import built_text, failed_text, stage_text, stats_reply
from bot.replies.markup import Reply, escape, text_reply
from retrieval.errors import BulletinBotError
from retrieval.index import generations
from retrieval.progress import TimeLeft

logger = logging.getLogger(__name__)

# Telegram takes about one edit a second in a chat and slows down who insists; three leave room for answers.
SECONDS_BETWEEN_EDITS = 3.0

_TASK = "rebuild"


@for_admins
async def rebuild(update: Update, context: Context) -> None:
    """`/rebuild` or its button: start one, beside everything else the bot does."""
    if update.callback_query:
        await acknowledge(update.callback_query)
    if update.effective_chat is None:  # a message that was shared elsewhere: nowhere to show the progress
        return
    running: asyncio.Task[None] | None = context.bot_data.get(_TASK)
    if running and not running.done():
        await send(update, context, text_reply(admin_texts_of(update, context).rebuild_running))
        return
    context.bot_data[_TASK] = asyncio.create_task(_rebuild(update, context))


async def stop_rebuild(application: AnyApplication) -> None:
    """End the rebuild under way, if there is one, and wait until it is."""
    running: asyncio.Task[None] | None = application.bot_data.get(_TASK)
    if running and not running.done():
        running.cancel()
        await asyncio.wait({running})


async def _rebuild(update: Update, context: Context) -> None:
    texts = admin_texts_of(update, context)
    (message_id,) = await send(update, context, Reply((texts.rebuild_started,)))

    async def show(text: str) -> None:
        with contextlib.suppress(TelegramError):  # the message may be gone; the rebuild goes on
            await edit(update, context, text, (), message_id)

    await show(await _outcome(context, texts, show))


async def _outcome(context: Context, texts: AdminTexts, show: Callable[[str], Awaitable[None]]) -> str:
    """How the rebuild ended; its progress is shown on the way."""
    shown = latest = texts.rebuild_started
    time_left = TimeLeft()

    def watch(stage: str, done: int, total: int) -> None:
        nonlocal latest
        left = time_left.seconds(stage, done, total, time.monotonic())
        latest = stage_text(stage, done, total, texts, seconds_left=left)

    work: asyncio.Task[rebuild_subprocess.BuildSummary] = asyncio.create_task(
        rebuild_subprocess.rebuild_in_child(settings_of(context), watch)
    )
    try:
        while not (await asyncio.wait({work}, timeout=SECONDS_BETWEEN_EDITS))[0]:
            if latest != shown:
                shown = latest
                await show(shown)
        return built_text(work.result(), texts)
    except BulletinBotError as error:
        return failed_text(texts.rebuild_failed, str(error))
    except Exception:
        logger.exception("The rebuild failed")
        return failed_text(texts.rebuild_failed, texts.see_log)
    except asyncio.CancelledError:
        work.cancel()
        await asyncio.wait({work})
        return texts.rebuild_stopped


@for_admins
async def rollback(update: Update, context: Context) -> None:
    """`/rollback`: the generation before the one in service."""
    texts = admin_texts_of(update, context)
    try:
        name = await asyncio.to_thread(generations.roll_back, settings_of(context).index_dir)
    except BulletinBotError as error:
        await send(update, context, Reply((failed_text("⚠️ {reason}", str(error)),)))
        return
    await send(update, context, Reply((texts.rolled_back.format(generation=escape(name)),)))


@for_admins
async def stats(update: Update, context: Context) -> None:
    """`/stats`."""
    now = statistics.gather(database_of(context), desk_of(context).index, context.bot_data[STARTED])
    await send(update, context, stats_reply(now, admin_texts_of(update, context)))


@for_admins
async def only_in_private(update: Update, context: Context) -> None:
    """One of these in a group: it is told where it works, and done nothing."""
    await send(update, context, text_reply(admin_texts_of(update, context).only_in_private))
