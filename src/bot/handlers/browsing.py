"""Reading and leafing through: paragraphs, sections, items, places, bulletins."""

from __future__ import annotations

from telegram import Update

from bot.handlers.context import (
    Context,
    conversation_of,
    conversations_of,
    desk_of,
    link_to,
    matched,
    texts_of,
)
from bot.handlers.sending import acknowledge, send, turn_into
from bot.locales import Texts
from bot.replies.browsing import bulletins_reply, provinces_reply, view_reply
from bot.replies.callback_data import View
from bot.replies.markup import Reply, Span
from bot.replies.passages import converted_passage_reply, gone_reply, passage_reply, section_reply
from bot.serving import catalogs
from bot.state.conversations import Search
from retrieval.types import Hit

_BELOW = frozenset({View.PASSAGE_BELOW, View.SECTION_BELOW})
_NEAREST_SHOWN = 3


async def places(update: Update, context: Context) -> None:
    """`/places`: the provinces."""
    await send(update, context, _provinces(update, context, 0))


async def turn_places(update: Update, context: Context) -> None:
    """A button to a page of the provinces."""
    if update.callback_query:
        await acknowledge(update.callback_query)
        await turn_into(update, context, _provinces(update, context, int(matched(context, "page"))))


def _provinces(update: Update, context: Context, page: int) -> Reply:
    return provinces_reply(
        desk_of(context).catalog, texts_of(update, context), link_to(update, context), page
    )


async def bulletins(update: Update, context: Context) -> None:
    """`/bulletins`: the table of contents."""
    await send(update, context, bulletins_reply(desk_of(context).catalog, texts_of(update, context)))


async def turn_bulletins(update: Update, context: Context) -> None:
    """A button to a page of the table of contents."""
    if update.callback_query:
        await acknowledge(update.callback_query)
        page = int(matched(context, "page"))
        reply = bulletins_reply(desk_of(context).catalog, texts_of(update, context), page)
        await turn_into(update, context, reply)


async def open_deep_link(update: Update, context: Context, passage_id: str, span: Span | None) -> None:
    """The paragraph of a deep link, the quote in it underlined: that of the link, or the last one the person got."""
    spot = desk_of(context).catalog.spot(passage_id)
    if spot is None:
        await send(update, context, await _gone(update, context, passage_id))
        return
    underlined = _within(spot, span) or _quoted(update, context, spot)
    await send(update, context, passage_reply(spot, texts_of(update, context), underlined))


async def open_view(update: Update, context: Context) -> None:
    """A button to a paragraph, or to what stands around one."""
    query, passage_id = update.callback_query, matched(context, "id")
    if query is None:
        return
    await acknowledge(query)
    view, page = View(matched(context, "view")), int(matched(context, "page"))
    spot = desk_of(context).catalog.spot(passage_id)
    if spot is None:
        reply = await _gone(update, context, passage_id)
    else:
        reply = _view(spot, view, page, texts_of(update, context), _quoted(update, context, spot))
    await (send if view in _BELOW else turn_into)(update, context, reply)


def _view(spot: catalogs.CatalogPosition, view: View, page: int, texts: Texts, quoted: Span | None) -> Reply:
    match view:
        case View.PASSAGE:
            return passage_reply(spot, texts, quoted, page)
        case View.PASSAGE_BELOW:
            return passage_reply(spot, texts, quoted)
        case View.CONVERTED:
            return converted_passage_reply(spot, texts, page)
        case View.SECTION | View.SECTION_BELOW:
            return section_reply(spot, texts, quoted, page)
        case _:
            return view_reply(spot, view, texts, page)


def _within(spot: catalogs.CatalogPosition, span: Span | None) -> Span | None:
    """The span, if it is one of the passage's text: a link can be typed by anyone."""
    return span if span and span[0] < span[1] <= len(spot.passage.text) else None


def _quoted(update: Update, context: Context, spot: catalogs.CatalogPosition) -> Span | None:
    """Where the sentence stands that was last quoted to the person from the passage."""
    passage_id = spot.passage.passage_id
    given = conversations_of(context).answer_quoting(conversation_of(update)[1], passage_id)
    quotes = given.quotes if given else ()
    span = next(((quote.start, quote.end) for quote in quotes if quote.passage_id == passage_id), None)
    return _within(spot, span)


async def _gone(update: Update, context: Context, passage_id: str) -> Reply:
    """That the paragraph is gone, with what stands in its place or is nearest to the question it was quoted for."""
    successor = desk_of(context).catalog.successor(passage_id)
    if successor:
        hit = Hit(successor, score=1.0, rank=1)
        return gone_reply([hit], texts_of(update, context), link_to(update, context))
    given = conversations_of(context).answer_quoting(conversation_of(update)[1], passage_id)
    hits = await desk_of(context).search(Search(given.turn.question)) if given else ()
    return gone_reply(hits[:_NEAREST_SHOWN], texts_of(update, context), link_to(update, context))
