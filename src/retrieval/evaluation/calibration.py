"""Calibration of confidences: Brier score and reliability curve."""

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
    """The agreement of confidences with outcomes."""

    brier: float
    """The mean squared difference of confidence and outcome (Brier 1950): 0 is perfect, 0.25 that of always 0.5."""
    curve: tuple[Bin, ...]
    """Ten bins of equal width, in order, empty ones left out (Niculescu-Mizil & Caruana 2005)."""


def calibrate(confidences: Sequence[float], outcomes: Sequence[bool]) -> Calibration:
    """The calibration of confidences, 0 to 1, against outcomes; without any, a Brier score of 0."""
    confident, right = np.asarray(confidences, np.float64), np.asarray(outcomes, np.float64)
    if not len(confident):
        return Calibration(0.0, ())
    bins = np.minimum((confident * _BINS).astype(int), _BINS - 1)
    curve = tuple(
        Bin(
            low=number / _BINS,
            high=(number + 1) / _BINS,
            cases=int((bins == number).sum()),
            confidence=float(confident[bins == number].mean()),
            right=float(right[bins == number].mean()),
        )
        for number in range(_BINS)
        if (bins == number).any()
    )
    return Calibration(float(np.mean((confident - right) ** 2)), curve)
