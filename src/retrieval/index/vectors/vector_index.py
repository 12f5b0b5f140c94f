"""FAISS over unit vectors, several of them a passage where wanted: `rank` as in `sparse`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np

from retrieval.index.vectors.scalar_codes import codes_of
from retrieval.storage import array_files, row_ranges
from retrieval.top_k import Ranking
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask

# FAISS describes the types of its C++ classes, and not what their Python constructors take.
_untyped: Any = faiss

_BLOCK = 1 << 16
# At a million vectors 1,000 lists, of which a search reads the 64 nearest: 6 % of the vectors; within a mask more.
_PROBES, _MOST_PROBES = 64, 128
_SAMPLE_OF_A_LIST = 40
_ROOM = 0.1
"""Of the range of each component, on both sides: for what was not among the vectors that were learnt from."""


class FaissIndex:
    """An index by inner product; `owners[row]` is the passage to which the vector in that row belongs."""

    def __init__(self, index: faiss.Index, owners: IntVector) -> None:
        self._index = index
        self._codes = codes_of(index)
        self.owners = owners

    @classmethod
    def build(cls, vectors: FloatMatrix, owners: IntVector) -> FaissIndex:
        """An exact one, float32. Raises ValueError if there is not one owner a vector."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        return cls(_filled(index, vectors, owners), owners)

    @classmethod
    def build_lists(
        cls, vectors: FloatMatrix, owners: IntVector, like: FaissIndex | None = None
    ) -> FaissIndex:
        """One for many vectors: a byte a component, in lists of neighbours of which a search reads the nearest.

        What another such index has learnt of the vectors is taken from it: vectors that it gave back keep their codes.
        """
        lists = like._lists if like else max(1, math.isqrt(len(vectors)))
        index = _untyped.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.sq.rangestat_arg = _ROOM
        if like:
            _learn_from(index, like)
        else:
            rows = row_ranges.evenly_spread(len(vectors), index.nlist * _SAMPLE_OF_A_LIST)
            index.train(np.ascontiguousarray(vectors[rows], np.float32))
        return cls(_filled(index, vectors, owners), owners)

    @property
    def _lists(self) -> int:
        return int(self._index.nlist) if isinstance(self._index, faiss.IndexIVF) else 0

    @property
    def has_lists(self) -> bool:
        """Whether it was built by `build_lists`."""
        return isinstance(self._index, faiss.IndexIVF)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    def rank(self, query: FloatVector, top_k: int, within: Mask | None = None) -> Ranking:
        """Rows (not passages) by cosine, best first, of those within."""
        scores, rows = self._index.search(
            query.reshape(1, -1), min(top_k, self.size), params=self._parameters(within)
        )
        found = rows[0] >= 0
        return Ranking(rows[0][found].astype(np.int64), scores[0][found])

    def _parameters(self, within: Mask | None) -> faiss.SearchParameters:
        wanted: dict[str, Any] = {"nprobe": self._probes(within)} if self.has_lists else {}
        if within is not None:
            wanted["sel"] = _untyped.IDSelectorBitmap(np.packbits(within, bitorder="little"))
        kind = _untyped.SearchParametersIVF if self.has_lists else _untyped.SearchParameters
        return cast("faiss.SearchParameters", kind(**wanted))

    def _probes(self, within: Mask | None) -> int:
        """As many more as the mask leaves out."""
        passing = 1.0 if within is None else max(float(within.mean()), 1e-6)
        return min(int(_PROBES / passing), _MOST_PROBES, self._lists)

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        """(rows,) the inner product of each of these with the query."""
        if self._codes:
            return self._codes.products(query, rows)
        return np.asarray(self.vectors(rows) @ query, np.float32)

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        """(rows, dimension), in the order given; of all rows where none are given."""
        if rows is None:
            return np.asarray(self._index.reconstruct_n(0, self.size), np.float32)
        return np.asarray(self._index.reconstruct_batch(rows), np.float32)

    def save(self, path: Path) -> None:
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:  # FAISS says in its own words what the disk refused
            raise OSError(*error.args) from error
        array_files.save_arrays(path.parent, {f"{path.stem}.owners": np.asarray(self.owners, np.int32)})

    @classmethod
    def load(cls, path: Path) -> FaissIndex:
        """The lists are mapped: those that no search reads stay on disk."""
        if not path.is_file():
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return cls(
            faiss.read_index(str(path), faiss.IO_FLAG_MMAP),
            array_files.map_array(path.with_suffix(".owners.npy")),
        )


def _filled(index: faiss.Index, vectors: FloatMatrix, owners: IntVector) -> faiss.Index:
    if len(vectors) != len(owners):
        raise ValueError(f"{len(vectors)} vectors for {len(owners)} owners")
    for start in range(0, len(vectors), _BLOCK):
        index.add(np.ascontiguousarray(vectors[start : start + _BLOCK], np.float32))
    if isinstance(index, faiss.IndexIVF):
        index.make_direct_map()
    return index


def _learn_from(index: Any, like: FaissIndex) -> None:
    """The centres of the lists and the range of each component."""
    known: Any = like._index
    index.quantizer.add(known.quantizer.reconstruct_n(0, known.nlist))
    faiss.copy_array_to_vector(faiss.vector_to_array(known.sq.trained), index.sq.trained)
    index.is_trained = True
