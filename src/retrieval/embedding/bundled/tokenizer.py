"""The tokenizer of the bundled model: a Unigram of 250,002 pieces, of which a text needs a few hundred.

A tokenizer of all pieces takes 280 MB and 0.8 s to load. A piece that does not stand in a text can never match there,
so that a tokenizer of the pieces that do gives the same result: each text gets one of its own, in half a millisecond.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.storage import array_files
from retrieval.types import IntMatrix, IntVector

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

_PIECES = "tokenizer.pieces"
_SPACE = "\u2581"  # of the pieces
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed: 2**64 / the golden ratio


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
        self._longest = longest
        self._pieces = Pieces.load(folder / _PIECES)

    def tokenize(self, text: str) -> TokenizedText:
        """The tokens of the text, cut off where the model reads no further."""
        numbers = self._pieces.pieces_in(_as_pieces_write(text))
        tokenizer = make_tokenizer(self._pieces.vocabulary(numbers))
        tokenizer.enable_truncation(self._longest)
        found = tokenizer.encode(text)
        spans = np.asarray(found.offsets, np.int32).reshape(-1, 2)
        return TokenizedText(numbers[found.ids].tolist(), spans)


def _as_pieces_write(text: str) -> str:
    normal = _normalizer().normalize_str(text)
    return f"{_SPACE}{normal}".replace(" ", _SPACE)


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces in a few arrays, mapped: of those that no text needs hardly anything is in memory."""

    characters: NDArray[np.uint32]
    """Of all pieces, one after the other."""
    starts: IntVector
    """(pieces + 1,)"""
    scores: NDArray[np.float64]
    """(pieces,) log probabilities"""
    hashes: NDArray[np.uint64]
    """(pieces,) ascending"""
    hashed: IntVector
    """(pieces,) which piece has each hash"""
    kept: IntVector
    """The special pieces (begin, padding, end, unknown), and the least likely one: what an unknown character costs is
    reckoned from it."""

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Pieces:
        """Raises ValueError if two pieces have one hash."""
        texts = [piece for piece, _ in vocabulary.pieces]
        scores = np.array([score for _, score in vocabulary.pieces])
        characters = _points("".join(texts))
        lengths = np.array([len(text) for text in texts])
        starts = np.cumsum(lengths) - lengths
        hashes = np.zeros(len(texts), np.uint64)
        for length, found in enumerate(_window_hashes(characters, lengths.max()), start=1):
            hashes[lengths == length] = found[starts[lengths == length]]
        order = np.argsort(hashes)
        if not np.diff(hashes[order]).all():
            raise ValueError("two pieces of the vocabulary have one hash")
        special = (vocabulary.begin, vocabulary.padding, vocabulary.end, vocabulary.unknown)
        return cls(
            characters=characters,
            starts=np.append(starts, len(characters)),
            scores=scores,
            hashes=hashes[order],
            hashed=order,
            kept=np.array([*special, scores.argmin()]),
        )

    @property
    def longest(self) -> int:
        """Characters of the longest piece."""
        return int(np.diff(self.starts).max())

    def pieces_in(self, text: str) -> IntVector:
        """The numbers of the pieces that stand in the text, and of those that are always kept, ascending.

        One that does not may be among them, for the sake of its hash: it matches nothing.
        """
        wanted = np.unique(np.concatenate(list(_window_hashes(_points(text), self.longest))))
        spots = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        found = self.hashed[spots[self.hashes[spots] == wanted]]
        return np.union1d(found, self.kept)

    def vocabulary(self, numbers: IntVector) -> Vocabulary:
        """Of the pieces of these numbers alone; those that are always kept are among them."""
        begin, padding, end, unknown, _ = np.searchsorted(numbers, self.kept).tolist()
        pieces = [(self._text(number), float(self.scores[number])) for number in numbers.tolist()]
        return Vocabulary(pieces, begin, end, padding, unknown)

    def _text(self, number: int) -> str:
        points = self.characters[self.starts[number] : self.starts[number + 1]]
        return points.tobytes().decode("utf-32-le")

    def save(self, folder: Path) -> None:
        array_files.save_arrays(folder, {name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, folder: Path) -> Pieces:
        return cls(**array_files.map_arrays(folder, *cls.__slots__))


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), "<u4")


def _window_hashes(points: NDArray[np.uint32], longest: int) -> Iterator[NDArray[np.uint64]]:
    """For each length from 1 on the hashes of all runs of so many characters, in order (Rabin-Karp, modulo 2**64)."""
    running = np.zeros(len(points), np.uint64)
    for length in range(1, min(longest, len(points)) + 1):
        running = running[: len(points) - length + 1] * _BASE + points[length - 1 :]
        yield running


def save_pieces(vocabulary: Vocabulary, folder: Path) -> None:
    """Write what a `BundledTokenizer` reads beside the tokenizer of all pieces."""
    Pieces.of(vocabulary).save(folder / _PIECES)


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """NFKC, spaces as part of the pieces, Unigram, and the marks of beginning and end."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=_SPACE, prepend_scheme="always", split=True
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[("<s>", vocabulary.begin), ("</s>", vocabulary.end)],
    )
    return tokenizer


@functools.lru_cache(maxsize=1)
def _normalizer() -> Normalizer:
    from tokenizers import Regex, normalizers

    return normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
