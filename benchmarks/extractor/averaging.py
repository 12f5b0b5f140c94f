"""Averages of weights: over the steps of one run, and over checkpoints of several.

    python -m benchmarks.extractor.averaging OUT.pt CHECKPOINT.pt…

Runs that begin at one checkpoint and see different parts of the pairs can be averaged (Wortsman et al. 2022,
arXiv:2203.05482): each takes one processor, and neither waits for the other.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn


class MovingAverage:
    """The exponential moving average of parameters; in the first steps over a shorter time."""

    def __init__(self, parameters: Sequence[nn.Parameter], decay: float) -> None:
        self._parameters = parameters
        self._decay = decay
        self._steps = 0
        self.averages = [parameter.detach().clone() for parameter in parameters]

    def update(self) -> None:
        self._steps += 1
        weight = 1 - min(self._decay, (1 + self._steps) / (10 + self._steps))
        with torch.no_grad():
            for average, parameter in zip(self.averages, self._parameters, strict=True):
                average.lerp_(parameter.detach(), weight)


def averaged(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each tensor; all states have the same names."""
    return {name: torch.stack([state[name] for state in states]).mean(dim=0) for name in states[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    arguments = parser.parse_args()
    states = [torch.load(checkpoint, weights_only=True) for checkpoint in arguments.checkpoints]
    torch.save(averaged(states), arguments.out)


if __name__ == "__main__":
    main()
