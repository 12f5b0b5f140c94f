"""Decides from the measures of a sentence whether its quotes say it: boosted trees, fitted on labelled sentences.

`python -m benchmarks.quality.fit_wording_check` fits and writes them.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import cast

FILE = "decision_trees.json"


@dataclass(frozen=True, slots=True)
class Node:
    """A leaf with its value, or a question: the measure at most the limit goes to `low`, above it to `high`."""

    value: float
    measure: int = -1
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """Gradient boosted trees over named measures (Friedman 2001)."""

    measures: tuple[str, ...]
    bias: float
    least: float
    """The probability from which a sentence holds."""
    trees: tuple[tuple[Node, ...], ...]

    def probability(self, measured: Mapping[str, float]) -> float:
        """The probability, from 0 to 1, that the quotes say the sentence, among those that it was fitted on."""
        values = [measured[name] for name in self.measures]
        score = self.bias + sum(_leaf(tree, values) for tree in self.trees)
        return 1 / (1 + math.exp(-score))


def _leaf(tree: tuple[Node, ...], values: list[float]) -> float:
    node = tree[0]
    while node.measure >= 0:
        node = tree[node.low if values[node.measure] <= node.value else node.high]
    return node.value


@functools.lru_cache(maxsize=1)
def load_decision() -> Decision:
    """The committed trees."""
    text = resources.files("retrieval.answering.wording_check").joinpath(FILE).read_text(encoding="utf-8")
    stored = cast("dict[str, object]", json.loads(text))
    trees = cast("list[list[tuple[float, int, int, int]]]", stored["trees"])
    return Decision(
        measures=tuple(cast("list[str]", stored["measures"])),
        bias=cast("float", stored["bias"]),
        least=cast("float", stored["least"]),
        trees=tuple(tuple(Node(*node) for node in tree) for tree in trees),
    )
