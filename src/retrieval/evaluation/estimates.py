"""Means over questions with their 95 % intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2_000
_SEED = 20_18
_PERCENTILES = (2.5, 97.5)


class Interval(StrEnum):
    """The method that gave an interval."""

    WILSON = "wilson"
    """Of a share: Wilson 1927, score interval; it stays wide where all or none of a few questions count.

    Recommended for small samples by Brown, Cai & DasGupta 2001, "Interval Estimation for a Binomial Proportion".
    """
    BOOTSTRAP = "bootstrap"
    """Of a graded measure: percentiles of 2,000 resamples of the questions (Efron & Tibshirani 1993, chapter 13)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions with its 95 % interval."""

    value: float
    low: float
    high: float
    questions: int
    method: Interval = Interval.WILSON


def estimate_mean(values: Sequence[float], *, is_share: bool = True) -> Estimate:
    """The mean of at least one value with its interval, the same for the same values; a share has only 0 and 1."""
    column = np.asarray(values, np.float64)
    return _estimate_share(column) if is_share else _estimate_graded(column)


def _estimate_share(column: NDArray[np.float64]) -> Estimate:
    # Imported here: it takes 0.7 s, and every command reaches this module.
    from scipy.stats import binomtest

    found = binomtest(int(column.sum()), len(column)).proportion_ci(0.95, method="wilson")
    return Estimate(float(column.mean()), float(found.low), float(found.high), len(column))


def _estimate_graded(column: NDArray[np.float64]) -> Estimate:
    rows = np.random.default_rng(_SEED).integers(len(column), size=(_RESAMPLES, len(column)))
    low, high = np.percentile(column[rows].mean(axis=1), _PERCENTILES)
    return Estimate(float(column.mean()), float(low), float(high), len(column), Interval.BOOTSTRAP)
