"""jieba's dictionary in 8 MB instead of 108: counts by hash, as the mapping that jieba looks words up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Counts = NDArray[np.int32]

# The hash of a word is that of its beginning, xor its last character, times an odd number: FNV-1a by characters
# (http://www.isthe.com/chongo/tech/comp/fnv/) with the multiplier of Fibonacci hashing, which fills the upper bits.
# Half a million of 64 bits: another text has the hash of an entry once in 4e13 lookups.
_SEED, _FACTOR, _BITS = 0xCBF29CE484222325, 0x9E3779B97F4A7C15, 64
_MODULUS_MASK = (1 << _BITS) - 1
# Entries are found by the upper bits of their hash: one entry in each range on average.
_RANGE_BITS = 19
_SHIFT = _BITS - _RANGE_BITS
_SPACE, _NEWLINE, _ZERO = 32, 10, 48


class Dictionary(Mapping[str, int]):
    """Words with their counts, and the beginnings of words with 0, as `jieba.Tokenizer.FREQ` holds them.

    Entries cannot be listed: `words_of` reads them from the file again.
    """

    def __init__(self, hashes: Hashes, counts: Counts) -> None:
        """The hashes in order, each once."""
        edges = np.arange(1, 1 << _RANGE_BITS, dtype=np.uint64) << np.uint64(_SHIFT)
        starts = np.concatenate([[0], np.searchsorted(hashes, edges), [len(hashes)]]).astype(np.int32)
        # Single items of a memoryview are read three times as fast as those of an array.
        self._hashes, self._counts, self._starts = hashes.data, counts.data, starts.data

    @classmethod
    def from_words(cls, words: WordTable, others: Mapping[str, int]) -> Dictionary:
        """The words of the table, other words that are not in it, and the beginnings of all."""
        known, beginnings = _hash_words(words)
        more = [list(_prefix_hashes(word)) for word in others]
        hashes = np.concatenate(
            [
                known[::-1],  # of an entry listed twice the last one counts, as for jieba
                np.asarray([prefixes[-1] for prefixes in more], np.uint64),
                beginnings,
                np.asarray([one for prefixes in more for one in prefixes[:-1]], np.uint64),
            ]
        )
        counts = np.zeros(len(hashes), np.int32)
        counts[: len(known)] = words.counts[::-1]
        counts[len(known) : len(known) + len(more)] = list(others.values())
        distinct, first = np.unique(hashes, return_index=True)
        return cls(distinct, counts[first])

    def words_in(self, text: str) -> list[list[tuple[int, int]]]:
        """For each character of the text the words that begin there: the offset of the last character, and the count."""
        hashes, counts, starts = self._hashes, self._counts, self._starts
        codes = [*map(ord, text)]
        words: list[list[tuple[int, int]]] = []
        for start in range(len(codes)):
            found, one = [], _SEED
            for end in range(start, len(codes)):
                one = ((one ^ codes[end]) * _FACTOR) & _MODULUS_MASK
                row, stop = starts[one >> _SHIFT], starts[(one >> _SHIFT) + 1]
                while row < stop and hashes[row] != one:
                    row += 1
                if row == stop:
                    break
                if counts[row]:
                    found.append((end, counts[row]))
            words.append(found)
        return words

    def __getitem__(self, entry: str) -> int:
        *_, one = _prefix_hashes(entry) or (_SEED,)
        upper = one >> _SHIFT
        for row in range(self._starts[upper], self._starts[upper + 1]):
            if self._hashes[row] == one:
                return self._counts[row]
        raise KeyError(entry)

    def __len__(self) -> int:
        return len(self._hashes)

    def __iter__(self) -> Iterator[str]:
        raise TypeError("only the hashes of the entries are held")


def _prefix_hashes(word: str) -> list[int]:
    """The hash of every beginning of the word, itself last."""
    hashes, one = [], _SEED
    for character in word:
        one = ((one ^ ord(character)) * _FACTOR) & _MODULUS_MASK
        hashes.append(one)
    return hashes


@dataclass(frozen=True, slots=True)
class WordTable:
    """The lines of a dictionary file: `word count tag`."""

    codes: NDArray[np.uint32]
    """The characters of the file."""
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    counts: NDArray[np.int32]

    @classmethod
    def from_file(cls, content: bytes) -> WordTable:
        """Raises ValueError if the lines have another form."""
        codes = np.frombuffer(content.decode("utf-8").encode("utf-32-le"), "<u4")
        ends = np.flatnonzero(codes == _NEWLINE)
        starts = np.concatenate([[0], ends[:-1] + 1])
        word_ends, count_ends = np.flatnonzero(codes == _SPACE).reshape(len(ends), 2).T
        return cls(codes, starts, word_ends - starts, _numbers(codes, word_ends, count_ends))

    def words_with(self, characters: Iterable[str]) -> dict[str, int]:
        """The words that hold any of the characters, with their counts."""
        places = np.flatnonzero(np.isin(self.codes, [ord(character) for character in characters]))
        rows = np.unique(np.searchsorted(self.starts, places, side="right") - 1)
        return {self.word(row): int(self.counts[row]) for row in rows.tolist()}

    def word(self, row: int) -> str:
        start = self.starts[row]
        return self.codes[start : start + self.lengths[row]].tobytes().decode("utf-32-le")


def _numbers(
    codes: NDArray[np.uint32], spaces: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int32]:
    """The decimal numbers that stand between each space and end."""
    numbers = np.zeros(len(ends), np.int32)
    for place in range(int((ends - spaces).max()) - 1):
        at = ends - 1 - place
        numbers += np.where(at > spaces, (codes[at].astype(np.int32) - _ZERO) * 10**place, 0)
    return numbers


def _hash_words(words: WordTable) -> tuple[Hashes, Hashes]:
    """The hash of each word, and those of their beginnings, some of them several times."""
    hashes = np.full(len(words.starts), _SEED, np.uint64)
    beginnings = [np.zeros(0, np.uint64)]
    for length in range(1, int(words.lengths.max()) + 1):
        rows = np.flatnonzero(words.lengths >= length)
        hashes[rows] = (hashes[rows] ^ words.codes[words.starts[rows] + length - 1]) * np.uint64(_FACTOR)
        longer = hashes[words.lengths > length]
        beginnings.append(longer[np.append(True, longer[1:] != longer[:-1])[: len(longer)]])
    return hashes, np.concatenate(beginnings)
