"""The nearness of each sentence to a question, on a scale between the passages ranked for it."""

from __future__ import annotations

import numpy as np

from retrieval.index import Index
from retrieval.questions import Query
from retrieval.ranking.features import salience, salient_maxsim
from retrieval.types import FloatVector, IntVector


def sentence_nearness(index: Index, query: Query, positions: IntVector) -> dict[int, FloatVector]:
    """By position, the nearness of each sentence: 1 for the nearest of all, 0 for that of the median passage.

    MaxSim with each token of the question weighted by how well it tells the passages apart, so that the frame of the
    question (which cities, have) counts little. Takes about as long as the MaxSim of a ranking.
    """
    rows, starts = index.sentence_rows_of(positions)
    maxima = index.tokens.token_maxima(query.tokens, rows)
    of_passages = np.maximum(np.maximum.reduceat(maxima, starts, axis=0), 0.0)
    scores = salient_maxsim(np.maximum(maxima, 0.0), salience(of_passages))
    median = float(np.median(np.maximum.reduceat(scores, starts)))
    scale = max(float(scores.max()) - median, 1e-6)
    parts = np.split((scores - np.float32(median)) / np.float32(scale), starts[1:])
    return dict(zip(positions.tolist(), parts, strict=True))
