"""What a new generation must show before it is put into service."""

from __future__ import annotations

import numpy as np

from retrieval.errors import DamagedIndexError
from retrieval.index import Index
from retrieval.index.vectors import FaissIndex, TokenIndex, maxsim
from retrieval.storage import row_ranges

_SAMPLE = 32
# Cosines of the same vectors differ in the last digits with the order of summation; int8 tokens by less than this.
_VECTOR_TOLERANCE = 1e-4
_TOKEN_TOLERANCE = 0.02
# A vector that is kept in a byte a component or in fewer is a little longer or shorter than it was.
_BYTE_TOLERANCE = 0.01
_CODED_TOLERANCE = 0.3


def verify(index: Index) -> None:
    """Raises DamagedIndexError unless every id resolves and a sample of passages, evenly spread, finds itself first."""
    twice = index.passages.repeated_id()
    if twice:
        raise _unfit(index, f"two passages have the id {twice}")
    for position in row_ranges.evenly_spread(len(index.passages), _SAMPLE).tolist():
        if not _finds_itself(index, position):
            found = index.passages[position].passage_id
            raise _unfit(index, f"the passage {found} does not find itself")


def _finds_itself(index: Index, position: int) -> bool:
    """By its own paragraph, by its first sentence, and by that sentence's tokens; one of the same vector counts."""
    row = int(index.sentence_rows(position)[0])
    if not _is_nearest_to_itself(index.paragraphs, position):
        return False
    sentences = index.sentences
    if isinstance(sentences, FaissIndex) and not _is_nearest_to_itself(sentences, row):
        return False
    tokens = index.tokens.vectors(row)
    itself = maxsim(index.tokens.nearest(tokens, np.asarray([row])))[0]
    tolerance = _TOKEN_TOLERANCE if isinstance(index.tokens, TokenIndex) else _CODED_TOLERANCE
    return not len(tokens) or bool(abs(float(itself) - 1.0) <= tolerance)


def _is_nearest_to_itself(index: FaissIndex, row: int) -> bool:
    """Whether nothing is nearer to the vector in the row than the vector itself."""
    vector = index.vectors(np.asarray([row]))[0]
    tolerance = _BYTE_TOLERANCE if index.has_lists else _VECTOR_TOLERANCE
    return bool(index.rank(vector, 1).scores[0] <= vector @ vector + tolerance)


def _unfit(index: Index, what: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"The new generation {index.name} is not put into service: {what}. "
        "Run `bulletin-bot rebuild --full`; if it says so again, that is a fault of this program."
    )
