"""Joins physical lines to paragraphs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from retrieval.language import numerals
from retrieval.reading.lines.section_marks import opening_mark

_ENDS = frozenset("。!?;:…”」")


def join_paragraphs(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, int]]:
    """Joins the pieces of one block to paragraphs, each with the index of its first piece.

    A piece begins a paragraph if a hard line break stands before it (`True`), a sentence ended there, or it opens
    with a section mark; else it continues the one before.
    """
    paragraphs: list[tuple[str, int]] = []
    for index, (text, after_break) in enumerate(pieces):
        before = paragraphs[-1][0].rstrip() if paragraphs else ""
        begins = not before or after_break or numerals.half_width(before[-1]) in _ENDS or opening_mark(text)
        if begins:
            paragraphs.append((text.strip(), index))
        else:
            paragraphs[-1] = (join(before, text.lstrip()), paragraphs[-1][1])
    return [paragraph for paragraph in paragraphs if paragraph[0]]


def join(*pieces: str) -> str:
    """The pieces of a broken line as one: with a space between Latin words, without one between Chinese characters."""
    filled = [piece for piece in pieces if piece]
    return "".join(filled[:1] + [_between(*pair) + pair[1] for pair in itertools.pairwise(filled)])


def _between(before: str, after: str) -> str:
    latin = before[-1].isascii() and after[0].isascii()
    return " " if latin and (before[-1].isalnum() or before[-1] in ",.;") else ""
