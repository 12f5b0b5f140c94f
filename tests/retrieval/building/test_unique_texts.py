from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np

from retrieval.building.unique_texts import UniqueTexts, is_first, key_vector, rows_of
from retrieval.index.context_text import paragraph_text, sentence_texts
from retrieval.types import Passage, Reading


def key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def test_every_text_has_its_key_its_length_its_passage_and_its_place_in_the_order_of_the_passages(
    seed_reading: Reading,
) -> None:
    passages = seed_reading.passages
    table = UniqueTexts.from_passages(passages)
    sentences = [text for passage in passages for text in sentence_texts(passage)]
    paragraphs = [paragraph_text(passage) for passage in passages]
    assert [row.tobytes() for row in table.keys.paragraphs] == [key(text) for text in paragraphs]
    assert [row.tobytes() for row in table.keys.sentences] == [key(text) for text in sentences]
    assert table.paragraph_lengths.tolist() == [len(text) for text in paragraphs]
    assert table.sentence_lengths.tolist() == [len(text) for text in sentences]
    owners = [number for number, passage in enumerate(passages) for _ in sentence_texts(passage)]
    assert table.owners.tolist() == owners
    for (start, end), text in zip(table.spans.tolist(), sentences, strict=True):
        assert end - start == len(text.split("\n", 1)[1])


def test_a_passage_without_a_sentence_keeps_its_place(small_passages: tuple[Passage, ...]) -> None:
    table = UniqueTexts.from_passages(small_passages)
    assert set(pairwise(table.owners.tolist())) >= {(0, 0), (0, 1)}
    assert UniqueTexts.from_passages(()).spans.shape == (0, 2)


def test_keys_are_found_by_all_their_bytes_also_where_some_are_zero() -> None:
    keys = np.random.default_rng(0).integers(0, 3, (500, 16)).astype(np.uint8)  # many zeros, also at the end
    keys = np.unique(keys, axis=0)
    table, others = key_vector(keys[::2]), key_vector(keys[1::2])
    assert rows_of(table[::-1], table).tolist() == list(range(len(table)))[::-1]
    assert (rows_of(others, table) == -1).all()
    assert (rows_of(table, table[:0]) == -1).all()


def test_each_key_is_first_once() -> None:
    keys = key_vector(
        np.frombuffer(b"".join(bytes([letter]) * 16 for letter in b"abacb"), np.uint8).reshape(-1, 16)
    )
    assert is_first(keys).tolist() == [True, True, False, True, False]
