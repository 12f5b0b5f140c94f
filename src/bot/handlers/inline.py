"""Inline mode: paragraphs to quote in any chat, found by keyword search alone."""

from __future__ import annotations

import re

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.helpers import create_deep_linked_url

from bot.access import is_limited
from bot.handlers.context import Context
from bot.handlers.sending import suppress_if_too_late
from bot.locales import ZH_HANT
from bot.replies import callback_data, passages
from bot.telegram import addressing

_OFFERS_AT_ONCE = 20
_SECONDS_CACHED = 300
_OFFSET = re.compile(r"[0-9]{1,6}\Z")


async def offer_passages(update: Update, context: Context) -> None:
    """Offer the paragraphs with the words of the query; without words, the first of each item."""
    query = update.inline_query
    if query is None:
        return
    answerer, username = context.answerer, context.bot.username
    start = int(query.offset) if _OFFSET.match(query.offset) else 0
    words = addressing.readable(query.query).strip()
    most = _OFFERS_AT_ONCE + 1
    quotes = answerer.quotes_with_words(words, start, most) if words else answerer.openings(start, most)
    results = passages.inline_results(
        quotes[:_OFFERS_AT_ONCE],
        answerer.index.name,
        lambda passage_id, span: create_deep_linked_url(username, callback_data.payload(passage_id, span)),
    )
    with suppress_if_too_late():  # the person has typed another key since
        await query.answer(
            [_article(result) for result in results],
            cache_time=_SECONDS_CACHED,
            # Telegram would give what it caches for all to people who are not served, or chose other collections, too.
            is_personal=is_limited(context.services.settings) or len(answerer.collections) > 1,
            next_offset=str(start + _OFFERS_AT_ONCE) if len(quotes) > _OFFERS_AT_ONCE else "",
            button=InlineQueryResultsButton(ZH_HANT.open_bot, start_parameter="inline"),
        )


def _article(result: passages.InlineResult) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        result.message, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return InlineQueryResultArticle(result.result_id, result.title, content, description=result.description)
