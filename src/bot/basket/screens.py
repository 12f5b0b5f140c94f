"""The screens of the basket: its quotes page by page, and the question before it is emptied. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.basket.found_quotes import FoundQuote
from bot.locales import Texts
from bot.replies import callback_data, keyboards, markup, welcome

_QUOTES_ON_A_PAGE = 8
_BUTTONS_IN_A_ROW = 4
_LONGEST_QUOTE = 120
"""Characters shown of a quote: some six lines of a phone, and a page is within the limits of a message. The file has it whole."""


def basket_reply(
    quotes: Sequence[FoundQuote], texts: Texts, link: markup.LinkTo, number: int = 0
) -> markup.Reply:
    """A page of the quotes with their citations, and buttons to take one out, to export and to empty."""
    if not quotes:
        return markup.text_reply(texts.basket.empty_basket, welcome.home_row(texts))
    page = keyboards.page_of(list(enumerate(quotes, start=1)), number, _QUOTES_ON_A_PAGE)
    title = texts.basket.title.format(count=len(quotes))
    if page.count > 1:
        title += f" <i>{markup.escape(texts.page.format(page=page.number + 1, pages=page.count))}</i>"
    blocks = [title, *(_block(position, quote, texts, link) for position, quote in page.items)]
    removing = [
        markup.Button(
            texts.basket.remove.format(number=position),
            callback_data.removes_quote(quote.collected.span, page.number),
        )
        for position, quote in page.items
    ]
    turning = keyboards.page_buttons(page.number, page.count, callback_data.opens_basket, texts)
    emptying = markup.Button(
        texts.basket.empty, callback_data.opens_basket(page.number, callback_data.BasketStep.ASK_TO_EMPTY)
    )
    rows = (
        *keyboards.button_rows(removing, _BUTTONS_IN_A_ROW),
        *turning,
        (*keyboards.export_buttons("", texts), emptying),
        welcome.home_row(texts),
    )
    return markup.Reply(("\n\n".join(blocks),), rows)


def _block(number: int, found: FoundQuote, texts: Texts, link: markup.LinkTo) -> str:
    """The quote and its citation, a link to its paragraph; of one that is gone, what it was and that it is gone."""
    text = f"{number}. 「{markup.escape(markup.clip(found.collected.text, _LONGEST_QUOTE))}」"
    if found.quote is None:
        gone = f"{found.collected.citation}\n⚠️ {texts.basket.is_gone}"
        return f"{text}\n{markup.escape(gone)}"
    quote = found.quote
    citation = markup.short_citation(quote.passage, texts)
    return f"{text}\n{markup.anchor(citation, link(quote.passage.passage_id, (quote.start, quote.end)))}"


def emptying_reply(count: int, page: int, texts: Texts) -> markup.Reply:
    """The question whether to take everything out, and the way back."""
    step = callback_data.BasketStep.EMPTY
    buttons = (
        markup.Button(texts.basket.do_empty, callback_data.opens_basket(page, step)),
        markup.Button(texts.back, callback_data.opens_basket(page)),
    )
    return markup.text_reply(texts.basket.empty_question.format(count=count), buttons)
