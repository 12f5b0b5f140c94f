"""A collection made up in any size from a pool of clauses: what each passage says, and synthetic vectors that fit it.

A passage is about one of 2,000 topics, a stretch of the pool; most of its clauses are drawn from there. Its sentences are
1 to 5 clauses under a heading, their vectors the mean of those of their clauses moved by noise of their own, that of
the paragraph the mean of its sentences, moved again. Tokens are those of the clauses: 170 a passage, as in the seed.
Everything is drawn by the number of the passage's block, so that any block can be made again without the others.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.million_pool import Pool
from retrieval.index.lexical.inverted_index import Hashes, hash_terms
from retrieval.language.folding import fold
from retrieval.language.segmentation import terms
from retrieval.places.gazetteer import Division, divisions, parents
from retrieval.storage.row_ranges import numbers_of
from retrieval.types import FloatMatrix, IntMatrix, IntVector, Passage, Place, Section

BLOCK = 16_384
_TOPICS = 2000
_STRETCH = 60
_ON_TOPIC = 0.8
_PASSAGES_OF_AN_ITEM = 6
_ITEMS_OF_A_BULLETIN = 8
_SENTENCE_NOISE, _PARAGRAPH_NOISE = 0.25, 0.15
_CLAUSES = re.compile(r"[^\uff0c。]+|[\uff0c。]")
_LABELS = "一二三四五"
_ENDS = ",\uff0c、;\uff1b:\uff1a。!\uff01?\uff1f…"


@dataclass(frozen=True, slots=True)
class Block:
    """Part of the collection as numbers: the clauses of each sentence and the sentences of each passage."""

    first: int
    """Position of the first passage."""
    clauses: IntVector
    """Clauses of all sentences in order; each sentence begins with the clause that is its heading."""
    sentence_starts: IntVector
    """(sentences + 1,) offsets in `clauses`."""
    passage_starts: IntVector
    """(passages + 1,) offsets of sentences."""

    def sentences_of(self, passage: int) -> list[IntVector]:
        """Clauses of each sentence of the passage (counted within the block), without the heading."""
        rows = range(int(self.passage_starts[passage]), int(self.passage_starts[passage + 1]))
        return [self.clauses[self.sentence_starts[row] + 1 : self.sentence_starts[row + 1]] for row in rows]


class MadeUp:
    """A collection of `count` passages from the pool."""

    def __init__(self, pool: Pool, count: int) -> None:
        self.pool = pool
        self.count = count
        self.bodies = [clause.strip(_ENDS + " \n") or "其他" for clause in pool.clauses]
        self._lengths = np.asarray([len(body) for body in self.bodies])
        self._places = _places()
        shares = 1.0 / np.arange(1, len(self._places) + 1) ** 0.8
        items = -(-count // _PASSAGES_OF_AN_ITEM)
        chance = np.random.default_rng(1)
        self._place_numbers = chance.choice(len(self._places), items, p=shares / shares.sum())

    def blocks(self) -> Iterator[Block]:
        """All blocks in order."""
        for first in range(0, self.count, BLOCK):
            yield self.block(first)

    def block(self, first: int) -> Block:
        """The block that begins with the passage."""
        chance = np.random.default_rng([2, first])
        passages = min(BLOCK, self.count - first)
        sentences = chance.integers(3, 7, passages)
        lengths = chance.integers(2, 7, int(sentences.sum()))  # the heading is one of them
        topics = chance.integers(0, _TOPICS, passages) * (len(self.bodies) - _STRETCH) // _TOPICS
        total = int(lengths.sum())
        clauses = np.repeat(np.repeat(topics, sentences), lengths) + chance.integers(0, _STRETCH, total)
        stray = chance.random(total) > _ON_TOPIC
        clauses[stray] = chance.integers(0, len(self.bodies), int(stray.sum()))
        starts = np.concatenate([[0], np.cumsum(lengths)])
        passage_starts = np.concatenate([[0], np.cumsum(sentences)])
        headings = clauses[starts[passage_starts[:-1]]]
        clauses[starts[:-1]] = np.repeat(headings, sentences)
        return Block(first, clauses, starts, passage_starts)

    def passages(self) -> Iterator[Passage]:
        """All passages in order."""
        lead = ""
        for block in self.blocks():
            for row in range(len(block.passage_starts) - 1):
                number = block.first + row
                text = "".join(self._sentence(clauses) for clauses in block.sentences_of(row))
                lead = text.split("。")[0] + "。" if number % _PASSAGES_OF_AN_ITEM == 0 else lead
                yield self._passage(number, self._heading(block, row), lead, text)

    @functools.cached_property
    def _terms(self) -> tuple[IntVector, IntVector, tuple[str, ...]]:
        """Numbers of the terms of every clause, then of every place name; the offset of each; all terms."""
        numbers: dict[str, int] = {}
        lists = [terms(text) for text in (*self.bodies, *(place.name for place in self._places))]
        numbered = [numbers.setdefault(term, len(numbers)) for listed in lists for term in listed]
        starts = np.concatenate([[0], np.cumsum([len(listed) for listed in lists])])
        return np.asarray(numbered, np.int64), starts.astype(np.int64), tuple(numbers)

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms, by number."""
        return self._terms[2]

    @functools.cached_property
    def term_hashes(self) -> Hashes:
        """Hashes of the terms, by number."""
        return hash_terms(self.terms)

    def terms_of_clauses(self, clauses: IntVector) -> IntVector:
        """Numbers of the terms of the clauses, one clause after the other."""
        numbers, starts, _ = self._terms
        return numbers[numbers_of(starts[clauses], starts[clauses + 1])]

    def place_numbers(self) -> IntVector:
        """(passages,) the number of the place of each."""
        return np.asarray(np.repeat(self._place_numbers, _PASSAGES_OF_AN_ITEM)[: self.count], np.int64)

    def terms_of(self, block: Block) -> tuple[IntVector, IntVector]:
        """Numbers of the terms of each passage's `keyword_text`, one passage after the other, and the count of each.

        There are no pairs of characters across clauses, because a punctuation mark separates them.
        """
        numbers, starts, _ = self._terms
        count = len(block.passage_starts) - 1
        positions = np.arange(block.first, block.first + count)
        names = len(self.bodies) + self._place_numbers[positions // _PASSAGES_OF_AN_ITEM]
        first_rows = block.passage_starts[:-1]
        leads = np.maximum.accumulate(np.where(positions % _PASSAGES_OF_AN_ITEM == 0, first_rows, 0))
        parts = [
            (owner, part)
            for owner, row, lead, name in zip(range(count), first_rows, leads, names, strict=True)
            for part in (
                [name],
                block.clauses[block.sentence_starts[lead] + 1 : block.sentence_starts[lead + 1]],
                block.clauses[
                    block.sentence_starts[row] : block.sentence_starts[block.passage_starts[owner + 1]]
                ],
            )
        ]
        texts = np.concatenate([part for _, part in parts])
        lengths = starts[texts + 1] - starts[texts]
        owners = np.repeat([owner for owner, _ in parts], [len(part) for _, part in parts])
        counts = np.bincount(owners, lengths, count).astype(np.int64)
        return numbers[numbers_of(starts[texts], starts[texts + 1])], counts

    def vectors(self, block: Block) -> tuple[FloatMatrix, FloatMatrix]:
        """Unit vectors of the paragraphs and of the sentences of a block."""
        chance = np.random.default_rng([3, block.first])
        of_clauses = self.pool.vectors[block.clauses]
        sentences = _moved(_means(of_clauses, block.sentence_starts), _SENTENCE_NOISE, chance)
        return _moved(_means(sentences, block.passage_starts), _PARAGRAPH_NOISE, chance), sentences

    def fold(self, text: str) -> str:
        """As `fold`, each clause folded once: no conversion crosses the marks between them."""
        return "".join(map(_fold_clause, _CLAUSES.findall(text)))

    def spans(self, block: Block) -> IntMatrix:
        """(sentences, 2) the span of each in the text of its passage."""
        lengths = self._lengths[block.clauses] + 1  # the mark behind it
        lengths[block.sentence_starts[:-1]] = 0  # the heading is not in the text
        ends = np.cumsum(np.add.reduceat(lengths, block.sentence_starts[:-1]))
        starts = np.concatenate([[0], ends[:-1]])
        passage_offsets = np.repeat(starts[block.passage_starts[:-1]], np.diff(block.passage_starts))
        return np.stack([starts - passage_offsets, ends - passage_offsets], axis=1).astype(np.int32)

    def place(self, number: int) -> Place:
        """The place of the passage."""
        return self._places[int(self._place_numbers[number // _PASSAGES_OF_AN_ITEM])]

    def _sentence(self, clauses: IntVector) -> str:
        return "\uff0c".join(self.bodies[clause] for clause in clauses.tolist()) + "。"

    def _heading(self, block: Block, row: int) -> int:
        return int(block.clauses[block.sentence_starts[block.passage_starts[row]]])

    def _passage(self, number: int, heading: int, lead: str, text: str) -> Passage:
        bulletin = number // (_PASSAGES_OF_AN_ITEM * _ITEMS_OF_A_BULLETIN) + 1
        within = number % _PASSAGES_OF_AN_ITEM
        return Passage(
            passage_id=f"{number:016x}",
            file=f"簡報{bulletin}.txt",
            line=number,
            collection="工作簡報",
            bulletin=f"篇{bulletin}",
            bulletin_title=f"精神文明建設工作簡報 篇{bulletin}",
            place=self.place(number),
            section_path=(Section(_LABELS[within - 1], self.bodies[heading]),) if within else (),
            lead=lead,
            text=text,
        )


_fold_clause = functools.cache(fold)


def _places() -> tuple[Place, ...]:
    """Every city of China with a unique name, in random order instead of that of the gazetteer."""
    cities = [_place(division) for division in divisions().values() if division.level == "city"]
    different = list({place.name: place for place in cities}.values())
    return tuple(different[row] for row in np.random.default_rng(4).permutation(len(different)))


def _place(division: Division) -> Place:
    province = parents(division)[0]
    outer = province.short if province else ""
    return Place(f"{outer}{division.short}", outer or None, division.short)


def _means(rows: FloatMatrix, starts: IntVector) -> FloatMatrix:
    sums = np.add.reduceat(rows, starts[:-1], axis=0)
    return np.asarray(sums / np.diff(starts)[:, None], np.float32)


def _moved(rows: FloatMatrix, noise: float, chance: np.random.Generator) -> FloatMatrix:
    """The rows moved by noise of that length, normalised again."""
    added: NDArray[np.float32] = chance.standard_normal(rows.shape, np.float32)
    moved = rows + added * np.float32(noise / rows.shape[1] ** 0.5)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)
