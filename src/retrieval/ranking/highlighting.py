"""The spans of a text that match the words of a search, in either script."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from retrieval.language import fold, segmentation
from retrieval.questions import read_question

_RUN = re.compile(r"[^\W_]+")

Span = tuple[int, int]


def matched_spans(query: str, text: str) -> tuple[Span, ...]:
    """(start, end) of every stretch of the text that matches words of the query, in order, without overlaps.

    Of a long word that the text lacks, the shorter words inside it count; of a long query, only its beginning.
    """
    folded = fold(text)
    matches = [
        (match.start(), match.end())
        for word in _words_in(read_question(query).text, folded)
        for match in re.finditer(re.escape(word), folded)
    ]
    merged: list[Span] = []
    for start, end in sorted(matches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _words_in(query: str, folded: str) -> Iterator[str]:
    """The words of a query to look for in a folded text, then its runs of letters and digits."""
    words, runs = _words_of(query)
    for word, inner in words.items():
        yield from (word,) if word in folded else inner
    yield from (run for run in runs if len(run) > 1 or not words)


# The same query is compared with every result of a page: segmenting a long one takes 20 ms.
@functools.lru_cache(maxsize=64)
def _words_of(query: str) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The words of the folded query, each with the shorter ones inside it, and its runs of letters and digits."""
    folded = fold(query)
    words = dict.fromkeys(folded[start:end] for start, end in segmentation.content_spans(folded))
    return {word: tuple(segmentation.content_words(word)) for word in words}, tuple(
        dict.fromkeys(_RUN.findall(folded))
    )
