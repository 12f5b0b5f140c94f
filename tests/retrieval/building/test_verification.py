from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.building.builder import build_generation
from retrieval.building.verification import verify
from retrieval.errors import DamagedIndexError
from retrieval.index.index import Index, Parts
from retrieval.index.vectors.faiss_index import FaissIndex
from retrieval.index.vectors.int8_tokens import Int8Tokens
from tests.doubles import DIMENSION, SMALL_PASSAGES, HashEncoder, loaded, make_passage


def parts() -> Parts:
    return build_generation(SMALL_PASSAGES, HashEncoder())


def index(changed: Parts) -> Index:
    return loaded(changed, HashEncoder())


def test_a_generation_as_it_was_built_is_fit(small_index: Index) -> None:
    verify(small_index)


def test_passages_with_the_same_text_are_fit() -> None:
    twins = tuple(make_passage(f"{number:016x}", "一樣的一段。") for number in range(40))
    verify(index(build_generation(twins, HashEncoder())))


def test_two_passages_of_one_id_are_not() -> None:
    twice = (SMALL_PASSAGES[0], replace(SMALL_PASSAGES[1], passage_id=SMALL_PASSAGES[0].passage_id))
    with pytest.raises(DamagedIndexError, match=r"two passages have the id 00000000000000a1"):
        verify(index(build_generation(twice, HashEncoder())))


def test_a_vector_that_outshines_every_other_is_found_out() -> None:
    built = parts()
    vectors = built.paragraphs.vectors()
    vectors[3] *= 100
    broken = replace(built, paragraphs=FaissIndex.build(vectors, built.paragraphs.owners))
    with pytest.raises(DamagedIndexError, match="does not find itself"):
        verify(index(broken))


def test_token_vectors_that_are_no_unit_vectors_are_found_out() -> None:
    built = parts()
    nothing = [np.full((3, DIMENSION), 0.5, np.float32)] * built.tokens.size
    broken = replace(built, tokens=Int8Tokens.build(nothing, DIMENSION))
    with pytest.raises(DamagedIndexError, match="does not find itself"):
        verify(index(broken))
