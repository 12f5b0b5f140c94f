"""The tokenizer of the bundled model: a Unigram of 250,002 pieces, of which Chinese and English text needs two fifths.

A tokenizer of all pieces takes 280 MB and 0.8 s to load. Pieces with characters that a text does not have can never
match in it, so texts of common characters are cut by a small tokenizer of the pieces made of these alone, with the
same result; the whole one is loaded when the first other text comes.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.types import IntMatrix, IntVector

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_WHOLE = "tokenizer.json"
_COMMON = "tokenizer.common.json"
_COMMON_NUMBERS = "tokenizer.common.npy"
# White space, ASCII, the space of the pieces, marks as Chinese prints them, Han. What NFKC makes of the text counts.
_COMMON_TEXT = re.compile(
    "[\\s!-~\u2581\u00b7\u2010-\u2027\u2030-\u205e\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff]*"
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their log probabilities, and the numbers of the special ones."""

    pieces: list[tuple[str, float]]
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """The tokens of a text with the special ones around them."""

    numbers: Sequence[int]
    spans: IntMatrix
    """(tokens, 2): where each stands in the text; empty for the special ones."""


class BundledTokenizer:
    """Texts to tokens, at most `longest` each. Nothing in it changes, so any number of threads may share it."""

    def __init__(self, folder: Path, longest: int) -> None:
        self._folder = folder
        self._longest = longest
        self._common = _load(folder / _COMMON, longest)
        self._numbers: IntVector = np.load(folder / _COMMON_NUMBERS, allow_pickle=False)

    @functools.cached_property
    def _whole(self) -> Tokenizer:
        return _load(self._folder / _WHOLE, self._longest)

    def tokenize(self, text: str) -> TokenizedText:
        """The tokens of the text, cut off where the model reads no further."""
        if _is_common(text):
            found = self._common.encode(text)
            return TokenizedText(self._numbers[found.ids].tolist(), _spans(found))
        found = self._whole.encode(text)
        return TokenizedText(found.ids, _spans(found))


def _is_common(text: str) -> bool:
    return _COMMON_TEXT.fullmatch(unicodedata.normalize("NFKC", text)) is not None


def _spans(found: Encoding) -> IntMatrix:
    return np.asarray(found.offsets, np.int32).reshape(-1, 2)


def _load(path: Path, longest: int) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing more special
        raise ValueError(f"{path.name} is no tokenizer") from error
    tokenizer.enable_truncation(longest)
    return tokenizer


def save_common(vocabulary: Vocabulary, folder: Path) -> None:
    """Write the small tokenizer beside the whole one."""
    common, numbers = _common_of(vocabulary)
    make_tokenizer(common).save(str(folder / _COMMON), pretty=False)
    np.save(folder / _COMMON_NUMBERS, numbers, allow_pickle=False)


def _common_of(vocabulary: Vocabulary) -> tuple[Vocabulary, IntVector]:
    """The pieces that common texts can hold, and the number of each in the whole vocabulary.

    The least likely piece is kept whatever it is: what an unknown character costs is reckoned from it.
    """
    special = (vocabulary.begin, vocabulary.padding, vocabulary.end, vocabulary.unknown)
    least = min(range(len(vocabulary.pieces)), key=lambda number: vocabulary.pieces[number][1])
    fitting = (number for number, (piece, _) in enumerate(vocabulary.pieces) if _COMMON_TEXT.fullmatch(piece))
    kept = sorted({*special, least, *fitting})
    places = {number: place for place, number in enumerate(kept)}
    begin, padding, end, unknown = (places[number] for number in special)
    pieces = [vocabulary.pieces[number] for number in kept]
    return Vocabulary(pieces, begin, end, padding, unknown), np.asarray(kept, np.int64)


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """NFKC, spaces as part of the pieces, Unigram, and the marks of beginning and end."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[("<s>", vocabulary.begin), ("</s>", vocabulary.end)],
    )
    return tokenizer
