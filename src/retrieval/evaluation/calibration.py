"""Whether a confidence of 0.8 is right in 8 of 10 cases: Brier score and reliability curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases of similar confidence."""

    low: float
    high: float
    cases: int
    confidence: float
    """Their mean confidence."""
    right: float
    """The share of them that was right."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidences can be taken at their word."""

    brier: float
    """The mean squared difference of confidence and outcome (Brier 1950): 0 is perfect, 0.25 a coin's."""
    curve: tuple[Bin, ...]
    """Ten bins of equal width, in order, empty ones left out (Niculescu-Mizil & Caruana 2005)."""


def calibrate(confidences: Sequence[float], outcomes: Sequence[bool]) -> Calibration:
    """The calibration of confidences, 0 to 1, against what came out; of no cases a Brier score of 0."""
    sure, right = np.asarray(confidences, np.float64), np.asarray(outcomes, np.float64)
    if not len(sure):
        return Calibration(0.0, ())
    spots = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    curve = tuple(
        Bin(
            low=spot / _BINS,
            high=(spot + 1) / _BINS,
            cases=int((spots == spot).sum()),
            confidence=float(sure[spots == spot].mean()),
            right=float(right[spots == spot].mean()),
        )
        for spot in range(_BINS)
        if (spots == spot).any()
    )
    return Calibration(float(np.mean((sure - right) ** 2)), curve)
