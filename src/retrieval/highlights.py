"""Where the words of a search stand in a text, whatever the script of either."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.text import fold
from retrieval.tokens import content_spans, content_words

_RUN = re.compile(r"[^\W_]+")

Span = tuple[int, int]


def matched_spans(query: str, text: str) -> tuple[Span, ...]:
    """The (start, end) of every stretch of the text that holds words of the query, in order, none overlapping.

    Of a long word that the text does not hold, the shorter ones inside it count.
    """
    folded = fold(text)
    found = [
        (match.start(), match.end())
        for word in _words_held(fold(query), folded)
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
    """The words of a folded query that a folded text holds, and what stands between spaces if it holds that whole."""
    words = [query[start:end] for start, end in content_spans(query)]
    for word in dict.fromkeys(words):
        yield from (word,) if word in folded else content_words(word)
    yield from (run for run in _RUN.findall(query) if len(run) > 1 or not words)
