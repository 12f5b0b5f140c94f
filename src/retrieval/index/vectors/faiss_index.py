"""Exact inner products over unit vectors, several of them a passage where needed, by FAISS."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self, cast

import faiss
import numpy as np

from retrieval.storage import array_files
from retrieval.top_k import Ranking
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask

# FAISS describes the types of its C++ classes, and not what their Python constructors take.
_untyped: Any = faiss

_BLOCK = 1 << 16
_SUFFIX = ".faiss"


class FaissIndex:
    """A FAISS index by inner product; `owners[row]` is the passage to which the vector in that row belongs."""

    is_searchable = True
    # Cosines of the same vectors differ in the last digits with the order of summation.
    tolerance = 1e-4
    _read_flags = faiss.IO_FLAG_MMAP

    def __init__(self, index: faiss.Index, owners: IntVector) -> None:
        self._index = index
        self.owners = owners

    @classmethod
    def build(cls, vectors: FloatMatrix, owners: IntVector) -> Self:
        """All vectors in float32. Raises ValueError if the owners are not as many as the vectors."""
        return cls._filled(faiss.IndexFlatIP(vectors.shape[1]), vectors, owners)

    @classmethod
    def _filled(cls, index: faiss.Index, vectors: FloatMatrix, owners: IntVector) -> Self:
        """The index with all vectors added, a block at a time."""
        if len(vectors) != len(owners):
            raise ValueError(f"{len(vectors)} vectors for {len(owners)} owners")
        for start in range(0, len(vectors), _BLOCK):
            index.add(np.ascontiguousarray(vectors[start : start + _BLOCK], np.float32))
        return cls(index, owners)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    def rank(self, query: FloatVector, top_k: int, within: Mask | None = None) -> Ranking:
        most = min(top_k, self.size)
        scores, rows = self._index.search(
            query.reshape(1, -1), most, params=self._search_parameters(most, within)
        )
        is_filled = rows[0] >= 0
        return Ranking(rows[0][is_filled].astype(np.int64), scores[0][is_filled])

    def _search_parameters(self, _top_k: int, within: Mask | None) -> faiss.SearchParameters:
        return cast("faiss.SearchParameters", _untyped.SearchParameters(**self._selector(within)))

    @staticmethod
    def _selector(within: Mask | None) -> dict[str, Any]:
        """The search parameter that limits a search to the rows within the mask."""
        if within is None:
            return {}
        return {"sel": _untyped.IDSelectorBitmap(np.packbits(within, bitorder="little"))}

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        return np.asarray(self.vectors(rows) @ query, np.float32)

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        if rows is None:
            return np.asarray(self._index.reconstruct_n(0, self.size), np.float32)
        return np.asarray(self._index.reconstruct_batch(rows), np.float32)

    def save(self, path: Path) -> None:
        """Write `PATH.faiss` and `PATH.owners.npy`; raises OSError if the disk refuses them."""
        try:
            faiss.write_index(self._index, str(path.with_suffix(_SUFFIX)))
        except RuntimeError as error:  # FAISS wraps the error of the disk in its own words
            raise OSError(*error.args) from error
        array_files.save_arrays(path.parent, {f"{path.stem}.owners": np.asarray(self.owners, np.int32)})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Memory-mapped where FAISS can: vectors that no search reads stay on disk."""
        file = path.with_suffix(_SUFFIX)
        if not file.is_file():
            raise FileNotFoundError(2, "No such file or directory", str(file))
        return cls(
            faiss.read_index(str(file), cls._read_flags),
            array_files.map_array(path.with_suffix(".owners.npy")),
        )
