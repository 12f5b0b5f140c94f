"""Candidates and their contents in one round trip: the nearest by vectors, by words, and some evenly spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import LiteralString

import numpy as np
from numpy.typing import NDArray
from psycopg.sql import SQL, Composed, Identifier, Literal

from retrieval.index import remote_contents
from retrieval.index.postgres.row_store import RowStore
from retrieval.index.postgres.server import schema
from retrieval.index.postgres.server_keywords import TermNumbers
from retrieval.index.postgres.server_vectors import vector_text
from retrieval.storage import row_ranges
from retrieval.types import IntVector

# How many come by vectors, by words and evenly spread. Of 100,000 passages these give 0.90 of the first ten that come first if
# all are ranked, a folder 0.67; 200, 300 and 300 give 0.897, 200, 600 and 50 0.887, 400, 200 and 50 0.870 and 200, 100 and 50,
# which take half the time, 0.837. The spread ones count for the scale of the features (`benchmarks.scale.two_homes`).
_BY_VECTOR, _BY_WORDS, _SPREAD = 200, 500, 300
_COMPARED_UP_TO = 10_000
"""Up to so many passages that pass are all compared by vector: faster than the vector index within a filter, and exact."""

_BY_EXACT_VECTOR: LiteralString = """
select position from {schema}.passages {where} order by (paragraph <#> %(vector)s::halfvec) + 0 limit %(by_vector)s
"""
_BY_VECTOR_INDEX: LiteralString = """
select position from {schema}.passages {where} order by paragraph <#> %(vector)s::halfvec limit %(by_vector)s
"""
# Rows without any of the words score 0, and come or stay away with the plan: they are dropped.
_BY_BM25: LiteralString = """
select position from (
    select position, terms <@> to_bm25query(%(terms)s, {bm25}) as score from {schema}.passages {where}
    order by score limit %(by_words)s) scored
where score < 0
"""
_BY_RANK: LiteralString = """
select position from {schema}.passages,
    lateral (select replace(plainto_tsquery('simple', %(terms)s)::text, '&', '|')::tsquery as query) asked
{where} {and_} to_tsvector('simple', terms) @@ query
order by ts_rank(to_tsvector('simple', terms), query) desc limit %(by_words)s
"""
# One statement: the positions first, then their contents, joined in groups.
_TOGETHER: LiteralString = """
with v as materialized ({by_vector}), k as materialized ({by_words}),
     c as materialized (select position from v union select position from k union select unnest(%(spread)s::int[]))
{grouped}
"""
_NO_WORDS: LiteralString = "select position from {schema}.passages where false"


@dataclass(frozen=True, slots=True)
class PassageCodes:
    """The values by which filters of whole places and bulletins are recognised."""

    places: NDArray[np.int32]
    bulletins: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Passing:
    """A filter as the server gets it."""

    clause: LiteralString
    codes: list[int]
    count: int


@dataclass(frozen=True, slots=True)
class ServerContents:
    """The `RemoteContents` of a generation, or of some of its passages numbered anew."""

    rows: RowStore
    codes: PassageCodes
    numbers: TermNumbers
    has_bm25: bool
    positions: IntVector | None = None

    def fetch(self, positions: IntVector) -> None:
        self.rows.rows(self._whole(positions))

    def candidates(self, sought: remote_contents.Sought, only: IntVector | None) -> IntVector:
        own = self.positions if only is None else self._whole(only)
        passing = self._passing(own)
        terms = self.numbers.text(sought.words) or self.numbers.text(sought.terms)
        everything = np.arange(len(self.codes.places), dtype=np.int64) if own is None else own
        spread = everything[row_ranges.evenly_spread(len(everything), _SPREAD)]
        batch = self.rows.add(
            self._together(passing, has_words=bool(terms)),
            {
                "vector": vector_text(sought.vector),
                "terms": terms,
                "codes": passing.codes,
                "by_vector": max(_BY_VECTOR, sought.most),
                "by_words": max(_BY_WORDS, sought.most),
                "spread": spread.tolist(),
            },
        )
        return self._numbered(batch.positions)

    def nearest_by_words(self, terms: Sequence[str], most: int, only: IntVector | None) -> IntVector:
        """The positions, of the whole generation, that the server ranks first for the terms."""
        text = self.numbers.text(terms)
        if not text:
            return np.zeros(0, np.int64)
        passing = self._passing(only)
        parameters = {"terms": text, "codes": passing.codes, "by_words": max(_BY_WORDS, 2 * most)}
        found = self.rows.connections.read(self._by_words(passing), parameters)
        return np.asarray([position for (position,) in found], np.int64)

    def taking(self, positions: IntVector) -> ServerContents:
        return replace(self, positions=self._whole(positions))

    def _whole(self, positions: IntVector) -> IntVector:
        return positions if self.positions is None else self.positions[positions]

    def _numbered(self, found: IntVector) -> IntVector:
        return found if self.positions is None else np.searchsorted(self.positions, found).astype(np.int64)

    def _passing(self, only: IntVector | None) -> _Passing:
        """The filter as codes of places or of bulletins where it lets whole ones pass, else as positions."""
        if only is None:
            return _Passing("", [], len(self.codes.places))
        for clause, codes in _filters(self.codes):
            own = np.unique(codes[only])
            if int(np.isin(codes, own).sum()) == len(only):
                return _Passing(clause, own.tolist(), len(only))
        return _Passing("where position = any(%(codes)s::int[])", only.tolist(), len(only))

    def _together(self, passing: _Passing, *, has_words: bool) -> Composed:
        exact = passing.count <= _COMPARED_UP_TO
        return self._composed(
            _TOGETHER,
            passing,
            by_vector=self._composed(_BY_EXACT_VECTOR if exact else _BY_VECTOR_INDEX, passing),
            by_words=self._by_words(passing) if has_words else self._composed(_NO_WORDS, passing),
            grouped=self.rows.grouped(SQL("select position from c")),
        )

    def _by_words(self, passing: _Passing) -> Composed:
        return self._composed(_BY_BM25 if self.has_bm25 else _BY_RANK, passing)

    def _composed(self, statement: LiteralString, passing: _Passing, **parts: Composed) -> Composed:
        name = schema.schema_of(self.rows.generation)
        return SQL(statement).format(
            schema=Identifier(name),
            where=SQL(passing.clause),
            and_=SQL("and" if passing.clause else "where"),
            bm25=Literal(f"{name}.passages_bm25"),
            **parts,
        )


def _filters(codes: PassageCodes) -> list[tuple[LiteralString, NDArray[np.int32]]]:
    return [
        ("where place = any(%(codes)s::int[])", codes.places),
        ("where bulletin = any(%(codes)s::int[])", codes.bulletins),
    ]
