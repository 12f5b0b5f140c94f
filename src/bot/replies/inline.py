"""Results of an inline query: quotes with citations, to be sent in any chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.locales import ZH_HANT
from bot.replies.markup import LinkTo, anchor, citation_path, clip, mark_spans
from retrieval.types import Quote

_LONGEST_TITLE = 60
_LONGEST_DESCRIPTION = 110


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result: its title and description in the list, and the message (Telegram HTML) that it sends."""

    result_id: str
    title: str
    description: str
    message: str


def inline_results(quotes: Sequence[Quote], generation: str, link: LinkTo) -> list[InlineResult]:
    """One result for each quoted passage, in the order of the quotes; of several quotes of a passage, the first.

    Telegram caches inline results and shares them between people, so they are in the language of the bulletins, and
    their ids contain the generation of the index.
    """
    by_passage = {
        quote.passage.passage_id: _inline_result(quote, generation, link) for quote in reversed(quotes)
    }
    return list(reversed(by_passage.values()))


def _inline_result(quote: Quote, generation: str, link: LinkTo) -> InlineResult:
    path = citation_path(quote.passage, ZH_HANT)
    span = (quote.start, quote.end)
    text = mark_spans(quote.passage.text, span, quote.marks, "b")
    citation = anchor(f"〔1〕{path}", link(quote.passage.passage_id, span))
    return InlineResult(
        result_id=f"{generation}:{quote.passage.passage_id}",
        title=clip(path, _LONGEST_TITLE),
        description=clip(quote.text, _LONGEST_DESCRIPTION),
        message=f"「{text}」\n\n{citation}",
    )
