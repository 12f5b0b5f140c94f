"""The tokenizer of the bundled model: a Unigram of 107,018 pieces, of which a text needs a few hundred.

A tokenizer of all pieces takes 82 MB and 0.14 s to load. A piece that does not occur in a text can never match there,
so that a tokenizer of the pieces that do gives the same result: each text gets one of its own, in 0.2 ms.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.bundled.vocabulary import Vocabulary
from retrieval.storage import array_files
from retrieval.types import IntMatrix, IntVector

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

_PIECES = "tokenizer.pieces"
_SPACE = "\u2581"  # of the pieces
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed: 2**64 / the golden ratio


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """The tokens of a text with the special ones around them."""

    ids: Sequence[int]
    spans: IntMatrix
    """(tokens, 2): start and end of each in the text; empty for the special ones."""


class BundledTokenizer:
    """Texts to tokens, at most `longest` each; immutable, so any number of threads may share it."""

    def __init__(self, folder: Path, longest: int) -> None:
        self._longest = longest
        self._pieces = Pieces.load(folder / _PIECES)

    def tokenize(self, text: str) -> TokenizedText:
        """The tokens of the text, cut off where the model reads no further."""
        ids = self._pieces.pieces_in(_as_pieces_write(text))
        tokenizer = make_tokenizer(self._pieces.vocabulary(ids))
        tokenizer.enable_truncation(self._longest)
        encoded = tokenizer.encode(text)
        spans = np.asarray(encoded.offsets, np.int32).reshape(-1, 2)
        return TokenizedText(ids[encoded.ids].tolist(), spans)


def _as_pieces_write(text: str) -> str:
    normal = _normalizer().normalize_str(text)
    return f"{_SPACE}{normal}".replace(" ", _SPACE)


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces as a few memory-mapped arrays, of which only the parts that texts need come into memory."""

    characters: NDArray[np.uint32]
    """Of all pieces, one after the other."""
    starts: IntVector
    """(pieces + 1,)"""
    scores: NDArray[np.float64]
    """(pieces,) log probabilities"""
    hashes: NDArray[np.uint64]
    """(pieces,) ascending"""
    hashed: IntVector
    """(pieces,) the id of the piece with each hash"""
    kept: IntVector
    """Ids of the special pieces (begin, padding, end, unknown) and of the least likely one, from which Unigram derives
    the cost of an unknown character."""

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Pieces:
        """Raises ValueError if two pieces have one hash."""
        texts = [piece for piece, _ in vocabulary.pieces]
        scores = np.array([score for _, score in vocabulary.pieces])
        characters = _points("".join(texts))
        lengths = np.array([len(text) for text in texts])
        starts = np.cumsum(lengths) - lengths
        hashes = np.zeros(len(texts), np.uint64)
        for length, windows in enumerate(_window_hashes(characters, lengths.max()), start=1):
            hashes[lengths == length] = windows[starts[lengths == length]]
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
        """The ids of the pieces in the text and of those that are always kept, ascending.

        A piece that is not in the text may be among them if its hash collides: it matches nothing.
        """
        hashes = np.unique(np.concatenate(list(_window_hashes(_points(text), self.longest))))
        positions = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        ids = self.hashed[positions[self.hashes[positions] == hashes]]
        return np.union1d(ids, self.kept)

    def vocabulary(self, ids: IntVector) -> Vocabulary:
        """The pieces of these ids alone; those that are always kept are among them."""
        begin, padding, end, unknown, _ = np.searchsorted(ids, self.kept).tolist()
        pieces = [(self._text(piece), float(self.scores[piece])) for piece in ids.tolist()]
        return Vocabulary(pieces, begin, end, padding, unknown)

    def _text(self, piece: int) -> str:
        points = self.characters[self.starts[piece] : self.starts[piece + 1]]
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
