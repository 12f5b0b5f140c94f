"""Train the extractor: a model that reads a question and a window of text and says which span answers, or that none does.

    python -m benchmarks.quality.training_pairs data/training/written pairs.jsonl
    python -m benchmarks.extractor.train --out public.pt --public cmrc2018_dev.json cmrc2018_trial.json DRCD_test.json
    python -m benchmarks.extractor.train --out half0.pt --resume public.pt --part 0 2 --rate 1.6e-4 \\
        --pairs pairs.jsonl --left-out 全民閱讀 乡村振兴 --served data/training/written --not-served 07 10 \\
        --public squad2_dev.json DRCD_dev.json --public-share 0.3 --without-half 0 --questions data/eval/questions*.jsonl
    python -m benchmarks.extractor.averaging extractor.pt half0.pt half1.pt

The public files are CC BY-SA and not kept here. `--without-half` leaves half of the development questions out, and
`--left-out` and `--not-served` written bulletins, so that something is left to measure on; held-out files are refused.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.extractor.averaging import MovingAverage
from benchmarks.extractor.bulletin_pairs import Development, development_pairs, half_of, read_written
from benchmarks.extractor.examples import Example, Item, answer_window
from benchmarks.extractor.loss import Encoded, extraction_loss
from benchmarks.extractor.network import (
    ExtractionNetwork,
    PairTokenizer,
    load_network,
    padded,
)
from benchmarks.extractor.public_pairs import has_unanswerable, read_public_items, read_unanswerable
from benchmarks.extractor.twins import SHARES, WRITTEN_SHARES, Exchanges, twins
from benchmarks.extractor.written_questions import written_index, written_questions
from bot.settings import Settings
from retrieval.answering.extraction import body_of
from retrieval.embedding import load_encoder
from retrieval.embedding.bundled import bundled_model_folder
from retrieval.embedding.bundled.tokenizer import TokenizedText
from retrieval.evaluation.dataset import read_questions
from retrieval.index.generations import load_current

_BATCH = 16
_NEGATIVE_SHARE = 0.4
"""Of the windows without an answer that development questions give."""


# Of the rate of the layer above: what the lower layers know is what the pairs teach least.
_LAYER_DECAY = 0.93
_LAST_RATE = 0.1
"""Of the first; the rate falls evenly."""
_WARM_STEPS = 25
_AVERAGE_DECAY = 0.995
_KEPT_EVERY = 200
"""Steps between two writings of the averages."""


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
    parser.add_argument(
        "--served", type=Path, help="written bulletins whose windows are read as serving would"
    )
    parser.add_argument("--not-served", nargs="*", default=[], help="beginnings of their names to leave out")
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), help="the part of the pairs, of so many")
    parser.add_argument("--steps", type=int, help="batches at most; by default one epoch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-4)
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
    examples += served_examples(arguments.served, arguments.not_served, rng) if arguments.served else []
    rng.shuffle(examples)
    part, parts = arguments.part
    examples = examples[part::parts]
    print(len(examples), "examples", Counter(example.kind for example in examples), flush=True)
    network = load_network(arguments.resume)
    train(network, examples, rng, arguments)


def public_examples(files: Sequence[Path], rng: random.Random) -> list[Example]:
    """The answer of each public question, and its twins, or the unanswerable questions that the file has itself."""
    answered = [file for file in files if not has_unanswerable(file)]
    items = list(itertools.chain.from_iterable(map(read_public_items, answered)))
    others = [file for file in files if file not in answered]
    return with_twins(items, rng) + [example for file in others for example in read_unanswerable(file, rng)]


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
    return with_twins(items, rng) + windows_of(chosen, rng)


def served_examples(folder: Path, without: Sequence[str], rng: random.Random) -> list[Example]:
    """The windows of the questions of written bulletins, of which those with these beginnings of names are left out."""
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    files = [file for file in sorted(folder.glob("*.txt")) if not file.name.startswith(tuple(without))]
    with written_index(folder, settings, encoder) as index:
        return windows_of(list(development_pairs(written_questions(files, index), index, encoder)), rng)


def windows_of(questions: Sequence[Development], rng: random.Random) -> list[Example]:
    """All windows with an answer, and a share of the others; of a question without any answer the first at least."""
    return [
        example
        for question in questions
        for rank, example in enumerate(question.examples)
        if example.has_answer or not (rank or question.items) or rng.random() < _NEGATIVE_SHARE
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


def _encoded(example: Example, tokens: TokenizedText) -> Encoded:
    starts, ends = tokens.spans[:, 0], tokens.spans[:, 1]
    of_window = np.flatnonzero((ends > starts) & (ends > body_of(example.window)))
    body = (int(of_window[0]), int(of_window[-1])) if len(of_window) else (0, 0)
    inside = np.flatnonzero((ends > starts) & (starts < example.end) & (ends > example.start))
    if not example.has_answer or not len(inside):
        return Encoded(tokens.ids, 0, 0, body)
    return Encoded(tokens.ids, int(inside[0]), int(inside[-1]), body)


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
    groups = parameter_groups(network, arguments.rate)
    learned = [parameter for group in groups for parameter in group["params"]]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _share_of_rate(step, len(steps)))
    average = MovingAverage(learned, _AVERAGE_DECAY)
    network.train()
    began, losses = time.monotonic(), []
    for number, batch in enumerate(steps, 1):
        ids, mask = padded([example.ids for example in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(ids, mask)
        loss = extraction_loss(logits.float(), batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        schedule.step()
        average.update()
        losses.append(loss.item())
        if number % 25 == 0:
            recent = losses[-50:]
            seconds = round(time.monotonic() - began)
            print(number, len(steps), round(sum(recent) / len(recent), 3), seconds, flush=True)
        if number % _KEPT_EVERY == 0 or number == len(steps):
            names = {id(parameter): name for name, parameter in network.named_parameters()}
            state = {names[id(each)]: mean for each, mean in zip(learned, average.averages, strict=True)}
            torch.save(state, arguments.out)


def parameter_groups(network: ExtractionNetwork, rate: float) -> list[dict[str, Any]]:
    """The layers that learn, the lower the slower, and the head."""
    layers = list(network.bert.encoder.layer)
    groups: list[dict[str, Any]] = [{"params": list(network.head.parameters()), "lr": rate}]
    for above, layer in enumerate(reversed(layers)):
        learned = [parameter for parameter in layer.parameters() if parameter.requires_grad]
        if learned:
            groups.append({"params": learned, "lr": rate * _LAYER_DECAY**above})
    return groups


def _share_of_rate(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / _WARM_STEPS) * (1 - (1 - _LAST_RATE) * step / steps)


if __name__ == "__main__":
    main()
