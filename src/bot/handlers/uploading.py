"""For admins: a file sent to the bot becomes a bulletin, once what was read from it has been looked at."""

from __future__ import annotations

import asyncio
from pathlib import Path

from telegram import Document, Update
from telegram.error import BadRequest

from bot.handlers import attachments
from bot.handlers.admission import admins_or, for_admins
from bot.handlers.context import (
    Context,
    admin_texts_of,
    desk_of,
    matched,
    message_of,
    settings_of,
)
from bot.handlers.sending import acknowledge, send, turn_into, typing
from bot.operations import uploads
from bot.replies.admin import failed_text, upload_placed_reply, upload_reply
from bot.replies.markup import Reply, escape, text_reply
from retrieval.errors import BulletinBotError
from retrieval.reading import SUFFIXES, read_upload
from retrieval.types import Reading

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes that the Bot API lets a bot download (https://core.telegram.org/bots/api#getfile)."""


@admins_or(attachments.read)
async def receive(update: Update, context: Context) -> None:
    """A file: from an admin it is set aside and shown before anything happens to it."""
    message = message_of(update)
    if message and message.document:
        with typing(update, context):
            preview = await _preview(update, context, message.document)
        await send(update, context, preview)


async def _preview(update: Update, context: Context, document: Document) -> Reply:
    texts, size = admin_texts_of(update, context), document.file_size or 0
    name = uploads.safe_name(document.file_name or "")
    if Path(name).suffix not in SUFFIXES:
        return text_reply(texts.upload_format.format(formats=" ".join(sorted(SUFFIXES))))
    too_big = text_reply(texts.upload_too_big.format(size=f"{size / 2**20:.0f}"))
    if size > LARGEST_DOWNLOAD:
        return too_big
    try:
        file = await document.get_file()
        if (
            file.file_size or 0
        ) > LARGEST_DOWNLOAD:  # a server of one's own hands over more than Telegram does
            return too_big
        content = bytes(await file.download_as_bytearray())
        folder = settings_of(context).bulletins_dir
        upload = await asyncio.to_thread(uploads.set_aside, folder, name, content)
        reading = await read_upload(upload.path)
    except BadRequest as error:
        return too_big if "file is too big" in error.message.lower() else text_reply(texts.upload_unavailable)
    except BulletinBotError as error:
        return Reply((failed_text(texts.upload_failed, str(error)),))
    return _shown(update, context, upload, reading)


def _shown(update: Update, context: Context, upload: uploads.Upload, reading: Reading) -> Reply:
    folder, index = settings_of(context).bulletins_dir, desk_of(context).index
    known = sum(index.position(passage.passage_id) is not None for passage in reading.passages)
    rival = uploads.rival_of(folder, upload)
    asks_for = (
        None
        if rival is None
        else uploads.Placing.CANCEL
        if uploads.is_same(upload, rival)
        else uploads.Placing.REPLACE
    )
    reply = upload_reply(upload, reading, known, asks_for, admin_texts_of(update, context))
    if not reply.rows:
        uploads.discard(upload)
    return reply


@for_admins
async def decide(update: Update, context: Context) -> None:
    """A button below a preview: add, replace, keep both or cancel."""
    query, texts = update.callback_query, admin_texts_of(update, context)
    if query is None:
        return
    placing = uploads.Placing(matched(context, "placing"))
    upload = uploads.upload_of_id(settings_of(context).bulletins_dir, matched(context, "id"))
    if upload is None:
        await acknowledge(query, texts.upload_gone, alert=True)
        return
    if placing is uploads.Placing.CANCEL:
        uploads.discard(upload)
        await acknowledge(query)
        await turn_into(update, context, Reply((texts.upload_cancelled.format(name=escape(upload.name)),)))
        return
    await _place(update, context, upload, placing)


async def _place(update: Update, context: Context, upload: uploads.Upload, placing: uploads.Placing) -> None:
    query, texts, folder = (
        update.callback_query,
        admin_texts_of(update, context),
        settings_of(context).bulletins_dir,
    )
    if query is None:
        return
    try:
        placed = uploads.place(folder, upload, placing)
    except BulletinBotError as error:
        await acknowledge(query)
        await turn_into(update, context, Reply((failed_text(texts.upload_failed, str(error)),)))
        return
    await acknowledge(query, "" if placed else texts.upload_taken, alert=placed is None)
    if placed:
        await turn_into(update, context, upload_placed_reply(placed.name, texts))
        return
    reading = await read_upload(upload.path)
    await turn_into(update, context, _shown(update, context, upload, reading))
