"""Browsing: paragraphs, sections, items, places, bulletins, and the collections of bulletins that a chat is tied to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from telegram import Update

from bot.handlers.admission import may_speak_for_chat
from bot.handlers.context import Context
from bot.handlers.messages import send_picture
from bot.handlers.sending import acknowledge, send, turn_into
from bot.locales import Texts
from bot.replies import about, browsing, markup, passages, welcome
from bot.replies import callback_data as callbacks
from bot.serving import catalogs
from bot.state import records
from retrieval.errors import BulletinBotError
from retrieval.language import fold
from retrieval.questions import screen_requests
from retrieval.reading import collections as bulletin_collections
from retrieval.types import Hit, Passage

_SENT_BELOW = frozenset({callbacks.View.PASSAGE_BELOW, callbacks.View.SECTION_BELOW})
_WITH_PAGE = frozenset(callbacks.View) - {
    callbacks.View.ITEM,
    callbacks.View.PLACE,
    callbacks.View.PROVINCE,
    callbacks.View.BULLETIN,
}
_NEAREST_SHOWN = 3
_BETWEEN_NAMES = re.compile(r"[、,,;;\s]+")


async def places(update: Update, context: Context) -> None:
    """Answer `/places` with the provinces."""
    await send(update, context, _provinces(context, 0))


async def turn_places(update: Update, context: Context) -> None:
    """Turn to a page of the provinces."""
    if update.callback_query:
        await acknowledge(update.callback_query)
        await turn_into(update, context, _provinces(context, int(context.matched("page"))))


def _provinces(context: Context, page: int) -> markup.Reply:
    catalog = context.answerer.catalog
    return browsing.provinces_reply(catalog, context.texts, context.link, page)


async def bulletins(update: Update, context: Context) -> None:
    """Answer `/bulletins` with the table of contents."""
    await send(update, context, _bulletins(context, 0))


async def turn_bulletins(update: Update, context: Context) -> None:
    """Turn to a page of the table of contents."""
    if update.callback_query:
        await acknowledge(update.callback_query)
        await turn_into(update, context, _bulletins(context, int(context.matched("page"))))


def _bulletins(context: Context, page: int) -> markup.Reply:
    return browsing.bulletins_reply(context.answerer.catalog, context.texts, page)


async def open_asked_screen(update: Update, context: Context, text: str) -> bool:
    """Send the screen or the list entry that a message asks for as a whole; False for any other message."""
    number = screen_requests.picked_number(text)
    if number is not None:
        await _open_listed(update, context, number)
        return True
    screen = screen_requests.requested_screen(text)
    if screen is None:
        return False
    await send(update, context, _asked(context, screen))
    return True


def help_screen(context: Context) -> markup.Reply:
    """How to use the bot, with the commands of admins for an admin, where nobody reads along."""
    for_admin = context.is_admin and context.is_private
    return welcome.help_reply(context.texts, wording_host=context.wording_host, for_admin=for_admin)


def _asked(context: Context, screen: screen_requests.Screen) -> markup.Reply:
    match screen:
        case screen_requests.Screen.HELP:
            return help_screen(context)
        case screen_requests.Screen.PLACES:
            return _provinces(context, 0)
        case screen_requests.Screen.BULLETINS:
            return _bulletins(context, 0)
        case screen_requests.Screen.NEWEST:
            newest = context.answerer.catalog.newest
            if newest:
                return browsing.bulletin_reply(newest, context.texts)
            numbered = context.answerer.catalog.highest_numbered
            if numbered:
                said = context.texts.newest_by_number.format(bulletin=numbered.label)
                reply = browsing.bulletin_reply(numbered, context.texts)
                return markup.with_preface(reply, markup.escape(said))
            return markup.with_preface(_bulletins(context, 0), markup.escape(context.texts.newest_unknown))


async def _open_listed(update: Update, context: Context, number: int) -> None:
    """Send the paragraph of that number in the list shown last, or say that there is none."""
    conversations, texts = context.services.conversations, context.texts
    turn = conversations.last_turn(context.conversation_key)
    listed = turn.listed if turn else ()
    if not 1 <= number <= len(listed):
        text = texts.no_such_number.format(count=len(listed)) if listed else texts.nothing_listed
        await send(update, context, markup.text_reply(text))
        return
    await open_deep_link(update, context, listed[number - 1], None)


async def open_deep_link(update: Update, context: Context, passage_id: str, span: markup.Span | None) -> None:
    """Send the paragraph of a deep link; underlined is the span of the link, else the last quote the person got."""
    position = context.answerer.locate(passage_id)
    if position is None:
        await send(update, context, await _gone(context, passage_id))
        return
    underlined = _within(position, span) or _quoted_span(context, position, passage_id)
    reply = passages.passage_reply(position, context.texts, underlined)
    await send(update, context, context.with_pages(reply, [(position.passage.passage_id, underlined)]))
    if position.passage.recognized:
        await _send_picture(update, context, position.passage)


async def _send_picture(update: Update, context: Context, passage: Passage) -> bool:
    """Send the picture from which a passage was read; returns False if the index has none."""
    index = context.answerer.whole
    place = index.position(passage.passage_id)
    picture = None if place is None else await asyncio.to_thread(index.passages.picture, place)
    if picture:
        await send_picture(update, context, picture, markup.citation_path(passage, context.texts))
    return picture is not None


async def open_view(update: Update, context: Context) -> None:
    """Open a paragraph, or its section, item, place or bulletin."""
    query, passage_id = update.callback_query, context.matched("id")
    if query is None:
        return
    view, page = callbacks.View(context.matched("view")), int(context.matched("page"))
    position = context.answerer.locate(passage_id)
    if position and view is callbacks.View.PICTURE:
        is_sent = await _send_picture(update, context, position.passage)
        await acknowledge(query, "" if is_sent else context.texts.no_picture, alert=not is_sent)
        return
    await acknowledge(query)
    if position is None:
        reply = await _gone(context, passage_id)
    else:
        quoted = _quoted_span(context, position, passage_id)
        reply = _view(position, view, page, context.texts, quoted)
        if view in _WITH_PAGE:
            reply = context.with_pages(reply, [(position.passage.passage_id, quoted)])
    await (send if view in _SENT_BELOW else turn_into)(update, context, reply)


def _view(
    position: catalogs.CatalogPosition,
    view: callbacks.View,
    page: int,
    texts: Texts,
    quoted: markup.Span | None,
) -> markup.Reply:
    match view:
        case callbacks.View.PASSAGE:
            return passages.passage_reply(position, texts, quoted, page)
        case callbacks.View.PASSAGE_BELOW:
            return passages.passage_reply(position, texts, quoted)
        case callbacks.View.CONVERTED:
            return passages.converted_passage_reply(position, texts, page)
        case callbacks.View.SECTION | callbacks.View.SECTION_BELOW:
            return passages.section_reply(position, texts, quoted, page)
        case _:
            return browsing.view_reply(position, view, texts, page)


def _within(position: catalogs.CatalogPosition, span: markup.Span | None) -> markup.Span | None:
    """The span if it lies within the passage's text, else None: a link can be typed by anyone."""
    return span if span and span[0] < span[1] <= len(position.passage.text) else None


