from __future__ import annotations

import numpy as np
import pytest

from retrieval.index.quantized.ivf_index import IVFIndex
from retrieval.types import FloatMatrix
from tests.retrieval.index.vectors.test_faiss_index import unit_rows

COUNT = 3000


@pytest.fixture(scope="module")
def vectors() -> FloatMatrix:
    return unit_rows(COUNT, seed=2)


@pytest.fixture(scope="module")
def index(vectors: FloatMatrix, tmp_path_factory: pytest.TempPathFactory) -> IVFIndex:
    path = tmp_path_factory.mktemp("lists") / "paragraphs.faiss"
    IVFIndex.build(vectors, np.arange(COUNT)).save(path)
    return IVFIndex.load(path)


@pytest.mark.parametrize("count", [0, 1, 1024, 2500])
def test_the_products_are_those_of_the_decoded_vectors(index: IVFIndex, count: int) -> None:
    rows = np.random.default_rng(3).permutation(COUNT)[:count]
    query = unit_rows(1, seed=4)[0]
    np.testing.assert_allclose(index.products(query, rows), index.vectors(rows) @ query, atol=1e-5)


def test_within_a_mask_the_ranking_is_that_of_all_that_pass(index: IVFIndex, vectors: FloatMatrix) -> None:
    within = np.arange(COUNT) % 3 == 0
    query = unit_rows(1, seed=5)[0]
    ranking = index.rank(query, 10, within)
    assert np.all(within[ranking.positions])
    np.testing.assert_allclose(ranking.scores, vectors[ranking.positions] @ query, atol=0.02)
    best = np.sort(vectors[within] @ query)[::-1][:10]
    np.testing.assert_allclose(ranking.scores, best, atol=0.02)
