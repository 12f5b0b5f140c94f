"""Keyword search for every key press of an inline query: BM25 alone, without the model.

A search with the model takes 80 to 100 ms on 2 cores and waits for the question under way; this one takes 0.3 ms.
"""

from __future__ import annotations

from retrieval.index import Index
from retrieval.questions import read_question
from retrieval.ranking.highlighting import matched_spans
from retrieval.types import Hit, Passage, Quote


def search_keywords(text: str, index: Index, top_k: int) -> tuple[Hit, ...]:
    """The passages that hold words of the text, best first."""
    ranking = index.bm25.rank(read_question(text).terms, top_k)
    pairs = zip(ranking.positions, ranking.scores, strict=True)
    return tuple(
        Hit(index.passages[position], float(score), rank)
        for rank, (position, score) in enumerate(pairs, start=1)
    )


def quote_for(text: str, passage: Passage, index: Index) -> Quote:
    """The sentence of the passage with most of the words, which are its marks; the first if no sentence has any."""
    spans = matched_spans(text, passage.text)
    best: Quote | None = None
    for start, end in index.sentence_spans(passage):
        marks = tuple((left, right) for left, right in spans if start <= left and right <= end)
        words = {passage.text[left:right] for left, right in marks}
        quote = Quote(passage, start, end, float(len(words)), marks)
        if best is None or quote.score > best.score:
            best = quote
    return best or Quote(passage, 0, len(passage.text), 0.0)
