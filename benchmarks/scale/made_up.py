"""A collection made up in any size around paragraphs that answer questions, from sentences of the same articles.

The first passages are those paragraphs, as they are. The others are 3 to 6 sentences under the title of an article, drawn
from all sentences that hold no answer: most of them from one of 2,000 topics, a stretch of neighbouring articles. Vectors of
their sentences are those of the pool, moved a little, so that no two are equal; that of a paragraph is as far from the mean
of all paragraphs as real ones are, in the direction in which its sentences lie from theirs. Everything is drawn by the
number of the passage's block, so that any block can be made again without the others.
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
from retrieval.storage.row_ranges import numbers_of, unit_rows
from retrieval.types import FloatMatrix, IntMatrix, IntVector, Passage, Place, Section

BLOCK = 16_384
_TOPICS = 2000
_STRETCH = 40
_ON_TOPIC = 0.8
_MOST_QUESTIONS = 0.5
"""Share of a small collection that consists of paragraphs with questions."""
_PASSAGES_OF_AN_ITEM = 6
_ITEMS_OF_A_BULLETIN = 8
_NOISE = 0.05
_PIECES = re.compile(r"[^\uff0c。]+|[\uff0c。]")
_LABELS = "一二三四五六"


@dataclass(frozen=True, slots=True)
class Block:
    """Part of the collection as numbers of the pool."""

    first: int
    """Position of the first passage."""
    sentences: IntVector
    """The sentence of the pool of each sentence."""
    passage_starts: IntVector
    """(passages + 1,) offsets in `sentences`."""
    titles: IntVector
    """(passages,) the paragraph of the pool whose title is the heading of each."""

    @property
    def size(self) -> int:
        """The number of passages."""
        return len(self.titles)


class MadeUp:
    """A collection of `count` passages from the pool; the first `asked` are the pool's own paragraphs."""

    def __init__(self, pool: Pool, count: int) -> None:
        self.pool = pool
        self.count = count
        self.asked = min(len(pool.paragraphs), int(count * _MOST_QUESTIONS))
        self._lengths = np.asarray([len(sentence) for sentence in pool.sentences])
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
        """The block that begins with the passage, a multiple of `BLOCK`."""
        own = np.arange(first, min(self.asked, first + BLOCK))
        others = self._others(first + len(own), min(BLOCK, self.count - first) - len(own))
        if not len(own):
            return others
        starts = self.pool.paragraph_starts
        sentences = numbers_of(starts[own], starts[own + 1])
        return Block(
            first,
            np.concatenate([sentences, others.sentences]),
            np.concatenate([starts[own] - starts[first], others.passage_starts + len(sentences)]),
            np.concatenate([own, others.titles]),
        )

    def _others(self, first: int, count: int) -> Block:
        """So many passages of drawn sentences."""
        chance = np.random.default_rng([2, first])
        drawn_from = self.pool.others
        lengths = chance.integers(3, 7, count)
        topics = chance.integers(0, _TOPICS, count) * (len(drawn_from) - _STRETCH) // _TOPICS
        total = int(lengths.sum())
        drawn = np.repeat(topics, lengths) + chance.integers(0, _STRETCH, total)
        stray = chance.random(total) > _ON_TOPIC
        drawn[stray] = chance.integers(0, len(drawn_from), int(stray.sum()))
        titles = self.pool.paragraph_of(drawn_from[topics + chance.integers(0, _STRETCH, count)])
        return Block(first, drawn_from[drawn], np.concatenate([[0], np.cumsum(lengths)]), titles)

    def passages(self) -> Iterator[Passage]:
        """All passages in order."""
        lead = ""
        for block in self.blocks():
            for row in range(block.size):
                number = block.first + row
                sentences = block.sentences[block.passage_starts[row] : block.passage_starts[row + 1]]
                texts = [f"{self.pool.sentences[sentence]}。" for sentence in sentences.tolist()]
                lead = texts[0] if number % _PASSAGES_OF_AN_ITEM == 0 else lead
                yield self._passage(number, int(block.titles[row]), lead, "".join(texts))

    @functools.cached_property
    def _terms(self) -> tuple[IntVector, IntVector, tuple[str, ...]]:
        """Numbers of the terms of every sentence, title and place name; the offset of each text; all terms."""
        numbers: dict[str, int] = {}
        titles = (paragraph.title for paragraph in self.pool.paragraphs)
        names = (place.name for place in self._places)
        lists = [terms(text) for text in (*self.pool.sentences, *titles, *names)]
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

    def terms_of_sentences(self, sentences: IntVector) -> IntVector:
        """Numbers of the terms of sentences of the pool, one sentence after the other."""
        numbers, starts, _ = self._terms
        return numbers[numbers_of(starts[sentences], starts[sentences + 1])]

    def place_numbers(self) -> IntVector:
        """(passages,) the number of the place of each."""
        return np.asarray(np.repeat(self._place_numbers, _PASSAGES_OF_AN_ITEM)[: self.count], np.int64)

    def terms_of(self, block: Block) -> tuple[IntVector, IntVector]:
        """Numbers of the terms of each passage's `keyword_text`, one passage after the other, and the count of each.

        There are no pairs of characters across texts, because a punctuation mark separates them.
        """
        numbers, starts, _ = self._terms
        positions = np.arange(block.first, block.first + block.size)
        titles = len(self.pool.sentences) + block.titles
        names = len(self.pool.sentences) + len(self.pool.paragraphs)
        places = names + self._place_numbers[positions // _PASSAGES_OF_AN_ITEM]
        first_rows = block.passage_starts[:-1]
        leads = block.sentences[
            np.maximum.accumulate(np.where(positions % _PASSAGES_OF_AN_ITEM == 0, first_rows, 0))
        ]
        counts = np.diff(block.passage_starts)
        rows = np.repeat(np.arange(block.size), counts + 3)
        texts = np.empty(len(rows), np.int64)
        at = block.passage_starts[:-1] + 3 * np.arange(block.size)
        texts[at], texts[at + 1], texts[at + 2] = places, titles, leads
        texts[numbers_of(at + 3, at + 3 + counts)] = block.sentences
        lengths = starts[texts + 1] - starts[texts]
        of_passages = np.bincount(rows, lengths, block.size).astype(np.int64)
        return numbers[numbers_of(starts[texts], starts[texts + 1])], of_passages

    def vectors(self, block: Block) -> tuple[FloatMatrix, FloatMatrix]:
        """Unit vectors of the paragraphs and of the sentences of a block."""
        chance = np.random.default_rng([3, block.first])
        own = max(0, min(self.asked - block.first, block.size))
        own_sentences = int(block.passage_starts[own])
        sentences = self.pool.vectors[block.sentences]
        paragraphs = self._paragraphs(sentences, block.passage_starts)
        paragraphs[:own] = self.pool.paragraph_vectors[block.first : block.first + own]
        sentences[own_sentences:] = moved(sentences[own_sentences:], _NOISE, chance)
        paragraphs[own:] = moved(paragraphs[own:], _NOISE, chance)
        return paragraphs, sentences

    def _paragraphs(self, sentences: FloatMatrix, starts: IntVector) -> FloatMatrix:
        """The vector of each passage by its sentences."""
        mean_sentence, mean, distance = self._spread
        away = unit_rows(np.add.reduceat(sentences - mean_sentence, starts[:-1], axis=0))
        return unit_rows(mean + distance * away)

    @functools.cached_property
    def _spread(self) -> tuple[FloatMatrix, FloatMatrix, np.float32]:
        """The mean of the pool's sentences, that of its paragraphs, and how far these are from it."""
        mean = self.pool.paragraph_vectors.mean(axis=0)
        distance = np.linalg.norm(self.pool.paragraph_vectors - mean, axis=1).mean()
        return self.pool.vectors.mean(axis=0), mean, np.float32(distance)

    def fold(self, text: str) -> str:
        """As `fold`, each piece folded once: no conversion crosses the marks between them."""
        return "".join(map(_fold_piece, _PIECES.findall(text)))

    def spans(self, block: Block) -> IntMatrix:
        """(sentences, 2) the span of each in the text of its passage."""
        ends = np.cumsum(self._lengths[block.sentences] + 1)  # the mark behind it
        starts = np.concatenate([[0], ends[:-1]])
        passage_offsets = np.repeat(starts[block.passage_starts[:-1]], np.diff(block.passage_starts))
        return np.stack([starts - passage_offsets, ends - passage_offsets], axis=1).astype(np.int32)

    def place(self, number: int) -> Place:
        """The place of the passage."""
        return self._places[int(self._place_numbers[number // _PASSAGES_OF_AN_ITEM])]

    def _passage(self, number: int, title: int, lead: str, text: str) -> Passage:
        bulletin = number // (_PASSAGES_OF_AN_ITEM * _ITEMS_OF_A_BULLETIN) + 1
        within = number % _PASSAGES_OF_AN_ITEM
        return Passage(
            passage_id=f"{number:016x}",
            file=f"簡報{bulletin}.txt",
            line=number,
            collection=None,
            bulletin=f"篇{bulletin}",
            bulletin_title=f"精神文明建設工作簡報 篇{bulletin}",
            place=self.place(number),
            section_path=(Section(_LABELS[within], self.pool.paragraphs[title].title),),
            lead=lead,
            text=text,
        )


_fold_piece = functools.cache(fold)


def _places() -> tuple[Place, ...]:
    """Every city of China with a unique name, in random order instead of that of the gazetteer."""
    cities = [_place(division) for division in divisions().values() if division.level == "city"]
    different = list({place.name: place for place in cities}.values())
    return tuple(different[row] for row in np.random.default_rng(4).permutation(len(different)))


def _place(division: Division) -> Place:
    province = parents(division)[0]
    outer = province.short if province else ""
    return Place(f"{outer}{division.short}", outer or None, division.short)


def moved(rows: FloatMatrix, noise: float, chance: np.random.Generator) -> FloatMatrix:
    """The rows moved by noise of that length, normalised again."""
    added: NDArray[np.float32] = chance.standard_normal(rows.shape, np.float32)
    return unit_rows(rows + added * np.float32(noise / rows.shape[1] ** 0.5))
