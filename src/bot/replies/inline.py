"""What is offered under an inline query: paragraphs to quote in any chat, each with its citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.locales import ZH_HANT
from bot.replies.markup import LinkTo, anchor, citation_path, clip, marked
from retrieval.types import Quote

_LONGEST_TITLE = 60
_LONGEST_DESCRIPTION = 110


@dataclass(frozen=True, slots=True)
class Offer:
    """One result: what is listed, and the message it becomes."""

    offer_id: str
    title: str
    description: str
    message: str


def offers(quotes: Sequence[Quote], generation: str, link: LinkTo) -> list[Offer]:
    """An offer for each quote, none twice. Answers are shared between people: the interface is not in anyone's tongue.

    Ids carry the generation, so that nothing kept by Telegram is taken for a result of another.
    """
    found = {quote.passage.passage_id: _offer(quote, generation, link) for quote in reversed(quotes)}
    return list(reversed(found.values()))


def _offer(quote: Quote, generation: str, link: LinkTo) -> Offer:
    path = citation_path(quote.passage, ZH_HANT)
    span = (quote.start, quote.end)
    text = marked(quote.passage.text, span, quote.marks, "b")
    cited = anchor(f"〔1〕{path}", link(quote.passage.passage_id, span))
    return Offer(
        offer_id=f"{generation}:{quote.passage.passage_id}",
        title=clip(path, _LONGEST_TITLE),
        description=clip(quote.text, _LONGEST_DESCRIPTION),
        message=f"「{text}」\n\n{cited}",
    )
