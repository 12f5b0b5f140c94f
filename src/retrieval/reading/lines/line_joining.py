"""Physical lines joined to paragraphs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from retrieval.language import numerals
from retrieval.reading.lines.section_marks import opening_mark

_ENDS = frozenset("。!?;:…”」")


def joined(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, int]]:
    """Pieces of one block to paragraphs, each with the number of the piece it begins with.

    A piece goes on from the one before unless it is divided from it on purpose (`True`), a sentence ended there,
    or it opens with a mark.
    """
    paragraphs: list[tuple[str, int]] = []
    for index, (text, divided) in enumerate(pieces):
        before = paragraphs[-1][0].rstrip() if paragraphs else ""
        begins = not before or divided or numerals.half_width(before[-1]) in _ENDS or opening_mark(text)
        if begins:
            paragraphs.append((text.strip(), index))
        else:
            paragraphs[-1] = (join(before, text.lstrip()), paragraphs[-1][1])
    return [paragraph for paragraph in paragraphs if paragraph[0]]


def join(*pieces: str) -> str:
    """The pieces of a broken line: a space between words of Latin letters, nothing between Chinese characters."""
    filled = [piece for piece in pieces if piece]
    return "".join(filled[:1] + [_between(*pair) + pair[1] for pair in itertools.pairwise(filled)])


def _between(before: str, after: str) -> str:
    latin = before[-1].isascii() and after[0].isascii()
    return " " if latin and (before[-1].isalnum() or before[-1] in ",.;") else ""
