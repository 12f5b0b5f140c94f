"""One script for matching, with offsets that hold in the original text."""

from __future__ import annotations

import functools
import re
import unicodedata

import opencc

# Characters that OpenCC leaves alone outside its phrases, or that people write either way.
_VARIANTS = str.maketrans(
    "羣臺裏説戶藉瞭覆閲峯髮着誌衞羨麪祕牀竈綫啓喫鷄巿",
    "群台里说户借了复阅峰发着志卫羡面秘床灶线启吃鸡市",
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")

# Reading asks four times in five for a text it has just folded, and so do the texts that are embedded: remembering the
# last 1,024 of at most so many characters took a fifth off the reading and four fifths off the latter.
_REMEMBERED = 2000

# So many different characters are remembered: more than all of Chinese.
_CHARACTERS = 65536


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
