"""What a new generation must show before it is put into service."""

from __future__ import annotations

import numpy as np

from retrieval.errors import DamagedIndexError
from retrieval.index.index import Generation
from retrieval.index.vectors.maxsim import maxsim
from retrieval.index.vectors.token_index import TokenIndex
from retrieval.index.vectors.vector_index import DenseIndex
from retrieval.storage.rows import evenly_spread

_SAMPLE = 32
# Cosines of the same vectors differ in the last digits with the order of summation; int8 tokens by less than this.
_VECTOR_TOLERANCE = 1e-4
_TOKEN_TOLERANCE = 0.02
# A vector that is kept in a byte a component or in fewer is a little longer or shorter than it was.
_BYTE_TOLERANCE = 0.01
_CODED_TOLERANCE = 0.3


def verify(generation: Generation) -> None:
    """Raises DamagedIndexError unless every id resolves and a sample of passages, evenly spread, finds itself first."""
    twice = generation.passages.repeated_id()
    if twice:
        raise _unfit(generation, f"two passages have the id {twice}")
    for position in evenly_spread(len(generation.passages), _SAMPLE).tolist():
        if not _finds_itself(generation, position):
            found = generation.passages[position].passage_id
            raise _unfit(generation, f"the passage {found} does not find itself")


def _finds_itself(generation: Generation, position: int) -> bool:
    """By its own paragraph, by its first sentence, and by that sentence's tokens; one of the same vector counts."""
    row = int(generation.sentence_rows(position)[0])
    if not _is_nearest_to_itself(generation.paragraphs, position):
        return False
    sentences = generation.sentences
    if isinstance(sentences, DenseIndex) and not _is_nearest_to_itself(sentences, row):
        return False
    tokens = generation.tokens.vectors(row)
    itself = maxsim(generation.tokens.nearest(tokens, np.asarray([row])))[0]
    tolerance = _TOKEN_TOLERANCE if isinstance(generation.tokens, TokenIndex) else _CODED_TOLERANCE
    return not len(tokens) or bool(abs(float(itself) - 1.0) <= tolerance)


def _is_nearest_to_itself(index: DenseIndex, row: int) -> bool:
    """Whether nothing is nearer to the vector in the row than the vector itself."""
    vector = index.vectors(np.asarray([row]))[0]
    tolerance = _BYTE_TOLERANCE if index.has_lists else _VECTOR_TOLERANCE
    return bool(index.rank(vector, 1).scores[0] <= vector @ vector + tolerance)


def _unfit(generation: Generation, what: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"The new generation {generation.name} is not put into service: {what}. "
        "Run `bulletin-bot rebuild --full`; if it says so again, that is a fault of this program."
    )
