"""Uploads of admins: a file sent to the bot, of 20 MB at most, becomes a bulletin once they confirm its preview."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from telegram import Document, Update
from telegram.error import BadRequest

from bot.handlers import attachments
from bot.handlers.admission import admins_or, for_admins
from bot.handlers.context import Context
from bot.handlers.messages import edit, send_briefly, take_back
from bot.handlers.sending import acknowledge, send, turn_into, typing
from bot.operations import uploads
from bot.replies import admin, markup
from retrieval.errors import BulletinBotError
from retrieval.progress import Progress, Stage
from retrieval.reading import SUFFIXES, read_upload
from retrieval.types import Reading

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes that the Bot API lets a bot download (https://core.telegram.org/bots/api#getfile)."""

_LONG_SCAN = 3
"""Pages from which a scan shows its progress; two take about ten seconds."""


@admins_or(attachments.read)
async def receive(update: Update, context: Context) -> None:
    """Set a file of an admin aside and show a preview of it."""
    message = context.message
    if message and message.document:
        with typing(update, context):
            preview = await _preview(update, context, message.document)
        await send(update, context, preview)


async def _preview(update: Update, context: Context, document: Document) -> markup.Reply:
    texts, size = context.texts.admin, document.file_size or 0
    name = uploads.safe_name(document.file_name or "")
    if Path(name).suffix not in SUFFIXES:
        return markup.text_reply(texts.upload_format.format(formats=" ".join(sorted(SUFFIXES))))
    too_big = markup.text_reply(texts.upload_too_big.format(size=f"{size / 2**20:.0f}"))
    if size > LARGEST_DOWNLOAD:
        return too_big
    try:
        content = await _download(document)
        if content is None:
            return too_big
        folder = context.services.settings.bulletins_dir
        upload = await asyncio.to_thread(uploads.set_aside, folder, name, content)
        async with _shown_progress(update, context) as progress:
            reading = await read_upload(upload.path, progress=progress)
    except BadRequest as error:
        return (
            too_big
            if "file is too big" in error.message.lower()
            else markup.text_reply(texts.upload_unavailable)
        )
    except BulletinBotError as error:
        return markup.Reply((admin.failed_text(texts.upload_failed, str(error)),))
    return _upload_reply(context, upload, reading)


@contextlib.asynccontextmanager
async def _shown_progress(update: Update, context: Context) -> AsyncIterator[Progress]:
    """A callback that shows the pages of a long scan in one notice, which is taken back at the end."""
    loop, notices = asyncio.get_running_loop(), _Notice(update, context)

    def report(_stage: Stage, done: int, total: int) -> None:
        asyncio.run_coroutine_threadsafe(notices.show(done, total), loop)

    try:
        yield report
    finally:
        await notices.take_back()


class _Notice:
    """A message that counts pages: sent for a scan of several pages, then edited, then deleted."""

    def __init__(self, update: Update, context: Context) -> None:
        self._update, self._context = update, context
        self._message_id: int | None = None
        self._lock = asyncio.Lock()

    async def show(self, done: int, total: int) -> None:
        text = self._context.texts.admin.upload_recognizing.format(done=done, total=total)
        async with self._lock:
            if self._message_id is None and total >= _LONG_SCAN:
                self._message_id = await send_briefly(self._update, self._context, text)
            elif self._message_id is not None:
                await edit(self._update, self._context, text, (), self._message_id)

    async def take_back(self) -> None:
        async with self._lock:
            if self._message_id is not None:
                await take_back(self._update, self._context, self._message_id)


async def _download(document: Document) -> bytes | None:
    """The content; None if it is too big, which a Bot API server of one's own does not refuse by itself."""
    file = await document.get_file()
    if (file.file_size or 0) > LARGEST_DOWNLOAD:
        return None
    return bytes(await file.download_as_bytearray())


def _upload_reply(context: Context, upload: uploads.Upload, reading: Reading) -> markup.Reply:
    folder, index = context.services.settings.bulletins_dir, context.services.answerer.whole
    known = sum(index.position(passage.passage_id) is not None for passage in reading.passages)
    rival = uploads.rival_of(folder, upload)
    asks_for = None
    if rival:
        asks_for = uploads.Placing.CANCEL if uploads.is_same(upload, rival) else uploads.Placing.REPLACE
    reply = admin.upload_reply(upload, reading, known, asks_for, context.texts.admin)
    if not reply.rows:
        uploads.discard(upload)
    return reply


@for_admins
async def decide(update: Update, context: Context) -> None:
    """Do what a button below a preview says: add, replace, keep both or cancel."""
    query, texts = update.callback_query, context.texts.admin
    if query is None:
        return
    placing = uploads.Placing(context.matched("placing"))
    upload = uploads.upload_of_id(context.services.settings.bulletins_dir, context.matched("id"))
    if upload is None:
        await acknowledge(query, texts.upload_gone, alert=True)
        return
    if placing is uploads.Placing.CANCEL:
        uploads.discard(upload)
        await acknowledge(query)
        text = texts.upload_cancelled.format(name=markup.escape(upload.name))
        await turn_into(update, context, markup.Reply((text,)))
        return
    await _place(update, context, upload, placing)


async def _place(update: Update, context: Context, upload: uploads.Upload, placing: uploads.Placing) -> None:
    query, texts = update.callback_query, context.texts.admin
    if query is None:
        return
    try:
        placed = uploads.place(context.services.settings.bulletins_dir, upload, placing)
    except BulletinBotError as error:
        await acknowledge(query)
        await turn_into(update, context, markup.Reply((admin.failed_text(texts.upload_failed, str(error)),)))
        return
    await acknowledge(query, "" if placed else texts.upload_taken, alert=placed is None)
    if placed:
        await turn_into(update, context, admin.upload_placed_reply(placed.name, texts))
        return
    reading = await read_upload(upload.path)
    await turn_into(update, context, _upload_reply(context, upload, reading))
