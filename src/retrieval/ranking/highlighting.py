"""Where the words of a search stand in a text, whatever the script of either."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from retrieval.language import fold, segmentation
from retrieval.questions import LONGEST_QUESTION

_RUN = re.compile(r"[^\W_]+")

Span = tuple[int, int]


def matched_spans(query: str, text: str) -> tuple[Span, ...]:
    """The (start, end) of every stretch of the text that holds words of the query, in order, none overlapping.

    Of a long word that the text does not hold, the shorter ones inside it count; of a long query its beginning.
    """
    folded = fold(text)
    found = [
        (match.start(), match.end())
        for word in _words_held(query[:LONGEST_QUESTION], folded)
        for match in re.finditer(re.escape(word), folded)
    ]
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _words_held(query: str, folded: str) -> Iterator[str]:
    """The words of a query that a folded text holds, and what stands between spaces if it holds that whole."""
    words, runs = _words_of(query)
    for word, inner in words.items():
        yield from (word,) if word in folded else inner
    yield from (run for run in runs if len(run) > 1 or not words)


# The same query is compared with every result of a page: cutting a long one into words takes 20 ms.
@functools.lru_cache(maxsize=64)
def _words_of(query: str) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The words of the folded query, each with the shorter ones inside it, and what stands between spaces."""
    folded = fold(query)
    words = dict.fromkeys(folded[start:end] for start, end in segmentation.content_spans(folded))
    return {word: tuple(segmentation.content_words(word)) for word in words}, tuple(
        dict.fromkeys(_RUN.findall(folded))
    )
