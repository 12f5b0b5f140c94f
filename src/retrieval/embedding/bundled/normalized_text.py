"""A text as the tokenizer of the bundled model reads it, with the place of each character in the text it was made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from retrieval.types import IntMatrix, Mask

_nfkc = partial(unicodedata.normalize, "NFKC")
_nfkd = partial(unicodedata.normalize, "NFKD")
_SPACES = re.compile(" {2,}")


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """The NFKC form of a text, each run of spaces in it one space."""

    text: str
    spans: IntMatrix
    """(characters, 2): start and end of what each was made of: of the whole ½ for 1, ⁄ and 2, of the last space of a run."""

    @classmethod
    def of(cls, text: str) -> NormalizedText:
        """The normalized form of the text."""
        form, spans = _nfkc(text), _spans(text)
        if "  " not in form:
            return cls(form, spans)
        return cls(_SPACES.sub(" ", form), spans[_is_last_space(form)])


def _spans(text: str) -> IntMatrix:
    """(characters of the NFKC form, 2): start and end of what each was made of."""
    if unicodedata.is_normalized("NFKC", text):
        ends = np.arange(1, len(text) + 1, dtype=np.int32)
        return np.stack([ends - 1, ends], axis=1)
    units: list[str] = list(text)
    forms = list(map(_nfkc, units))
    if "".join(forms) != _nfkc(text):
        units = _separate_units(text)
        forms = list(map(_nfkc, units))
    lengths = _lengths(units)
    ends = np.cumsum(lengths, dtype=np.int32)
    return np.repeat(np.stack([ends - lengths, ends], axis=1), _lengths(forms), axis=0)


def _separate_units(text: str) -> list[str]:
    """The text in pieces whose forms, joined, are its form: a letter with its marks, the parts of a Korean syllable."""
    units: list[str] = []
    for character in text:
        if units and _belongs_to(units[-1], character):
            units[-1] += character
        else:
            units.append(character)
    return units


def _belongs_to(unit: str, character: str) -> bool:
    """Whether the character is a mark, or becomes one with the unit before it."""
    is_mark = unicodedata.combining(_nfkd(character)[0]) != 0
    return is_mark or _nfkc(unit + character) != _nfkc(unit) + _nfkc(character)


def _is_last_space(form: str) -> Mask:
    """(characters,): False for the spaces before another."""
    mask = np.ones(len(form), np.bool_)
    for run in _SPACES.finditer(form):
        mask[run.start() : run.end() - 1] = False
    return mask


def _lengths(texts: Iterable[str]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.fromiter(map(len, texts), np.int32)
