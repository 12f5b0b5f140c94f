"""The loss of the extractor: the tokens of the answer, whether there is one, and answered windows above the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

_WHETHER, _ORDER = 0.5, 0.5
"""The weights of the second and third part beside the first; 0.3 and 0.3 in the first round of the kept figures."""
_MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids, and the tokens of the answer, (0, 0) for none."""

    ids: Sequence[int]
    start: int
    end: int
    body: tuple[int, int]
    """The first and the last token of the window behind its path."""


def extraction_loss(logits: Tensor, batch: Sequence[Encoded]) -> Tensor:
    """The mean of the batch, from (texts, tokens, 2) logits.

    The score of a window is its best start plus its best end, each less that of none. A cross-entropy over the tokens
    alone leaves the scores of different windows unrelated, and refusing compares just these.
    """
    starts = torch.tensor([example.start for example in batch])
    ends = torch.tensor([example.end for example in batch])
    of_starts = functional.cross_entropy(logits[..., 0], starts)
    of_ends = functional.cross_entropy(logits[..., 1], ends)
    scores, answered = window_scores(logits, batch), starts > 0
    whether = functional.binary_cross_entropy_with_logits(scores / 2, answered.float())
    return (of_starts + of_ends) / 2 + _WHETHER * whether + _ORDER * _order(scores, answered)


def window_scores(logits: Tensor, batch: Sequence[Encoded]) -> Tensor:
    """(texts,) the score of each window."""
    position = torch.arange(logits.shape[1])[None]
    first = torch.tensor([example.body[0] for example in batch])[:, None]
    last = torch.tensor([example.body[1] for example in batch])[:, None]
    is_outside = ((position < first) | (position > last))[..., None]
    best: Tensor = logits.masked_fill(is_outside, -1e4).amax(dim=1)
    return (best - logits[:, 0]).sum(dim=-1)


def _order(scores: Tensor, answered: Tensor) -> Tensor:
    """How far the windows with an answer are from scoring above those without, over all pairs of the batch."""
    above, below = scores[answered], scores[~answered]
    if not len(above) or not len(below):
        return scores.sum() * 0.0
    return functional.softplus(_MARGIN - (above[:, None] - below[None]) / 2).mean()
