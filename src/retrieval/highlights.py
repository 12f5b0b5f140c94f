"""Where the words of a search stand in a text, whatever the script of either."""

from __future__ import annotations

import re

from retrieval.text import fold
from retrieval.tokens import content_words

_RUN = re.compile(r"[^\W_]+")

Span = tuple[int, int]


def matched_spans(query: str, text: str) -> tuple[Span, ...]:
    """The (start, end) of every stretch of the text that holds words of the query, in order, none overlapping."""
    folded = fold(text)
    found = [
        (match.start(), match.end())
        for word in matching_words(query)
        for match in re.finditer(re.escape(word), folded)
    ]
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def matching_words(query: str) -> tuple[str, ...]:
    """What a search is about, folded, each once: its words, and what stands between spaces as it was typed."""
    words = content_words(query)
    runs = [run for run in _RUN.findall(fold(query)) if len(run) > 1 or not words]
    return tuple(dict.fromkeys([*words, *runs]))
