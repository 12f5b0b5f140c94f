"""The pieces of a Unigram tokenizer, and the part of them that Chinese and English texts can contain."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

import numpy as np

from retrieval.types import IntVector

# As the Unicode names of their characters begin. NFKC makes combining marks of some symbols.
_SCRIPTS = ("CJK ", "BOPOMOFO ", "COMBINING ")
_CATEGORIES = "NPSZ"  # numbers, punctuation, symbols (the space of the pieces is one), separators


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their log probabilities in the order of their ids, and the ids of the special ones."""

    pieces: list[tuple[str, float]]
    begin: int
    end: int
    padding: int
    unknown: int


def trim_vocabulary(vocabulary: Vocabulary) -> tuple[Vocabulary, IntVector]:
    """The vocabulary without words in other scripts than Han and basic Latin, and the former id of each piece.

    Texts of Han, Bopomofo, basic Latin, numbers, punctuation and symbols are tokenized as before. Single characters of
    every script stay: 4,600 pieces, 7 MB of embeddings, so that a word in another script is a row of letters and not
    one unknown token.
    """
    ids = np.array([number for number, (piece, _) in enumerate(vocabulary.pieces) if _is_retained(piece)])
    special = (vocabulary.begin, vocabulary.end, vocabulary.padding, vocabulary.unknown)
    begin, end, padding, unknown = np.searchsorted(ids, special).tolist()
    pieces = [vocabulary.pieces[number] for number in ids.tolist()]
    return Vocabulary(pieces, begin, end, padding, unknown), ids


def _is_retained(piece: str) -> bool:
    return len(piece) == 1 or all(map(_is_of_retained_script, piece))


@functools.cache
def _is_of_retained_script(character: str) -> bool:
    is_script = character.isascii() or unicodedata.name(character, "").startswith(_SCRIPTS)
    return is_script or unicodedata.category(character)[0] in _CATEGORIES
