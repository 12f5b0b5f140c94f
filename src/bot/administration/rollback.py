"""`/rollback`: shows what would go and what would come back, asks, and puts the previous generation into service."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from telegram import Update

from bot.administration import callback_data
from bot.administration.rollback_reply import IndexChange, rollback_reply
from bot.handlers import Context, admission, sending
from bot.replies import admin, markup
from retrieval.errors import BulletinBotError
from retrieval.storage import lock

_Result = TypeVar("_Result")


@admission.for_admins
async def ask(update: Update, context: Context) -> None:
    """Answer `/rollback` with the difference, and a button that does it."""
    await sending.send(update, context, await _question(context))


async def _question(context: Context) -> markup.Reply:
    texts, settings = context.texts.admin, context.services.settings

    def compare() -> IndexChange | None:
        home = settings.index_home()
        then, now = home.rollback_target(), home.last_whole()
        return IndexChange(now, then) if now and then else None

    change = await _guarded(context, compare)
    if isinstance(change, markup.Reply):
        return change
    if change is None:
        return markup.text_reply(texts.rollback.nothing_older)
    return await asyncio.to_thread(rollback_reply, change, texts)


@admission.for_admins
async def confirm(update: Update, context: Context) -> None:
    """Go back to the generation of the button, if it is still the one that would serve; else ask again."""
    query, texts = update.callback_query, context.texts.admin
    if query is None:
        return
    generation, settings = context.matched("generation"), context.services.settings
    if generation == callback_data.KEEPS_INDEX.partition(":")[2]:
        await sending.acknowledge(query)
        await sending.turn_into(update, context, markup.text_reply(texts.rollback.cancelled))
        return

    def roll_back() -> str:
        home = settings.index_home()
        target = home.rollback_target()
        return home.roll_back() if target and target.name == generation else ""

    done = await _guarded(context, roll_back)
    await sending.acknowledge(query, "" if done else texts.rollback.changed, alert=not done)
    if isinstance(done, str):
        text = texts.rolled_back.format(generation=markup.escape(done))
        done = markup.Reply((text,)) if done else await _question(context)
    await sending.turn_into(update, context, done)


async def _guarded(context: Context, work: Callable[[], _Result]) -> _Result | markup.Reply:
    """The result of the work in a thread, or a reply that says why there is none."""
    texts = context.texts.admin.rollback
    try:
        return await asyncio.to_thread(work)
    except lock.IndexBusyError:
        return markup.text_reply(texts.busy)
    except BulletinBotError as error:
        return markup.Reply((admin.failed_text(texts.failed, str(error)),))
