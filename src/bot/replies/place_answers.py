"""Renders comparisons and coverages: which places say something and which are silent, then each place with its quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.locales import Texts
from bot.replies.markup import (
    LONGEST_NAMES,
    LinkTo,
    anchor,
    clip,
    escape,
    mark_spans,
    place_label,
    short_citation,
    shortened_names,
)
from retrieval.types import Answered, Citation, FigureOrder, PlaceAnswer, QuestionType, Quote

MOST_OF_A_TABLE = 20_000
"""Characters of markup; Telegram takes 32,768 characters of text in a rich message."""


def place_blocks(answer: Answered, covered: Sequence[str], texts: Texts, link: LinkTo) -> list[str]:
    """The summary, then a block for each place that says something: its name, its quotes, its citations."""
    citations = _citations(answer)
    blocks = [_place_block(place, citations, texts, link) for place in answer.by_place if place.quotes]
    return [escape(_summary(answer, covered, texts)), *blocks]


def place_table(answer: Answered, covered: Sequence[str], texts: Texts, link: LinkTo) -> str:
    """The same as a rich message with a table (https://core.telegram.org/bots/api#rich-messages); empty if too long."""
    citations = _citations(answer)
    rows = "".join(
        f"<tr><td><b>{escape(_title(place, texts))}</b></td><td>{_cell(place, citations, texts, link)}</td></tr>"
        for place in answer.by_place
        if place.quotes
    )
    head = f"<tr><th>{escape(texts.column_place)}</th><th>{escape(texts.column_quote)}</th></tr>"
    table = f"<p>{escape(_summary(answer, covered, texts))}</p><table bordered>{head}{rows}</table>"
    return table if len(table) <= MOST_OF_A_TABLE else ""


def _citations(answer: Answered) -> Mapping[str, Citation]:
    return {citation.passage.passage_id: citation for citation in answer.citations}


def _summary(answer: Answered, covered: Sequence[str], texts: Texts) -> str:
    """The number of places that say something, of all covered ones or of those compared, and the silent ones by name."""
    telling = [place.place for place in answer.by_place if place.quotes]
    if answer.figure_order:
        return _order_of_figures(answer.figure_order, len(telling), texts)
    is_coverage = answer.question_type is QuestionType.COVERAGE
    everywhere = (
        (answer.places_within or covered) if is_coverage else [place.place for place in answer.by_place]
    )
    silent = [place_label(name, texts) for name in everywhere if name not in telling]
    total = max(len(everywhere), len(telling))
    counted = texts.places_telling.format(count=len(telling), total=total)
    return counted + texts.places_silent.format(places=shortened_names(silent, texts)) if silent else counted


def _order_of_figures(order: FigureOrder, count: int, texts: Texts) -> str:
    if count == 1:
        return texts.places_one_figure
    is_largest = order is FigureOrder.LARGEST_FIRST
    return (texts.places_largest_first if is_largest else texts.places_smallest_first).format(count=count)


def _title(place: PlaceAnswer, texts: Texts) -> str:
    counted = f" {texts.passages_counted.format(count=place.passages)}" if place.passages else ""
    return f"{clip(place_label(place.place, texts), LONGEST_NAMES)}{counted}"


def _place_block(place: PlaceAnswer, citations: Mapping[str, Citation], texts: Texts, link: LinkTo) -> str:
    title = f"<b>{escape(clip(place_label(place.place, texts), LONGEST_NAMES))}</b>"
    counted = f" {texts.passages_counted.format(count=place.passages)}" if place.passages else ""
    quotes = [_quote(quote, citations, link) for quote in place.quotes]
    own = dict.fromkeys(citations[quote.passage.passage_id] for quote in place.quotes)
    return "\n".join([f"{title}{escape(counted)}", *quotes, *(_source(c, place, texts, link) for c in own)])


def _cell(place: PlaceAnswer, citations: Mapping[str, Citation], texts: Texts, link: LinkTo) -> str:
    quotes = [_quote(quote, citations, link) for quote in place.quotes]
    own = dict.fromkeys(citations[quote.passage.passage_id] for quote in place.quotes)
    return "<br>".join([*quotes, *(_source(citation, place, texts, link) for citation in own)])


def _quote(quote: Quote, citations: Mapping[str, Citation], link: LinkTo) -> str:
    span, number = (quote.start, quote.end), citations[quote.passage.passage_id].number
    text = mark_spans(quote.passage.text, span, quote.marks, "b")
    return f"「{text}」{anchor(f'〔{number}〕', link(quote.passage.passage_id, span))}"


def _source(citation: Citation, place: PlaceAnswer, texts: Texts, link: LinkTo) -> str:
    passage = citation.passage
    first = next(quote for quote in place.quotes if quote.passage.passage_id == passage.passage_id)
    label = f"〔{citation.number}〕{short_citation(passage, texts)}"
    return anchor(label, link(passage.passage_id, (first.start, first.end)))
