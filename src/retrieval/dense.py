"""FAISS over unit vectors, several of them a passage where wanted: `rank` as in `sparse`."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np

from retrieval.ranking import Ranking
from retrieval.types import FloatMatrix, FloatVector, IntVector


class DenseIndex:
    """An exact index by inner product; `owners[row]` is the passage to which the vector in that row belongs."""

    def __init__(self, index: faiss.Index, owners: IntVector) -> None:
        self._index = index
        self.owners = owners

    @classmethod
    def build(cls, vectors: FloatMatrix, owners: IntVector) -> DenseIndex:
        """Raises ValueError if there is not one owner a vector."""
        if len(vectors) != len(owners):
            raise ValueError(f"{len(vectors)} vectors for {len(owners)} owners")
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index, owners)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    def rank(self, query: FloatVector, top_k: int) -> Ranking:
        """Rows (not passages) by cosine, best first."""
        scores, rows = self._index.search(query.reshape(1, -1), min(top_k, self.size))
        return Ranking(rows[0].astype(np.int64), scores[0])

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        """(rows, dimension), in the order given; of all rows where none are given."""
        if rows is None:
            return np.asarray(self._index.reconstruct_n(0, self.size), np.float32)
        return np.asarray(self._index.reconstruct_batch(rows), np.float32)

    def save(self, path: Path) -> None:
        path.write_bytes(faiss.serialize_index(self._index).tobytes())
        np.save(path.with_suffix(".owners.npy"), self.owners, allow_pickle=False)

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), np.uint8))
        return cls(index, np.load(path.with_suffix(".owners.npy"), allow_pickle=False))
