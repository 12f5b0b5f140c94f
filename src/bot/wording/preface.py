"""Renders worded sentences as they stand above the quotes."""

from __future__ import annotations

from bot.locales import Texts
from bot.replies import markup
from bot.wording.writer import Worded
from retrieval.types import Answered, Quote


def worded_preface(
    worded: Worded, answer: Answered, texts: Texts, link: markup.LinkTo, told_host: str = ""
) -> str:
    """The sentences in italics, each with links to its citations, and the line that a model wrote them.

    With a host, a line besides says what was sent there.
    """
    lines = [
        f"<i>{markup.escape(sentence.text)}</i>"
        + "".join(_citation(answer, answer.quotes[number - 1], link) for number in sentence.cites)
        for sentence in worded.sentences
    ]
    lines.append(f"<i>{markup.escape(texts.wording.label)}</i>")
    if told_host:
        lines.append(f"<i>{markup.escape(texts.wording.sent_to.format(host=told_host))}</i>")
    return "\n".join(lines)


def _citation(answer: Answered, quote: Quote, link: markup.LinkTo) -> str:
    """The number of the quote's citation, as a link to the quote."""
    passage_id = quote.passage.passage_id
    number = next(one.number for one in answer.citations if one.passage.passage_id == passage_id)
    return markup.anchor(f"〔{number}〕", link(passage_id, (quote.start, quote.end)))
