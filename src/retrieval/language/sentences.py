"""Splits text into sentences, as offsets into it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.language.patterns import Pattern

# Full-width marks are written as escapes: the two widths are hard to tell apart in an editor.
# A question mark between digits is a lost decimal point (11?74%), not the end of a sentence.
_SENTENCE_END = Pattern(
    re.compile("(?:(?!(?<=[0-9])[?\uff1f][0-9])[。!?;…\uff01\uff1f\uff1b])+[”』」’》)\uff09]*|\\n+"),
    "开展活动。",
    "由11?74%提升",
)
_CLAUSE_END = Pattern(re.compile("[,\uff0c、:\uff1a]\\s*"), "开展活动,成立小组", "开展活动。")

LONGEST_SENTENCE = 300
"""Characters; about 220 tokens, so that a sentence with its path fits the 512 of the usual encoders."""


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of every sentence, in order, without surrounding white space.

    A sentence ends after 。!?;… and the closing quotation marks behind them; one of more than LONGEST_SENTENCE
    characters is cut after its clauses. The spans cover all of the text but white space.
    """
    start = 0
    for mark in _SENTENCE_END.regex.finditer(text):
        yield from _pieces(text, start, mark.end())
        start = mark.end()
    yield from _pieces(text, start, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_SENTENCE:
        clause_ends = [
            mark.end() for mark in _CLAUSE_END.regex.finditer(text, start, start + LONGEST_SENTENCE)
        ]
        cut = clause_ends[-1] if clause_ends else start + LONGEST_SENTENCE
        yield from _stripped(text, start, cut)
        start = cut
    yield from _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    body = text[start:end]
    inner = body.strip()
    if inner:
        begin = start + body.index(inner)
        yield begin, begin + len(inner)


def first_sentence(text: str) -> str:
    """The first sentence, or an empty text."""
    return next((text[start:end] for start, end in sentence_spans(text)), "")
