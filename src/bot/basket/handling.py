"""Handlers of the basket: collecting, showing, taking out, emptying; and of files of it or of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.basket.found_quotes import FoundQuote, find_quotes
from bot.basket.screens import basket_reply, emptying_reply
from bot.basket.stored_basket import MOST_QUOTES, Addition, Collected, StoredBasket
from bot.export import ExportFormat, document_of, export_file
from bot.handlers import BotApplication, Context, messages, sending
from bot.locales import Texts
from bot.replies import callback_data, markup
from bot.state import records
from retrieval.types import Passage, Quote


def register_basket_handlers(application: BotApplication) -> None:
    """Add the handlers; before those of `handlers`, whose last ones take every button and command that is left."""
    private, new = filters.ChatType.PRIVATE, filters.UpdateType.MESSAGE
    named = filters.Regex(r"^/[^\s@]+@")
    application.add_handlers(
        [
            CommandHandler("basket", show_basket, filters=new & private),
            CommandHandler("basket", only_in_private, filters=new & filters.ChatType.GROUPS & named),
            CallbackQueryHandler(collect, callback_data.COLLECT),
            CallbackQueryHandler(turn_basket, callback_data.BASKET),
            CallbackQueryHandler(remove, callback_data.REMOVE),
            CallbackQueryHandler(export, callback_data.EXPORT),
        ]
    )


async def show_basket(update: Update, context: Context) -> None:
    """Answer `/basket` with its first page."""
    await sending.send(update, context, _screen(context, 0))


async def only_in_private(update: Update, context: Context) -> None:
    """Answer `/basket` in a group: what a person collects is theirs alone."""
    await sending.send(update, context, markup.text_reply(context.texts.admin.only_in_private))


def _basket(context: Context) -> StoredBasket:
    _, user_id = context.conversation_key
    return StoredBasket(context.services.database, user_id)


def _screen(context: Context, page: int) -> markup.Reply:
    quotes = _basket(context).quotes()
    if quotes is None:
        return markup.text_reply(context.texts.basket.unavailable)
    return basket_reply(find_quotes(quotes, context.answerer), context.texts, context.link, page)


async def collect(update: Update, context: Context) -> None:
    """Put the quotes of an answer, or a whole passage, into the basket of whoever presses."""
    query, texts = update.callback_query, context.texts
    if query is None:
        return
    quotes = _quotes_pressed(context)
    if not quotes:
        is_of_answer = context.matched("answer")
        notice = texts.answer_forgotten if is_of_answer else texts.unknown_passage
        await sending.acknowledge(query, notice, alert=True)
        return
    addition = _basket(context).add(_collected(quote, texts) for quote in quotes)
    is_alert = addition is None or addition.is_full
    await sending.acknowledge(query, _notice(addition, texts), alert=is_alert)


def _quotes_pressed(context: Context) -> Sequence[Quote]:
    if answer_id := context.matched("answer"):
        return _quotes_of_answer(context, answer_id)
    position = context.answerer.locate(context.matched("passage"))
    return [_whole(position.passage)] if position else []


def _quotes_of_answer(context: Context, answer_id: str) -> Sequence[Quote]:
    """The quotes of an answer whose passages are still in the index; none for an answer that is forgotten."""
    answer = context.services.conversations.answer(answer_id)
    positions = [
        (context.answerer.locate(span.passage_id), span) for span in (answer.quotes if answer else ())
    ]
    return [
        Quote(position.passage, span.start, span.end, 1.0)
        for position, span in positions
        if position and span.end <= len(position.passage.text)
    ]


def _whole(passage: Passage) -> Quote:
    return Quote(passage, 0, len(passage.text), 1.0)


def _collected(quote: Quote, texts: Texts) -> Collected:
    passage = quote.passage
    span = records.QuotedSpan(passage.passage_id, quote.start, quote.end)
    return Collected(span, quote.text, markup.short_citation(passage, texts))


def _notice(addition: Addition | None, texts: Texts) -> str:
    if addition is None:
        return texts.basket.unavailable
    if addition.is_full:
        return texts.basket.full.format(most=MOST_QUOTES)
    template = texts.basket.collected if addition.added else texts.basket.collected_before
    return template.format(count=addition.count)


async def turn_basket(update: Update, context: Context) -> None:
    """Turn to a page of the basket, ask before emptying it, or empty it."""
    query, page = update.callback_query, int(context.matched("page"))
    if query is None or await _is_of_a_group(update, context):
        return
    step = callback_data.BasketStep(context.matched("step"))
    if step is callback_data.BasketStep.EMPTY and _basket(context).empty() is None:
        await sending.acknowledge(query, context.texts.basket.unavailable, alert=True)
        return
    await sending.acknowledge(query)
    quotes = _basket(context).quotes()
    if step is callback_data.BasketStep.ASK_TO_EMPTY and quotes:
        await sending.turn_into(update, context, emptying_reply(len(quotes), page, context.texts))
    else:
        await sending.turn_into(update, context, _screen(context, page))


async def remove(update: Update, context: Context) -> None:
    """Take the quote of the button out and show the page again."""
    query = update.callback_query
    if query is None or await _is_of_a_group(update, context):
        return
    span = records.QuotedSpan(
        context.matched("id"), int(context.matched("start")), int(context.matched("end"))
    )
    is_removed = _basket(context).remove(span)
    notice = context.texts.basket.unavailable if is_removed is None else ""
    await sending.acknowledge(query, notice, alert=bool(notice))
    if not notice:
        await sending.turn_into(update, context, _screen(context, int(context.matched("page"))))


async def export(update: Update, context: Context) -> None:
    """Send the quotes of an answer, or of the basket, as a file."""
    query, answer_id = update.callback_query, context.matched("id")
    if query is None or (not answer_id and await _is_of_a_group(update, context)):
        return
    found = _quotes_to_export(context, answer_id)
    quotes = [each.quote for each in found or () if each.quote]
    if not quotes:
        await sending.acknowledge(query, _why_no_file(context, found, answer_id), alert=True)
        return
    await sending.acknowledge(query)
    gone = [each.collected.citation for each in found or () if each.quote is None]
    kind = ExportFormat(context.matched("kind"))
    texts, title = context.texts, _title(context, answer_id)
    with sending.typing(update, context):
        document = document_of(title, quotes, texts, _today(context), gone)
        file = await asyncio.to_thread(export_file, document, kind, texts)
    caption = texts.basket.caption.format(count=len(quotes))
    await messages.send_file(update, context, (file.name, file.content), caption)


def _quotes_to_export(context: Context, answer_id: str) -> Sequence[FoundQuote] | None:
    """The quotes of the answer, or of the basket; None where that cannot be read."""
    if answer_id:
        quotes = _quotes_of_answer(context, answer_id)
        return [FoundQuote(_collected(quote, context.texts), quote) for quote in quotes]
    collected = _basket(context).quotes()
    return None if collected is None else find_quotes(collected, context.answerer)


def _why_no_file(context: Context, found: Sequence[FoundQuote] | None, answer_id: str) -> str:
    if found is None:
        return context.texts.basket.unavailable
    return context.texts.answer_forgotten if answer_id else context.texts.basket.nothing_to_export


def _title(context: Context, answer_id: str) -> str:
    """The question of the answer; empty for the basket, whose file is named after what it is."""
    answer = context.services.conversations.answer(answer_id) if answer_id else None
    return answer.turn.question if answer else ""


def _today(context: Context) -> date:
    return datetime.fromtimestamp(context.services.database.now(), UTC).astimezone().date()


async def _is_of_a_group(update: Update, context: Context) -> bool:
    """Whether a button of a basket was pressed where others read along, which is then refused."""
    if context.is_private or update.callback_query is None:
        return False
    await sending.acknowledge(update.callback_query, context.texts.admin.only_in_private, alert=True)
    return True
