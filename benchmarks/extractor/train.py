"""Train the extractor: a model that reads a question and a window of text and says which span answers, or that none does.

    python -m benchmarks.quality.training_pairs data/training/written pairs.jsonl
    python -m benchmarks.extractor.train --out public.pt --public cmrc2018_dev.json cmrc2018_trial.json DRCD_test.json
    python -m benchmarks.extractor.train --out extractor.pt --resume public.pt --rate 2.2e-4 --seed 3 \\
        --pairs pairs.jsonl --left-out 全民閱讀 乡村振兴 --without-half 0 --questions data/eval/questions*.jsonl

The public files are CC BY-SA and not kept here. `--without-half` leaves half of the development questions out, and
`--left-out` written bulletins, so that something is left to measure on; held-out files are refused.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.extractor.bulletin_pairs import development_pairs, half_of, read_written
from benchmarks.extractor.examples import Example, Item, answer_window
from benchmarks.extractor.network import (
    ExtractionNetwork,
    PairTokenizer,
    PairTokens,
    load_network,
    padded,
)
from benchmarks.extractor.public_pairs import read_public_items
from benchmarks.extractor.twins import SHARES, WRITTEN_SHARES, Exchanges, twins
from bot.settings import Settings
from retrieval.embedding import load_encoder
from retrieval.embedding.bundled import bundled_model_folder
from retrieval.evaluation.dataset import read_questions
from retrieval.index.generations import load_current

_BATCH = 16
_NEGATIVE_SHARE = 0.4
"""Of the windows without an answer that development questions give."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids and the tokens of the answer, (0, 0) for none."""

    ids: list[int]
    start: int
    end: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--public", type=Path, nargs="*", default=[])
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--public-share", type=float, default=1.0)
    parser.add_argument("--pairs", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--without-half", type=int, choices=(0, 1))
    parser.add_argument(
        "--left-out", nargs="*", default=[], help="first words of the written bulletins to leave out"
    )
    parser.add_argument("--steps", type=int, help="batches at most; by default one epoch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    if held_out := [file.name for file in arguments.questions if "heldout" in file.name]:
        parser.error(f"{held_out[0]} is held out: nothing is trained on it")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    rng = random.Random(arguments.seed)
    examples = public_examples(arguments.public, rng)
    examples = rng.sample(examples, round(arguments.public_share * len(examples)))
    examples += written_examples(arguments.pairs, arguments.left_out, rng)
    examples += development_examples(arguments.questions, arguments.without_half, rng)
    rng.shuffle(examples)
    print(len(examples), "examples", Counter(example.kind for example in examples), flush=True)
    network = load_network(arguments.resume)
    train(network, examples, rng, arguments)


def public_examples(files: Sequence[Path], rng: random.Random) -> list[Example]:
    """The answer of each public question, and its twins."""
    items = list(itertools.chain.from_iterable(map(read_public_items, files)))
    return with_twins(items, rng)


def written_examples(files: Sequence[Path], left_out: Sequence[str], rng: random.Random) -> list[Example]:
    """A share of the written pairs of each kind, and twins of kinds that the files lack."""
    read = [read_written(file, left_out, rng) for file in files]
    items = [item for pairs in read for item in pairs.items]
    return with_twins(items, rng, WRITTEN_SHARES) + [example for pairs in read for example in pairs.examples]


def development_examples(files: Sequence[Path], without: int | None, rng: random.Random) -> list[Example]:
    """The windows of the development questions, and twins of their answers; one half of the questions left out."""
    if not files:
        return []
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    index = load_current(settings.index_dir, encoder.name)
    questions = [question for file in files for question in read_questions(file)]
    chosen = [
        pairs
        for pairs in development_pairs(questions, index, encoder)
        if without is None or half_of(pairs.question_id) != without
    ]
    items = [item for pairs in chosen for item in pairs.items]
    windows = [example for pairs in chosen for example in pairs.examples]
    return with_twins(items, rng) + [
        example for example in windows if example.has_answer or rng.random() < _NEGATIVE_SHARE
    ]


def with_twins(
    items: Sequence[Item], rng: random.Random, shares: Mapping[str, float] = SHARES
) -> list[Example]:
    exchanges = Exchanges(items)
    return [
        example
        for item in items
        for example in (answer_window(item, rng), *twins(item, exchanges, rng, shares))
    ]


def encode(examples: Sequence[Example]) -> list[Encoded]:
    """The examples as token ids; an answer that is cut off counts as none."""
    tokenizer = PairTokenizer(bundled_model_folder(Settings().model_cache))
    return [_encoded(example, tokenizer.tokenize(example.question, example.window)) for example in examples]


def _encoded(example: Example, tokens: PairTokens) -> Encoded:
    starts, ends = tokens.spans[:, 0], tokens.spans[:, 1]
    inside = np.flatnonzero((ends > starts) & (starts < example.end) & (ends > example.start))
    if not example.has_answer or not len(inside):
        return Encoded(tokens.ids, 0, 0)
    return Encoded(tokens.ids, int(inside[0]), int(inside[-1]))


def batches(examples: Sequence[Encoded], rng: random.Random) -> list[list[Encoded]]:
    """Batches of similar length, in random order."""
    shuffled = list(examples)
    rng.shuffle(shuffled)
    made = []
    for start in range(0, len(shuffled), 20 * _BATCH):
        chunk = sorted(shuffled[start : start + 20 * _BATCH], key=lambda example: len(example.ids))
        made += [chunk[at : at + _BATCH] for at in range(0, len(chunk), _BATCH)]
    rng.shuffle(made)
    return made


def train(
    network: ExtractionNetwork, examples: Sequence[Example], rng: random.Random, arguments: argparse.Namespace
) -> None:
    steps = batches(encode(examples), rng)[: arguments.steps]
    learned = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=arguments.rate, weight_decay=0.01)
    warm = 0.06 * len(steps)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / warm) * max(0.02, 1 - step / len(steps))
    )
    network.train()
    began, losses = time.monotonic(), []
    for number, batch in enumerate(steps, 1):
        loss = _loss(network, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if number % 25 == 0:
            print(
                number,
                len(steps),
                round(sum(losses[-50:]) / len(losses[-50:]), 3),
                round(time.monotonic() - began),
                flush=True,
            )
        if number % 200 == 0:
            torch.save(network.trained_state(), arguments.out.with_suffix(".partial.pt"))
    torch.save(network.trained_state(), arguments.out)


def _loss(network: ExtractionNetwork, batch: Sequence[Encoded]) -> Tensor:
    ids, mask = padded([example.ids for example in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = network(ids, mask)
    starts = torch.tensor([example.start for example in batch])
    ends = torch.tensor([example.end for example in batch])
    cross_entropy = nn.functional.cross_entropy
    return (cross_entropy(logits[..., 0].float(), starts) + cross_entropy(logits[..., 1].float(), ends)) / 2


if __name__ == "__main__":
    main()
