"""Joins physical lines to paragraphs: the pieces of a block, and a text that was broken at a number of columns."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence

from retrieval.language import Pattern, numerals
from retrieval.reading.lines.section_marks import Mark, opening_mark

_CLOSING = frozenset(".,;:!?%)]")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_UNITS = "%\uff05十百千万亿萬億"
_GOES_ON = frozenset(",、(\u2014《“「")
_INDENTS = ("\u3000", "\u2003\u2003", "\xa0\xa0", "  ", "\t")
_SENTENCE_ENDS = frozenset("。!?;:…”」』】)")
_WORDED = frozenset({"is", "must", "first", "ordinal", "article"})
# A Chinese character takes two columns. Narrower lines are verses and lists, wider ones paragraphs.
_NARROWEST, _WIDEST = 32, 130
# A line is full if what comes next would not have fitted, up to so many columns: a mark that may not begin a line.
_TOLERANCE = 2
# So much of the full lines must break inside a sentence: in a text by paragraphs nearly all lines end one.
_BROKEN_SHARE = 0.6
# Beyond the width at most one line in so many: an address, a rule.
_OVERLONG = 50
_FIRST_WORD = Pattern(
    re.compile(r"[A-Za-z0-9.,%@/:_\-]+[,。、;:!?)》」』”…]*|\S[,。、;:!?)》」』”…]*"), "2023年", " "
)


def join_paragraphs(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, int]]:
    """Joins the pieces of one block to paragraphs, each with the index of its first piece.

    A piece begins a paragraph if a hard line break stands before it (`True`), a sentence ended there, or it opens
    with a section mark; else it continues the one before.
    """
    paragraphs: list[tuple[str, int]] = []
    for index, (text, after_break) in enumerate(pieces):
        before = paragraphs[-1][0].rstrip() if paragraphs else ""
        begins = (
            not before
            or after_break
            or numerals.half_width(before[-1]) in _SENTENCE_ENDS
            or opening_mark(text)
        )
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
    if not latin or after[0] in _CLOSING or _is_figure(before, after):
        return ""
    return " " if before[-1].isalnum() or before[-1] in ",.;" else ""


def _is_figure(before: str, after: str) -> bool:
    """Whether a line ends inside a figure (2,|174, 31|2): in Chinese, two figures never stand side by side."""
    return after[0].isdigit() and (before[-1].isdigit() or (before[-1] in ".," and before[-2:-1].isdigit()))


def raised(text: str, before: str) -> str:
    """Digits that are set above the line, behind `before`: as raised digits behind a figure, so that 10⁴ is not 104."""
    after_figure = before[-1:].isdigit() or before[-1:] in _UNITS
    is_number = bool(text.strip()) and not text.strip().strip("0123456789+-")
    return text.strip().translate(_RAISED) if before and after_figure and is_number else text


def join_broken_lines(lines: Sequence[str], *, after_commas: bool = False) -> list[tuple[str, int]]:
    """The paragraphs of these lines, each with the index of its first line; one a line where the text is not broken.

    A line goes on in the next one if it fills the columns at which the text is broken; with `after_commas` also if it
    ends in a comma or an open bracket, as the lines of one block of a page do. Never before an indent or a section
    mark, where a sentence ended, or over a blank line.
    """
    texts = [line.rstrip() for line in lines]
    width = _width_of_text(texts)
    paragraphs: list[tuple[str, int]] = []
    goes_on = False
    for index, text in enumerate(texts):
        if goes_on:
            before, first = paragraphs[-1]
            paragraphs[-1] = (_with_next_line(before, text.strip()), first)
        elif text.strip():
            paragraphs.append((text.strip(), index))
        after = texts[index + 1] if index + 1 < len(texts) else ""
        goes_on = bool(text and after) and (
            (width > 0 and _is_broken(text, after, width)) or (after_commas and _is_open(text, after))
        )
    return paragraphs


def _with_next_line(before: str, after: str) -> str:
    """The two as one; a figure that is broken at the end of the line goes on as it is."""
    is_figure = before[-1].isdigit() and after[0].isdigit()
    return before + after if is_figure else join(before, after)


def _is_open(text: str, after: str) -> bool:
    """Whether a line that ends in a comma goes on in the next one."""
    is_open = numerals.half_width(text[-1]) in _GOES_ON
    return is_open and not _is_indented(after) and opening_mark(after.strip()) is None


def _width_of_text(texts: Sequence[str]) -> int:
    """The columns at which the text is broken, or 0.

    The widest lines are as wide as each other, at least two of them break inside a sentence, and most do; where they do,
    the paragraph ends a sentence below.
    """
    filled = [text for text in texts if text.strip()]
    if len(filled) < 2:
        return 0
    widths = sorted(map(_columns, filled), reverse=True)
    width = widths[len(filled) // _OVERLONG]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = [
        (text, after)
        for text, after in itertools.pairwise(texts)
        if after.strip() and _is_full(text, after, width)
    ]
    broken = [pair for pair in full if not _ends_sentence(pair[0])]
    is_wrapped = len(broken) > 1 and len(broken) >= _BROKEN_SHARE * len(full)
    return width if is_wrapped and _ends_are_sentences(texts, width) else 0


def _ends_are_sentences(texts: Sequence[str], width: int) -> bool:
    """Whether most of the joined lines end as sentences: those of a list of names do not."""
    ends = [
        _ends_sentence(after)
        for index, (text, after) in enumerate(itertools.pairwise(texts))
        if _is_broken(text, after, width)
        and not (index + 2 < len(texts) and _is_broken(after, texts[index + 2], width))
    ]
    return sum(ends) * 3 >= len(ends) * 2 > 0


def _is_broken(text: str, after: str, width: int) -> bool:
    """Whether the paragraph of a line goes on in the next one."""
    if not after.strip() or _ends_sentence(text) or not _is_full(text, after, width):
        return False
    return not _is_indented(after) and not _may_open(opening_mark(after))


def _may_open(mark: Mark | None) -> bool:
    """Whether a mark opens a line: a word like 一是 may as well stand inside a broken sentence."""
    return mark is not None and mark.kind not in _WORDED


def _is_full(text: str, after: str, width: int) -> bool:
    word = _FIRST_WORD.regex.match(numerals.half_width(after.strip()))
    following = _columns(after.strip()[: word.end()]) if word else 0
    return _columns(text) <= width and _columns(text) + following > width - _TOLERANCE


def _is_indented(text: str) -> bool:
    return text.startswith(_INDENTS)


def _ends_sentence(text: str) -> bool:
    return numerals.half_width(text.rstrip()[-1:]) in _SENTENCE_ENDS


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