def _quoted_span(context: Context, position: catalogs.CatalogPosition, opened_id: str) -> markup.Span | None:
    """The span of the sentence last quoted to the person from the passage, by its id now or the earlier one opened."""
    for passage_id in dict.fromkeys((position.passage.passage_id, opened_id)):
        answer = _answer_quoting(context, passage_id)
        quotes = answer.quotes if answer else ()
        span = next(((quote.start, quote.end) for quote in quotes if quote.passage_id == passage_id), None)
        if within := _within(position, span):
            return within
    return None


def _answer_quoting(context: Context, passage_id: str) -> records.GivenAnswer | None:
    _, user_id = context.conversation_key
    return context.services.conversations.answer_quoting(user_id, passage_id)


async def _gone(context: Context, passage_id: str) -> markup.Reply:
    """A notice that the paragraph is gone, with its successor or the nearest to the question it was quoted for."""
    successor = context.answerer.successor(passage_id)
    if successor:
        return passages.gone_reply([Hit(successor, score=1.0, rank=1)], context.texts, context.link)
    answer = _answer_quoting(context, passage_id)
    hits = await context.answerer.search(records.Search(answer.question)) if answer else ()
    return passages.gone_reply(hits[:_NEAREST_SHOWN], context.texts, context.link)


async def collection(update: Update, context: Context) -> None:
    """Answer `/collection`: the choice; with names behind it, tie the chat to them."""
    names, known = context.arguments, context.answerer.collections
    may_choose = await may_speak_for_chat(update, context)
    if names and may_choose and len(known) > 1:
        chosen = _named(names, known, context)
        if isinstance(chosen, str):
            unknown = about.unknown_collection_reply(chosen, known, context.texts)
            await send(update, context, unknown)
            return
        await _tie(context, chosen)
    await send(update, context, await _choice(context, may_choose=may_choose))


async def choose_collection(update: Update, context: Context) -> None:
    """Tie the chat to the collection of the button alone, or add it or take it away."""
    query, texts = update.callback_query, context.texts
    if query is None:
        return
    if not await may_speak_for_chat(update, context):
        await acknowledge(query, texts.collection_admins_only, alert=True)
        return
    answerer, identity = context.answerer, context.matched("id")
    named = [name for name in answerer.collections if callbacks.collection_id(name) == identity]
    await acknowledge(query, "" if named else texts.stale_button, alert=not named)
    if not named:
        return
    chosen = set(named)
    if callbacks.Choosing(context.matched("how")) is callbacks.Choosing.TOGETHER:
        chosen = set(answerer.chosen) ^ chosen or chosen
    await _tie(context, [name for name in answerer.collections if name in chosen])
    await turn_into(update, context, await _choice(context, may_choose=True))


def _named(text: str, known: Sequence[str], context: Context) -> list[str] | str:
    """The collections that the text names, in either script; else the part of it that names none."""
    by_name = {fold(markup.collection_name(name, context.texts)): name for name in known}
    by_name |= {fold(name): name for name in known}
    parts = [text] if fold(text) in by_name else [part for part in _BETWEEN_NAMES.split(text) if part]
    unknown = next((part for part in parts if fold(part) not in by_name), None)
    return unknown if unknown is not None else [by_name[fold(part)] for part in parts]


async def _tie(context: Context, names: Sequence[str]) -> None:
    """Save the choice, once the index of these collections is ready: the next question need not wait for it."""
    scoped = context.answerer.within(names)
    await asyncio.to_thread(lambda: scoped.catalog)
    chat_id, _ = context.conversation_key
    context.services.conversations.save_collections(chat_id, scoped.chosen)


async def _choice(context: Context, *, may_choose: bool) -> markup.Reply:
    answerer = context.answerer
    descriptions = await asyncio.to_thread(_descriptions, context)
    choice = about.CollectionChoice(answerer.collections, answerer.chosen, descriptions)
    return about.collections_reply(choice, context.texts, may_choose=may_choose)


def _descriptions(context: Context) -> dict[str, str]:
    """The descriptions by name, as the files say now; none if they cannot be read: they are an extra."""
    try:
        described = bulletin_collections.Collections.in_folder(context.services.settings.bulletins_dir).all
    except (BulletinBotError, OSError):
        return {}
    return {each.name: each.description for each in described}
