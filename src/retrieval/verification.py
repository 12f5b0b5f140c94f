"""What a new generation must show before it is put into service."""

from __future__ import annotations

import numpy as np

from retrieval.generation import Generation
from retrieval.late import maxsim
from retrieval.types import DamagedIndexError, FloatVector

_SAMPLE = 32
# Cosines of the same vectors differ in the last digits with the order of summation; int8 tokens by less than this.
_VECTOR_TOLERANCE = 1e-4
_TOKEN_TOLERANCE = 0.02


def verify(generation: Generation) -> None:
    """Raises DamagedIndexError unless every id resolves and a sample of passages, evenly spread, finds itself first."""
    twice = generation.passages.repeated_id()
    if twice:
        raise _unfit(generation, f"two passages have the id {twice}")
    count = len(generation.passages)
    for position in np.unique(np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64)):
        if not _finds_itself(generation, int(position)):
            found = generation.passages[int(position)].passage_id
            raise _unfit(generation, f"the passage {found} does not find itself")


def _finds_itself(generation: Generation, position: int) -> bool:
    """By its own paragraph, by its first sentence, and by that sentence's tokens; one of the same vector counts."""
    own = generation.paragraphs.vectors(np.asarray([position]))[0]
    best = generation.paragraphs.rank(own, 1)
    if not _is_first(best.scores, own):
        return False
    row = int(generation.sentence_rows(position)[0])
    sentence = generation.sentences.vectors(np.asarray([row]))[0]
    if not _is_first(generation.sentences.rank(sentence, 1).scores, sentence):
        return False
    tokens = generation.tokens.vectors(row)
    itself = maxsim(generation.tokens.nearest(tokens, np.asarray([row])))[0]
    return not len(tokens) or bool(abs(float(itself) - 1.0) <= _TOKEN_TOLERANCE)


def _is_first(scores: FloatVector, vector: FloatVector) -> bool:
    """Whether nothing is nearer to the vector than the vector itself."""
    return bool(float(scores[0]) <= float(vector @ vector) + _VECTOR_TOLERANCE)


def _unfit(generation: Generation, what: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"The new generation {generation.name} is not put into service: {what}. "
        "Run `bulletin-bot rebuild --full`; if it says so again, that is a fault of this program."
    )
