"""Checks of a copied generation before the pointer may name it."""

from __future__ import annotations

from typing import LiteralString

from retrieval.errors import DamagedIndexError
from retrieval.index import Index
from retrieval.index.postgres.server import Connection, schema
from retrieval.index.postgres.stored_passages import vectors_of
from retrieval.storage import row_ranges

_SAMPLE = 32
# Half floats keep a component of a unit vector to 2 ** -12.
_TOLERANCE = 2e-3
# The vector index is approximate: a share of the sample that it may miss.
_MOST_LOST = 0.1
_COUNTS: LiteralString = """
select (select count(*) from {schema}.passages), (select count(*) from {schema}.contents),
       (select count(distinct passage_id) from {schema}.contents),
       (select coalesce(sum(octet_length(token_counts) / 2), 0) from {schema}.contents)
"""
_ROWS: LiteralString = """
select position, passage_id, body, original,
       coalesce(exact_sentences, sentences), coalesce(exact_tokens, tokens)
from {schema}.contents where position = any(%s)
"""
_NEAREST: LiteralString = """
with own as (select paragraph from {schema}.passages where position = %(position)s)
select (select -(paragraph <#> (select paragraph from own)) from {schema}.passages
        order by paragraph <#> (select paragraph from own) limit 1),
       (select -(paragraph <#> paragraph) from own)
"""


def check_copy(connection: Connection, index: Index) -> None:
    """Raises DamagedIndexError unless counts and ids agree, and an evenly spread sample is as it was and finds itself."""
    _check_counts(connection, index)
    sample = row_ranges.evenly_spread(len(index.passages), _SAMPLE).tolist()
    _check_rows(connection, index, sample)
    lost = [position for position in sample if not _finds_itself(connection, index, position)]
    if len(lost) > _MOST_LOST * len(sample):
        raise _error(index, f"the passage {index.passages[lost[0]].passage_id} does not find itself")


def _finds_itself(connection: Connection, index: Index, position: int) -> bool:
    """Whether the vector index finds the paragraph, or one as near."""
    statement = schema.in_schema(_NEAREST, index.name)
    ((nearest, own),) = connection.execute(statement, {"position": position}).fetchall()
    return nearest is not None and nearest >= own - _TOLERANCE


def _check_counts(connection: Connection, index: Index) -> None:
    (counts,) = connection.execute(schema.in_schema(_COUNTS, index.name)).fetchall()
    expected = (*(len(index.passages),) * 3, len(index.spans))
    if tuple(map(int, counts)) != expected:
        raise _error(
            index, f"it has {', '.join(map(str, counts))} rows and not {', '.join(map(str, expected))}"
        )


def _check_rows(connection: Connection, index: Index, sample: list[int]) -> None:
    statement = schema.in_schema(_ROWS, index.name)
    rows = {row[0]: row[1:] for row in connection.execute(statement, [sample], binary=True).fetchall()}
    read = vectors_of(index, None)
    for position in sample:
        passage_id, body, original, sentences, tokens = rows[position]
        passage, stored = index.passages[position], read(position)
        text = body if original is None else bytes(original).decode("utf-16-le", "surrogatepass")
        is_same = (passage_id, text) == (passage.passage_id, passage.text)
        if not is_same or (bytes(sentences), bytes(tokens)) != (stored.sentences, stored.tokens):
            raise _error(index, f"the passage {passage.passage_id} is not as it was")


def _error(index: Index, reason: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"The generation {index.name} is not put into service on the server: {reason}. Copy it again; if it says so again, "
        "that is a fault of this program."
    )
