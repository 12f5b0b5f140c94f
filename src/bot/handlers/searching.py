"""Searches: typed, turned page by page, filtered."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from bot.handlers.context import (
    Context,
    arguments,
    conversations_of,
    desk_of,
    link_to,
    matched,
    texts_of,
)
from bot.handlers.sending import acknowledge, send, turn_into, typing
from bot.replies.browsing import view_reply
from bot.replies.callback_data import Choice, Example, View
from bot.replies.markup import Reply
from bot.replies.search import (
    choices_reply,
    read_search,
    search_reply,
    unknown_bulletin_reply,
    unknown_place_reply,
)
from bot.replies.welcome import usage_reply
from bot.state.conversations import Search


async def search(update: Update, context: Context) -> None:
    """`/search WORDS @PLACE #BULLETIN`."""
    words = arguments(context)
    if words:
        await search_typed(update, context, words)
    else:
        await send(update, context, usage_reply(Example.SEARCH, texts_of(update, context)))


async def search_typed(update: Update, context: Context, text: str) -> None:
    """The first page of what is found, or what is wrong with a filter; filters alone open what they name."""
    typed = read_search(text)
    answerer, texts = desk_of(context), texts_of(update, context)
    place = answerer.place_called(typed.place) if typed.place else None
    bulletin = answerer.bulletin_called(typed.bulletin) if typed.bulletin else None
    if typed.place and place is None:
        reply = unknown_place_reply(typed.place, answerer.covered_places(), texts)
    elif typed.bulletin and bulletin is None:
        labels = tuple(dict.fromkeys(known.label for known in answerer.catalog.bulletins))
        reply = unknown_bulletin_reply(typed.bulletin, labels, texts)
    elif not typed.words:
        reply = await _filters_alone(update, context, Search(text, place, bulletin))
    else:
        reply = await _results(update, context, Search(typed.words, place, bulletin), 0)
    await send(update, context, reply)


async def _filters_alone(update: Update, context: Context, found: Search) -> Reply:
    passage = desk_of(context).first_within(found.place, found.bulletin)
    spot = desk_of(context).catalog.spot(passage.passage_id) if passage else None
    if spot is None:
        return usage_reply(Example.SEARCH, texts_of(update, context))
    view = View.ITEM if found.place and found.bulletin else View.PLACE if found.place else View.BULLETIN
    return view_reply(spot, view, texts_of(update, context), 0)


async def _results(update: Update, context: Context, wanted: Search, page: int) -> Reply:
    conversations_of(context).save_search(wanted)
    with typing(update, context):
        hits = await desk_of(context).search(wanted)
    return search_reply(wanted, hits, texts_of(update, context), link_to(update, context), page)


async def show_more(update: Update, context: Context) -> None:
    """The button below an answer that searches for its question."""
    query, texts = update.callback_query, texts_of(update, context)
    if query is None:
        return
    given = conversations_of(context).answer(matched(context, "id"))
    await acknowledge(query, "" if given else texts.answer_forgotten, alert=given is None)
    if given:
        await send(update, context, await _results(update, context, Search(given.turn.question), 0))


async def turn_results(update: Update, context: Context) -> None:
    """A button to a page of the results."""
    wanted = await _remembered(update, context)
    if wanted:
        reply = await _results(update, context, wanted, int(matched(context, "page")))
        await turn_into(update, context, reply)


async def choose_filter(update: Update, context: Context) -> None:
    """A button to the places or bulletins that a search can be limited to."""
    wanted = await _remembered(update, context)
    if wanted:
        choice, page = Choice(matched(context, "choice")), int(matched(context, "page"))
        hits = await desk_of(context).search(wanted)
        await turn_into(update, context, choices_reply(wanted, choice, hits, texts_of(update, context), page))


async def set_filter(update: Update, context: Context) -> None:
    """A button that limits a search to a place or a bulletin, or lifts the limit."""
    wanted = await _remembered(update, context)
    if wanted is None:
        return
    spot = desk_of(context).catalog.spot(matched(context, "passage"))
    if Choice(matched(context, "choice")) is Choice.PLACE:
        limited = replace(wanted, place=spot.passage.place_name if spot else None)
    else:
        limited = replace(wanted, bulletin=spot.passage.bulletin if spot else None)
    await turn_into(update, context, await _results(update, context, limited, 0))


async def _remembered(update: Update, context: Context) -> Search | None:
    """The search that a button belongs to; the person is told if it is forgotten."""
    query = update.callback_query
    found = conversations_of(context).search(matched(context, "id"))
    if query is None:
        return None
    notice = "" if found else texts_of(update, context).search_forgotten
    await acknowledge(query, notice, alert=found is None)
    return found
