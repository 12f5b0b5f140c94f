"""Offsets at which the words of a folded text begin and end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

from retrieval.language import segmentation
from retrieval.places.gazetteer import names


@dataclass(frozen=True, slots=True)
class WordBoundaries:
    """The words that jieba finds in one folded text."""

    offsets: frozenset[int]
    """The offsets at which words begin and end."""
    ends: dict[int, int]
    """The end of each word by its start."""

    def is_whole(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` is made of whole words, or opens a word such as 上海人 or 南京市委."""
        if start not in self.offsets:
            return start - 2 in self.offsets and text[start - 2 : start] == "中国" and end in self.offsets
        first = self.ends.get(start, end)
        if (
            first == start + 1 < end
            and self.ends.get(first, end) > first + 1
            and text[start] in _FUNCTION_WORDS
        ):
            return False
        return end in self.offsets or text[end : self._end_around(start, end)] in _TAILS

    def is_single(self, start: int) -> bool:
        """Whether the character at `start` is a word of its own."""
        return self.ends.get(start) == start + 1

    def _end_around(self, start: int, end: int) -> int:
        """The end of the word that holds `end`, counted in whole words from `start`."""
        while start in self.ends and self.ends[start] <= end:
            start = self.ends[start]
        return self.ends.get(start, end)


# A place name does not begin with one of these as a word: 发展/中/山区 is not 中山区.
_FUNCTION_WORDS = frozenset("中在和与上下大新东西南北内外")
# The rest of a word that a place name opens.
_TAILS_LISTED = "人 民 市民 市委 省委 区委 县委 委 市政府 省政府 政府 市区 市长 省长 县长 区长 城 市 籍 话"
_TAILS = frozenset(_TAILS_LISTED.split())


def find_word_boundaries(folded: str) -> WordBoundaries:
    """The boundaries of the words that jieba finds in the text."""
    lengths = [length for word in segmentation.folded_pieces(folded) for length in _lengths(word)]
    offsets = _with_whole_names(folded, [0, *accumulate(lengths)])
    return WordBoundaries(frozenset(offsets), dict(pairwise(offsets)))


def _with_whole_names(folded: str, offsets: list[int]) -> list[int]:
    """The offsets, with two place names in a row cut between them where a word holds the end of one and the start of the other.

    湖南岳阳 is cut as 湖/南岳/阳, for 南岳 is a mountain.
    """
    known = frozenset(offsets)
    whole = list(offsets)
    for start in offsets:
        for middle, end in ((start + 2, start + 4), (start + 2, start + 5), (start + 3, start + 5)):
            is_cut_wrongly = end in known and middle not in known
            if is_cut_wrongly and folded[start:middle] in names() and folded[middle:end] in names():
                whole = sorted({offset for offset in whole if not start < offset < end} | {middle})
    return whole


def _lengths(word: str) -> tuple[int, ...]:
    """The length of a word, or of the two places it is made of: 新疆伊犁, 江苏南京."""
    for length in (2, 3) if len(word) >= 4 else ():
        if word not in names() and word[:length] in names() and word[length:] in names():
            return length, len(word) - length
    return (len(word),)
