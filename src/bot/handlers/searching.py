"""Searches: typed, turned page by page, filtered."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from bot.handlers.context import Context
from bot.handlers.sending import acknowledge, send, turn_into, typing
from bot.replies import browsing, markup, welcome
from bot.replies import callback_data as callbacks
from bot.replies import search as search_replies
from bot.state import records


async def search(update: Update, context: Context) -> None:
    """Answer `/search WORDS @PLACE #BULLETIN`."""
    words = context.arguments
    if words:
        await search_typed(update, context, words)
    else:
        await send(update, context, welcome.usage_reply(callbacks.Example.SEARCH, context.texts))


async def search_typed(update: Update, context: Context, text: str) -> None:
    """Send the first page of results, or the fault in a filter; filters without words open what they name."""
    typed = search_replies.read_search(text)
    answerer, texts = context.answerer, context.texts
    place = answerer.place_called(typed.place) if typed.place else None
    bulletin = answerer.bulletin_called(typed.bulletin) if typed.bulletin else None
    if typed.place and place is None:
        reply = search_replies.unknown_place_reply(typed.place, answerer.covered_places(), texts)
    elif typed.bulletin and bulletin is None:
        labels = tuple(dict.fromkeys(known.label for known in answerer.catalog.bulletins))
        reply = search_replies.unknown_bulletin_reply(typed.bulletin, labels, texts)
    elif not typed.words:
        reply = _filters_alone(context, records.Search(text, place, bulletin, _owner(update, context)))
    else:
        reply = await _results(
            update, context, records.Search(typed.words, place, bulletin, _owner(update, context)), 0
        )
    if typed.ignored:
        note = texts.filter_ignored.format(
            used=_quoted(typed.used, context), ignored=_quoted(typed.ignored, context)
        )
        reply = markup.with_preface(reply, f"<i>{markup.escape(note)}</i>")
    await send(update, context, reply)


def _quoted(names: tuple[str, ...], context: Context) -> str:
    return context.texts.between_names.join(f"「{name}」" for name in names)


def _filters_alone(context: Context, search: records.Search) -> markup.Reply:
    answerer = context.answerer
    passage = answerer.first_within(search.place, search.bulletin)
    position = answerer.locate(passage.passage_id) if passage else None
    if position is None:
        return welcome.usage_reply(callbacks.Example.SEARCH, context.texts)
    view = callbacks.View.PLACE if search.place else callbacks.View.BULLETIN
    if search.place and search.bulletin:
        view = callbacks.View.ITEM
    return browsing.view_reply(position, view, context.texts, 0)


async def _results(update: Update, context: Context, search: records.Search, page: int) -> markup.Reply:
    context.services.conversations.save_search(search)
    with typing(update, context):
        hits = await context.answerer.search(search)
    listed = tuple(hit.passage.passage_id for hit in hits)
    context.services.conversations.save_listed(context.conversation_key, listed)
    return search_replies.search_reply(search, hits, context.texts, context.link, page)


async def show_more(update: Update, context: Context) -> None:
    """Search for the question of the answer whose button was pressed."""
    query, texts = update.callback_query, context.texts
    if query is None:
        return
    answer = context.services.conversations.answer(context.matched("id"))
    await acknowledge(query, "" if answer else texts.answer_forgotten, alert=answer is None)
    if answer:
        await send(
            update,
            context,
            await _results(
                update, context, records.Search(answer.question, owner=_owner(update, context)), 0
            ),
        )


def _owner(update: Update, context: Context) -> str:
    return context.services.pseudonym(update.effective_user.id) if update.effective_user else ""


async def turn_results(update: Update, context: Context) -> None:
    """Turn to a page of the results."""
    search = await _remembered(update, context)
    if search:
        reply = await _results(update, context, search, int(context.matched("page")))
        await turn_into(update, context, reply)


async def choose_filter(update: Update, context: Context) -> None:
    """List the places or bulletins that a search can be limited to."""
    search = await _remembered(update, context)
    if search:
        choice, page = callbacks.Choice(context.matched("choice")), int(context.matched("page"))
        hits = await context.answerer.search(search)
        reply = search_replies.choices_reply(search, choice, hits, context.texts, page)
        await turn_into(update, context, reply)


async def set_filter(update: Update, context: Context) -> None:
    """Limit a search to a place or a bulletin, or lift the limit."""
    search = await _remembered(update, context)
    if search is None:
        return
    position = context.answerer.locate(context.matched("passage"))
    if callbacks.Choice(context.matched("choice")) is callbacks.Choice.PLACE:
        limited = replace(search, place=position.passage.place_name if position else None)
    else:
        limited = replace(search, bulletin=position.passage.bulletin if position else None)
    await turn_into(update, context, await _results(update, context, limited, 0))


async def _remembered(update: Update, context: Context) -> records.Search | None:
    """The search that a button belongs to; None, with an alert to the person, if it is forgotten."""
    query = update.callback_query
    search = context.services.conversations.search(context.matched("id"))
    if query is None:
        return None
    notice = "" if search else context.texts.search_forgotten
    await acknowledge(query, notice, alert=search is None)
    return search
