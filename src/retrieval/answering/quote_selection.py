"""Chooses the sentences that answer, as spans of the ranked passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from retrieval.answering.answer_spans import mark_answer
from retrieval.answering.extraction import SENTENCE_WEIGHT, ExtractedAnswer
from retrieval.answering.overview import asks_for_list, listed_whole
from retrieval.answering.scoping import newest_first
from retrieval.index import Index
from retrieval.language import Pattern
from retrieval.questions import Query, Question, answer_types
from retrieval.ranking import Ranked, best_sentences
from retrieval.types import Passage, Quote

MOST_QUOTES = 3

# A further quote is shown if its score is at most this much below that of the first. At 0.2 an answer has 2.3 quotes and
# one of them holds the answer in 0.877 of the development questions; with always three it is 0.881, with 0.05 1.5 and 0.864.
_MARGIN = 0.2
# Added to the score of a sentence that holds what is asked for; 0.02 to 0.05 gain a point, 0.1 loses one.
_ANSWER_BONUS = 0.05
# Added besides where the figure stands in one clause with the noun that is counted (多少棵樹: 種樹三百棵).
_BOUND_BONUS = 0.15

# Added besides to the sentence that holds an extracted answer, times how likely it is one. On the questions of
# `benchmarks.extractor.fit_answerability` the first quote holds the answer in 0.903 at 0.4, 0.887 at 0.2, 0.869 at 0.
_EXTRACTED_BONUS = 0.4

_NAMED = re.compile(r"[《“「]")
# A shorter sentence announces more than it says (三是營銷上有七掌。): it is quoted together with the next one.
_SHORTEST_ALONE = 26
# 一是二是三是, 三條做法, 四個方面, 全部列出: the question asks for the sections of an item.
_WHOLE_SET = Pattern(
    re.compile(
        r"一是.{0,6}二是|一二三|逐[条一]|分(?:为|成)?[哪边][几两二三四五六七八九十]类|[哪边][几两二三四五六七八九十](?:大?[件项]|大)(?:大|重点)?(?:事情?|工作|举措|措施|行动)"
        r"|[二三四五六七八九十两几各](?:条|点|步|个?方面|篇文章)|完整"
        r"|list the (?:two|three|four|five)"
    ),
    example="志愿者培训分哪几个方面?",
    counterexample="志愿者培训怎么做?",
)


def choose_quotes(
    index: Index,
    query: Query,
    ranked: Ranked,
    most: int = MOST_QUOTES,
    extracted: Sequence[ExtractedAnswer] = (),
) -> tuple[Quote, ...]:
    """The sentences most likely to answer, best first, each once; at least one.

    A question for all points of an item gets the opening of each of its sections besides, in the order of the text.
    """
    scored = sorted(
        _scored_sentences(index, query, ranked), key=lambda quote: -quote.score - _bonus(quote, extracted)
    )
    quotes = newest_first(index, _of_one_place(index, query, ranked, scored))
    if listed := listed_whole(index, query.question, ranked):
        return listed
    least = max(quote.score for quote in quotes) - _MARGIN
    shown = [quote for quote in quotes[1:most] if quote.score >= least]
    chosen = _distinct(_understandable(index, quote) for quote in (quotes[0], *shown))
    if _WHOLE_SET.regex.search(query.question.folded):
        points = _section_openings(index, chosen[0], ranked)
        chosen = _distinct(
            (*points, *chosen) if not chosen[0].passage.section_path else (*chosen[:1], *points)
        )
    return tuple(mark_answer(quote, query.question) for quote in chosen)


def asks_for_all(question: Question) -> bool:
    """Whether the question asks for all points of an item or for a list: all quotes together answer it."""
    return bool(_WHOLE_SET.regex.search(question.folded)) or asks_for_list(question)


def _bonus(quote: Quote, extracted: Sequence[ExtractedAnswer]) -> float:
    """The bonus of the quote for the likeliest extracted answer in it; it does not make others fall below the margin."""
    return _EXTRACTED_BONUS * max((one.likelihood for one in extracted if one.is_in(quote)), default=0.0)


def _scored_sentences(index: Index, query: Query, ranked: Ranked) -> Iterator[Quote]:
    pattern = query.question.answer_pattern
    wants_name = query.question.answer_type is answer_types.AnswerType.NAME
    for sentence in best_sentences(index, ranked):
        text = index.folded_texts[sentence.position][sentence.start : sentence.end]
        is_met = pattern.is_met_by(text) if pattern else wants_name and _NAMED.search(text)
        bonus = _ANSWER_BONUS if is_met else 0.0
        if is_met and pattern and pattern.is_bound_in(text):
            bonus += _BOUND_BONUS
        score = sentence.passage_score + SENTENCE_WEIGHT * sentence.maxsim + bonus
        yield Quote(sentence.passage, sentence.start, sentence.end, score)


def _of_one_place(index: Index, query: Query, ranked: Ranked, quotes: list[Quote]) -> list[Quote]:
    """The quotes without those about other places, if one place is asked about and the best quote is about it."""
    if len(query.question.places) != 1:
        return quotes
    is_placed = dict(zip(ranked.ranking.positions.tolist(), ranked.features["place"].tolist(), strict=True))
    ids = {quote.passage.passage_id for quote in quotes}
    placed_ids = {passage_id for passage_id in ids if is_placed[index.position(passage_id)]}
    placed = [quote for quote in quotes if quote.passage.passage_id in placed_ids]
    return placed if quotes[0] in placed[:1] else quotes


def _understandable(index: Index, quote: Quote) -> Quote:
    """The quote with the sentence behind it, if it says too little alone."""
    spans = index.sentence_spans(quote.passage)
    behind = next(((start, end) for start, end in spans if start >= quote.end), None)
    opens = quote.start == 0 and quote.passage.opens_with_heading
    if behind is None or not (opens or quote.end - quote.start < _SHORTEST_ALONE):
        return quote
    return replace(quote, end=behind[1])


def _section_openings(index: Index, quote: Quote, ranked: Ranked) -> tuple[Quote, ...]:
    """The first sentence of each outermost section of the quote's item, of ranked passages only.

    Passages that a person has seen already are not ranked, and so are not quoted again.
    """
    openings: dict[str | None, Passage] = {}
    for passage in index.item_of(quote.passage):
        if passage.section_path:
            openings.setdefault(passage.section, passage)
    ranked_positions = set(ranked.ranking.positions.tolist())
    return tuple(
        Quote(passage, *index.sentence_spans(passage)[0], quote.score)
        for passage in openings.values()
        if index.position(passage.passage_id) in ranked_positions
    )


def _distinct(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotes without those that overlap an earlier one."""
    distinct: list[Quote] = []
    for quote in quotes:
        if not any(_overlap(quote, other) for other in distinct):
            distinct.append(quote)
    return tuple(distinct)


def _overlap(one: Quote, other: Quote) -> bool:
    """Whether two quotes share characters of one passage, or say the same in two."""
    same_passage = one.passage == other.passage
    return one.text == other.text or (same_passage and one.start < other.end and other.start < one.end)
