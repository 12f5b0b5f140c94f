"""Script folding for matching and sentence splitting, both with offsets into the original text."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

import opencc

# Characters that OpenCC leaves alone outside its phrases, or that people write either way.
_VARIANTS = str.maketrans(
    "羣臺裏説戶藉瞭覆閲峯髮着誌衞羨麪祕牀竈綫啓喫鷄巿",
    "群台里说户借了复阅峰发着志卫羡面秘床灶线启吃鸡市",
)
# Full-width marks are written as escapes: the two widths are hard to tell apart in an editor.
# A question mark between digits is a lost decimal point (11?74%), not the end of a sentence.
_SENTENCE_END = re.compile(
    "(?:(?!(?<=[0-9])[?\uff1f][0-9])[。!?;…\uff01\uff1f\uff1b])+[”』」’》)\uff09]*|\\n+"
)
_CLAUSE_END = re.compile("[,\uff0c、:\uff1a]\\s*")
_SURROGATES = re.compile(r"[\ud800-\udfff]")

# Reading asks four times in five for a text it has just folded, and so do the texts that are embedded: remembering the
# last 1,024 of at most so many characters took a fifth off the reading and four fifths off the latter.
_REMEMBERED = 2000

# So many different characters are remembered: more than all of Chinese.
_CHARACTERS = 65536

LONGEST_SENTENCE = 300
"""Characters; about 220 tokens, so that a sentence with its path fits the 512 of the usual encoders."""


@functools.lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """The text as matching sees it: Simplified, half width, lower case, variants merged.

    The result has exactly as many characters as the original, so every offset holds in both.
    """
    return _fold_remembered(text) if len(text) <= _REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    clean = _SURROGATES.sub("�", text)
    simplified = _to_simplified().convert(clean)
    if len(simplified) != len(clean):
        simplified = "".join(_fold_alone(character) for character in clean)
    folded: str = simplified.translate(_folded)
    if len(folded) != len(text):
        raise AssertionError(f"folding changed the length of {text!r}")
    return folded


_fold_remembered = functools.lru_cache(maxsize=1024)(_fold)


def _fold_alone(character: str) -> str:
    converted = _to_simplified().convert(character)
    return converted if len(converted) == 1 else character


class _Folded(dict[int, str]):
    """What each character is matched as, found out when `str.translate` first asks for it."""

    def __missing__(self, code: int) -> str:
        folded = _fold_width(chr(code).translate(_VARIANTS))
        if len(self) < _CHARACTERS:
            self[code] = folded
        return folded


_folded = _Folded()


def _fold_width(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of every sentence, in order, without surrounding white space.

    A sentence ends after 。!?;… and the closing quotation mark behind it; one of more than LONGEST_SENTENCE
    characters is cut behind its clauses. Nothing but white space is left out.
    """
    start = 0
    for mark in _SENTENCE_END.finditer(text):
        yield from _pieces(text, start, mark.end())
        start = mark.end()
    yield from _pieces(text, start, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_SENTENCE:
        clause_ends = [mark.end() for mark in _CLAUSE_END.finditer(text, start, start + LONGEST_SENTENCE)]
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
