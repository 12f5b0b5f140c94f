"""Renders an answer for a group: the sentence that answers with its source, or a line a place; the rest is behind a button."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bot.groups.phone_lines import (
    WIDTH,
    count_lines,
    cut_to_lines,
    first_lines_of_markup,
    prefix_within,
    width_of,
)
from bot.locales import Texts
from bot.replies import markup
from bot.serving import Exchange
from retrieval.language import fold
from retrieval.types import Answered, Citation, PlaceAnswer, QuestionType, Quote

MOST_LINES = 5
"""Lines of an answer in a group, as people read it on a phone. A private chat shows up to some ten."""

_LINES_OF_A_CITATION = 2
_LINES_OF_A_PLACE = 2
_MOST_NOTES = 2
_CLAUSE_END = re.compile(r"[，,；;。：:！!？?]")


def short_reply(
    exchange: Exchange,
    whole: markup.Reply,
    texts: Texts,
    link: markup.LinkTo,
    *,
    covered: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> markup.Reply:
    """At most `MOST_LINES` lines of the answer, without buttons; `whole` is the reply of a private chat.

    The notes, plain texts about how the question was read, come first, each cut to a line.
    """
    answer = exchange.answer
    if not isinstance(answer, Answered):
        above = [f"<i>{markup.escape(cut_to_lines(note, 1))}</i>" for note in notes[:_MOST_NOTES]]
        text = "\n".join([*above, whole.messages[0]])
        return markup.Reply((first_lines_of_markup(text, MOST_LINES),))
    said = [*notes, *_notes(exchange, answer, texts)][:_MOST_NOTES]
    above = [f"<i>{markup.escape(cut_to_lines(note, 1))}</i>" for note in said]
    left = MOST_LINES - len(above)
    if answer.by_place:
        counted = cut_to_lines(_count(answer, covered, texts), 1)
        below = [markup.escape(counted), *_places(answer, left - 1, texts, link)]
    else:
        below = _quoted(answer, left, texts, link)
    return markup.Reply(("\n".join([*above, *below]),))


def _notes(exchange: Exchange, answer: Answered, texts: Texts) -> list[str]:
    """Lines that say how the question was read, and that the answer is from another place than the one asked about."""
    reading = exchange.resolved.description if exchange.resolved else answer.read_as
    notes = [texts.read_as.format(reading=reading)] if reading else []
    if answer.place_shift:
        shift = answer.place_shift
        line = texts.place_inside if shift.is_inside else texts.place_around
        asked, cited = markup.place_label(shift.asked, texts), markup.place_label(shift.cited, texts)
        notes.insert(0, line.format(asked=asked, cited=cited))
    for place in answer.renamed_places:
        line = texts.place_merged if place.is_merged else texts.place_renamed
        notes.append(line.format(asked=place.asked, current=place.current, year=place.year))
    return notes


def _quoted(answer: Answered, lines: int, texts: Texts, link: markup.LinkTo) -> list[str]:
    """The first quote, and its citation in the last lines."""
    quote, citation = answer.quotes[0], answer.citations[0]
    source = f"〔1〕{markup.short_citation(citation.passage, texts)}"
    source_lines = min(count_lines(source), _LINES_OF_A_CITATION)
    if width_of(f"「{quote.text}」") > (lines - source_lines) * WIDTH:
        source_lines = 1  # the link leads there however long it is: the room is for the quote
    source, left = cut_to_lines(source, source_lines), lines - source_lines
    address = link(citation.passage.passage_id, (quote.start, quote.end))
    return [excerpt(quote, left * WIDTH, answer.question), markup.anchor(source, address)]


def _count(answer: Answered, covered: Sequence[str], texts: Texts) -> str:
    """The line of how many places say something, of all covered ones or of those compared."""
    count = sum(bool(place.quotes) for place in answer.by_place)
    everywhere = covered if answer.question_type is QuestionType.COVERAGE else answer.by_place
    return texts.places_telling.format(count=count, total=max(len(everywhere), count))


def _places(answer: Answered, lines: int, texts: Texts, link: markup.LinkTo) -> list[str]:
    """The places that say something, as many as fit: each a link with a part of its first quote."""
    telling = [place for place in answer.by_place if place.quotes]
    each = _LINES_OF_A_PLACE if len(telling) * _LINES_OF_A_PLACE <= lines else 1
    numbers = {citation.passage.passage_id: citation for citation in answer.citations}
    return [_place(place, numbers, each, texts, link) for place in telling[: lines // each]]


def _place(
    place: PlaceAnswer, numbers: dict[str, Citation], lines: int, texts: Texts, link: markup.LinkTo
) -> str:
    quote = place.quotes[0]
    number = numbers[quote.passage.passage_id].number
    label = prefix_within(f"〔{number}〕{markup.place_label(place.place, texts)}", WIDTH / 2)
    source = markup.anchor(label, link(quote.passage.passage_id, (quote.start, quote.end)))
    return source + excerpt(quote, lines * WIDTH - width_of(label))


def excerpt(quote: Quote, width: float, question: str = "") -> str:
    """As much of the quote as is at most so wide, around its first mark, or else around the clause nearest to the question.

    It begins at the beginning or after a comma where that still fits. What is between 「」 is verbatim; an ellipsis
    outside says that something is left out. Marks are in bold.
    """
    text = quote.passage.text
    if width_of(f"「{quote.text}」") <= width:
        start, end = quote.start, quote.end
    else:
        start, end = _window(quote, width - width_of("…「」…"), question)
    before, after = "…" if start > quote.start else "", "…" if end < quote.end else ""
    return f"{before}「{markup.mark_spans(text, (start, end), quote.marks, 'b')}」{after}"


def _window(quote: Quote, room: float, question: str) -> tuple[int, int]:
    text, starts = quote.passage.text, [start for start, _ in _clauses(quote)]
    left, right = quote.marks[0] if quote.marks else _nearest_clause(quote, question)
    fitting = (start for start in starts if start <= left and width_of(text[start:right]) <= room)
    start = next(fitting, left)
    return start, start + len(prefix_within(text[start : quote.end], room))


def _clauses(quote: Quote) -> list[markup.Span]:
    """The clauses of the quote, each with the comma or full stop behind it."""
    inner = [found.end() for found in _CLAUSE_END.finditer(quote.passage.text, quote.start, quote.end)]
    edges = list(dict.fromkeys([quote.start, *inner, quote.end]))
    return list(itertools.pairwise(edges)) or [(quote.start, quote.end)]


def _nearest_clause(quote: Quote, question: str) -> markup.Span:
    """The clause with the most characters of the question; the first of several."""
    asked = {character for character in fold(question) if character.isalnum()}
    return max(_clauses(quote), key=lambda clause: len(asked & set(fold(quote.passage.text[slice(*clause)]))))
