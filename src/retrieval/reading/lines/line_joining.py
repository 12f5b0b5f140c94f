"""Joins physical lines to paragraphs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from retrieval.language import numerals
from retrieval.reading.lines.section_marks import opening_mark

_ENDS = frozenset("。!?;:…”」")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_UNITS = "%\uff05十百千万亿萬億"
_GOES_ON = frozenset(",、(\u2014《“「")
_ENDS_OF_LINES = frozenset("。!?;:…”」》)")
_INDENTS = ("\u3000", "\u2003\u2003", "\xa0\xa0", "  ", "\t")
# A text wrapped at a column has at least so many characters a line; shorter lines are a list or verse.
_NARROWEST_COLUMN = 18
# Share of the longest line that a wrapped line fills at least: a word or a mark may move to the next one.
_FILLED = 0.85
_FEWEST_WRAPS = 2


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


def raised(text: str, before: str) -> str:
    """Digits that are set above the line, behind `before`: as raised digits behind a figure, so that 10⁴ is not 104."""
    after_figure = before[-1:].isdigit() or before[-1:] in _UNITS
    is_number = bool(text.strip()) and not text.strip().strip("0123456789+-")
    return text.strip().translate(_RAISED) if before and after_figure and is_number else text


def join_broken_lines(lines: Sequence[str]) -> list[tuple[str, int]]:
    """The paragraphs of these lines, each with the index of its first line; blank lines divide.

    A line goes on in the next one if it ends in a comma, or fills the column at which the text is wrapped; never
    before an indent or a section mark, or where a sentence ended.
    """
    column = _column(lines)
    paragraphs: list[tuple[str, int]] = []
    previous = ""
    for index, line in enumerate(lines):
        if line.strip() and previous.strip() and _goes_on(previous, line, column):
            text, first = paragraphs[-1]
            paragraphs[-1] = (join(text, line.strip()), first)
        elif line.strip():
            paragraphs.append((line.strip(), index))
        previous = line
    return paragraphs


def _goes_on(line: str, following: str, column: int) -> bool:
    last = numerals.half_width(line.rstrip()[-1])
    if following.startswith(_INDENTS) or opening_mark(following.strip()) or last in _ENDS_OF_LINES:
        return False
    return last in _GOES_ON or 0 < column * _FILLED <= len(line.strip())


def _column(lines: Sequence[str]) -> int:
    """The length at which the text is wrapped; 0 unless several lines break there inside a sentence."""
    longest = max((len(line.strip()) for line in lines), default=0)
    full = [line for line in lines if len(line.strip()) >= longest * _FILLED]
    inside = (
        [line for line in full if numerals.half_width(line.rstrip()[-1]) not in _ENDS_OF_LINES]
        if longest
        else []
    )
    return longest if longest >= _NARROWEST_COLUMN and len(inside) >= _FEWEST_WRAPS else 0
