from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.index.quantized.ivf_index import IVFIndex
from retrieval.types import FloatMatrix
from tests.retrieval.index.quantized.test_quantized_vectors import clustered


@pytest.fixture(scope="module")
def vectors() -> FloatMatrix:
    return clustered(6000, seed=1)


@pytest.fixture(scope="module")
def lists(vectors: FloatMatrix) -> IVFIndex:
    return IVFIndex.build(vectors, np.arange(len(vectors), dtype=np.int64))


def recall(index: IVFIndex, vectors: FloatMatrix, within: np.ndarray | None = None) -> float:
    queries = clustered(50, seed=2)
    scores = queries @ vectors.T
    if within is not None:
        scores[:, ~within] = -1
    exact = np.argsort(-scores, axis=1)[:, :10]
    found = [index.rank(query, 10, within).positions for query in queries]
    return float(
        np.mean([len(set(one) & set(other)) / 10 for one, other in zip(found, exact.tolist(), strict=True)])
    )


def test_lists_find_nearly_all_of_the_nearest(lists: IVFIndex, vectors: FloatMatrix) -> None:
    assert recall(lists, vectors) >= 0.97


def test_lists_find_the_nearest_within_a_mask_and_nothing_else(lists: IVFIndex, vectors: FloatMatrix) -> None:
    within = np.arange(len(vectors)) % 9 == 4
    assert recall(lists, vectors, within) >= 0.95
    assert within[lists.rank(vectors[0], 50, within).positions].all()


def test_a_vector_in_lists_keeps_its_code_however_often_it_is_given_back(
    lists: IVFIndex, vectors: FloatMatrix
) -> None:
    first = lists.vectors()
    assert (first * vectors).sum(axis=1).min() > 0.95
    again = lists
    for _ in range(4):
        again = IVFIndex.build(again.vectors(), lists.owners, like=again)
    same = (again.vectors() == first).all(axis=1)
    assert same.mean() > 0.99
    assert (again.vectors() * vectors).sum(axis=1).min() > 0.95


def test_lists_rank_as_before_when_loaded(lists: IVFIndex, vectors: FloatMatrix, tmp_path: Path) -> None:
    lists.save(tmp_path / "paragraphs.faiss")
    loaded = IVFIndex.load(tmp_path / "paragraphs.faiss")
    rows = np.asarray([5, 3, 5999])
    assert loaded.rank(vectors[3], 20).positions.tolist() == lists.rank(vectors[3], 20).positions.tolist()
    assert np.array_equal(loaded.vectors(rows), lists.vectors(rows))
