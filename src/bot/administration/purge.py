"""`/purge`: a bulletin is chosen, what would go is shown, and once an admin is sure it is taken out for good."""

from __future__ import annotations

import asyncio
import dataclasses
import logging

from telegram import Update

from bot.administration.purge_reply import bulletins_reply, purged_reply, removal_reply
from bot.handlers import Context, admission, sending
from bot.operations import bulletin_removal, purging
from bot.replies import admin, markup
from bot.reports import update_inbox
from bot.state import feedback
from retrieval.errors import BulletinBotError
from retrieval.index import Index
from retrieval.storage import lock

logger = logging.getLogger(__name__)


@admission.for_admins
async def choose(update: Update, context: Context) -> None:
    """Answer `/purge` with the bulletins, and `/purge NAME` with what taking that one out would remove."""
    await sending.send(update, context, await _shown(context, context.arguments, 0))


@admission.for_admins
async def turn_list(update: Update, context: Context) -> None:
    """Turn to a page of the list."""
    if update.callback_query:
        await sending.acknowledge(update.callback_query)
        await sending.turn_into(update, context, await _shown(context, "", int(context.matched("page"))))


@admission.for_admins
async def show(update: Update, context: Context) -> None:
    """Show what taking the bulletin of the button out would remove."""
    query = update.callback_query
    if query is None:
        return
    removal = await _removal(context, context.matched("id"))
    await sending.acknowledge(
        query, "" if removal else context.texts.admin.purge.changed, alert=removal is None
    )
    reply = removal_reply(removal, context.texts) if removal else await _shown(context, "", 0)
    await sending.turn_into(update, context, reply)


@admission.for_admins
async def leave(update: Update, context: Context) -> None:
    """Take nothing out."""
    if update.callback_query:
        await sending.acknowledge(update.callback_query)
        reply = markup.text_reply(context.texts.admin.purge.cancelled)
        await sending.turn_into(update, context, reply)


@admission.for_admins
async def confirm(update: Update, context: Context) -> None:
    """Take the bulletin out beside everything else, if what would go is what was shown; else show it again."""
    query, texts = update.callback_query, context.texts
    if query is None:
        return
    running, removal = context.services.rebuild.is_running, await _removal(context, context.matched("id"))
    if running:
        await sending.acknowledge(query, texts.admin.purge.busy, alert=True)
        return
    if removal is None or removal.digest != context.matched("digest"):
        await sending.acknowledge(query, texts.admin.purge.changed, alert=True)
        reply = removal_reply(removal, texts) if removal else await _shown(context, "", 0)
        await sending.turn_into(update, context, reply)
        return
    await sending.acknowledge(query)
    name = markup.escape(removal.key.name)
    await sending.turn_into(update, context, markup.Reply((texts.admin.purge.running.format(bulletin=name),)))
    context.services.rebuild.start(_purge(update, context, removal))


async def _purge(update: Update, context: Context, removal: bulletin_removal.Removal) -> None:
    """Take it out, delete what the state holds of it, and turn the message into what was done."""
    services, texts = context.services, context.texts
    try:
        report = await asyncio.to_thread(
            purging.purge, services.settings, removal, encoder=services.answerer.encoder
        )
    except lock.IndexBusyError:
        reply = markup.text_reply(texts.admin.purge.busy)
    except purging.ChangedIndexError:
        reply = markup.text_reply(texts.admin.purge.changed)
    except BulletinBotError as error:
        reply = markup.Reply((admin.failed_text(texts.admin.purge.failed, str(error)),))
    except Exception:
        logger.exception("A purge was not finished")
        reply = markup.Reply((admin.failed_text(texts.admin.purge.failed, texts.admin.see_log),))
    else:
        # Once more, for answers that were saved meanwhile and for a state that is in no file.
        answers, reports = feedback.delete_quoting(services.database, report.passage_ids)
        whole = dataclasses.replace(
            report, answers=report.answers + answers, reports=report.reports + reports
        )
        reply = purged_reply(whole, len(removal.passages), texts)
        services.transport.background_tasks.start(update_inbox(services))
    await sending.turn_into(update, context, reply)


async def _shown(context: Context, name: str, page: int) -> markup.Reply:
    """The bulletins with this name, or all: several as a list, one with what would go."""
    texts, index = context.texts, await _index(context)
    if index is None:
        return markup.text_reply(texts.admin.purge.busy)
    known = bulletin_removal.bulletins_of(index)
    found = bulletin_removal.named(name, known) if name else known
    if not found:
        return bulletins_reply(
            known, texts, page, texts.admin.purge.unknown.format(name=markup.clip(name, 60))
        )
    removal = await _removal(context, found[0].bulletin_id) if name and len(found) == 1 else None
    return removal_reply(removal, texts) if removal else bulletins_reply(found, texts, page)


async def _index(context: Context) -> Index | None:
    """The generation that the pointer names; None if there is none that can be read."""
    return await asyncio.to_thread(lambda: context.services.settings.index_home().last_whole())


async def _removal(context: Context, bulletin_id: str) -> bulletin_removal.Removal | None:
    """The preview of taking the bulletin out, with all that it would remove; None if it is not in the index."""
    index = await _index(context)
    if index is None:
        return None
    key = next(
        (each for each in bulletin_removal.bulletins_of(index) if each.bulletin_id == bulletin_id), None
    )
    if key is None:
        return None
    return await asyncio.to_thread(bulletin_removal.removal_of, context.services.settings, index, key)
