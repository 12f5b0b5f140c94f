"""Bounds of measured figures, recorded beside them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.rebuilds import record


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure with the bound that it must not exceed, or must not fall short of."""

    what: str
    figure: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def is_met(self) -> bool:
        high = self.at_most is None or self.figure <= self.at_most
        return high and (self.at_least is None or self.figure >= self.at_least)

    def __str__(self) -> str:
        sign, bound = ("<=", self.at_most) if self.at_least is None else (">=", self.at_least)
        return f"{self.what}: {self.figure:g} {sign} {bound:g}"


def judge(name: str, figures: dict[str, object], bounds: Sequence[Bound]) -> int:
    """Record the figures with their bounds; return exit status 1 if a bound is missed."""
    met, missed = ([str(bound) for bound in bounds if bound.is_met is is_met] for is_met in (True, False))
    load = {"load at the end": round(os.getloadavg()[0], 1)}
    record(name, {**figures, "bounds kept": met, "bounds missed": missed, **load})
    return 1 if missed else 0
