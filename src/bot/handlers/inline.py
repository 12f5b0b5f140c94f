"""Inline mode: paragraphs to quote in any chat, found by words alone."""

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
from bot.handlers.context import Context, desk_of, settings_of
from bot.handlers.sending import let_be_if_too_late
from bot.locales import ZH_HANT
from bot.replies.callback_data import payload
from bot.replies.inline import InlineResult, inline_results
from bot.telegram import addressing

_OFFERS_AT_ONCE = 20
_SECONDS_CACHED = 300
_OFFSET = re.compile(r"[0-9]{1,6}\Z")


async def offer_passages(update: Update, context: Context) -> None:
    """Paragraphs with the words of the query; without words, what the bulletins are about."""
    query = update.inline_query
    if query is None:
        return
    answerer, username = desk_of(context), context.bot.username
    start = int(query.offset) if _OFFSET.match(query.offset) else 0
    words = addressing.readable(query.query).strip()
    most = _OFFERS_AT_ONCE + 1
    quotes = answerer.quotes_with_words(words, start, most) if words else answerer.openings(start, most)
    shown = inline_results(
        quotes[:_OFFERS_AT_ONCE],
        answerer.index.name,
        lambda passage_id, span: create_deep_linked_url(username, payload(passage_id, span)),
    )
    with let_be_if_too_late():  # the person has typed on
        await query.answer(
            [_article(offer) for offer in shown],
            cache_time=_SECONDS_CACHED,
            # What Telegram keeps for all, it also gives to those who are not served.
            is_personal=is_limited(settings_of(context)),
            next_offset=str(start + _OFFERS_AT_ONCE) if len(quotes) > _OFFERS_AT_ONCE else "",
            button=InlineQueryResultsButton(ZH_HANT.open_bot, start_parameter="inline"),
        )


def _article(offer: InlineResult) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        offer.message, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return InlineQueryResultArticle(offer.result_id, offer.title, content, description=offer.description)
