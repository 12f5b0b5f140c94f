"""Checks of a new index before it goes into service."""

from __future__ import annotations

import numpy as np

from retrieval.errors import DamagedIndexError
from retrieval.index import Index
from retrieval.index.vectors import VectorIndex, maxsim
from retrieval.storage import row_ranges

_SAMPLE = 32


def verify(index: Index) -> None:
    """Raises DamagedIndexError unless ids are unique and an evenly spread sample of passages finds itself first."""
    repeated_id = index.passages.repeated_id()
    if repeated_id:
        raise _error(index, f"two passages have the id {repeated_id}")
    for position in row_ranges.evenly_spread(len(index.passages), _SAMPLE).tolist():
        if not _finds_itself(index, position):
            raise _error(index, f"the passage {index.passages[position].passage_id} does not find itself")


def _finds_itself(index: Index, position: int) -> bool:
    """Whether its paragraph, its first sentence and the tokens of that sentence are nearest to themselves."""
    row = int(index.sentence_rows(position)[0])
    if not _is_nearest_to_itself(index.paragraphs, position):
        return False
    if index.sentences.is_searchable and not _is_nearest_to_itself(index.sentences, row):
        return False
    tokens = index.tokens.vectors(row)
    score = maxsim(index.tokens.token_maxima(tokens, np.asarray([row])))[0]
    return not len(tokens) or bool(abs(float(score) - 1.0) <= index.tokens.tolerance)


def _is_nearest_to_itself(index: VectorIndex, row: int) -> bool:
    """Whether nothing is nearer to the vector in the row than the vector itself, or an equal one."""
    vector = index.vectors(np.asarray([row]))[0]
    return bool(index.rank(vector, 1).scores[0] <= vector @ vector + index.tolerance)


def _error(index: Index, reason: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"The new generation {index.name} is not put into service: {reason}. "
        "Run `bulletin-bot rebuild --full`; if it says so again, that is a fault of this program."
    )
