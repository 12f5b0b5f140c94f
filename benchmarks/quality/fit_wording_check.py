"""Fit the decision of `retrieval.answering.wording_check` and report it, cross-validated by quotes.

    python -m benchmarks.quality.fit_wording_check [--write] [--pairs MORE.jsonl ...]

Labelled sentences are those in tests/data, data/eval/wording and data/training/wording. Copies of the quotes are added as
right sentences, and copies with one word or figure changed as wrong ones: without them the trees learn that a sentence near its
quote is wrong, because the authors of most wrong sentences kept the quote's words and those of the right ones did not.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

import retrieval.answering.wording_check as package
from bot.wording.evaluation import CheckScore, LabelledSentence, read_pairs, read_replies
from retrieval.answering.wording_check.checker import find_faults, is_faultless, is_vetoed, read_case
from retrieval.answering.wording_check.decision import FILE
from retrieval.answering.wording_check.features import measure_sentence
from retrieval.language import fold

PAIRS = (
    Path("tests/data/wording_pairs_development.jsonl"),
    Path("data/eval/wording/pairs.jsonl"),
    Path("data/eval/wording/development.jsonl"),
)
REPLIES = (Path("data/eval/wording/replies.jsonl"),)
FAMILIES = tuple(sorted(Path("data/training/wording").glob("*.jsonl")))
"""Free rewordings, each with wrong siblings that differ from it by one change."""
RESULT = Path("data/eval/wording/result.json")
# Shares of wrong sentences to catch, cross-validated.
_CAUGHT = {"pairs": 0.985, "replies": 0.99, "families": 0.985}
_FOLDS = 8
# A sentence of the replies weighs less than one of the pairs, which are more like a model's; copies less than either. The
# families are many: at 0.15 fewest right sentences are lost for as many wrong ones caught in all four.
_WEIGHTS = {"pairs": 1.0, "replies": 0.6, "families": 0.15, "copies": 0.4}
_CHANGES = (
    "全部 部分|均 部分|多数 全部|不得 可以|不能 可以|未 |不 |没有 |已 将|将 已|计划 已经|拟 已|力争 已"
    "|每月 每周|每周 每月|每年 每月|最多 至少|至少 最多|不超过 不少于|超过 不到|近 超过|先 后|增加 减少"
    "|下降 上升|提高 降低|高于 低于|免费 收费|允许 禁止|必须 可以|须 可"
    "|可以 必须|取消 保留|新增 取消|以上 以下|去年 今年|今年 去年|上半年 下半年|市级 省级|副 "
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled sentence with its measures, None if it fails before the decision."""

    origin: str
    group: str
    kind: str
    is_right: bool
    measures: dict[str, float] | None
    is_faultless: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the trees into the package")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[], help="further labelled pairs")
    arguments = parser.parse_args()
    samples = list(_samples([*PAIRS, *arguments.pairs], REPLIES))
    probabilities = _cross_validated(samples)
    least = max(_threshold(samples, probabilities, origin, caught) for origin, caught in _CAUGHT.items())
    _report(samples, probabilities, least)
    if arguments.write:
        target = Path(package.__file__).with_name(FILE)
        target.write_text(_as_json(samples, least), encoding="utf-8")
        RESULT.write_text(_result(samples, probabilities >= least), encoding="utf-8")
        print(f"{target} holds {target.stat().st_size} bytes")


def _samples(pairs: Iterable[Path], replies: Iterable[Path]) -> Iterator[Sample]:
    rng = random.Random(3)
    seen: set[str] = set()
    for origin, sentences in (
        ("pairs", [one for path in pairs for one in read_pairs(path)]),
        ("replies", [one for path in replies for one in read_replies(path)]),
        ("families", [one for path in FAMILIES for one in read_pairs(path)]),
    ):
        for one in sentences:
            group = one.quotes[0].text
            kind = "any" if origin == "families" else one.kind  # their authors named hundreds
            yield Sample(origin, group, kind, one.is_right, *_measures(one))
            for quote in one.quotes:
                if quote.text not in seen and origin != "families":
                    seen.add(quote.text)
                    for text, is_right in _copies(fold(quote.text), rng):
                        copy = LabelledSentence(text, (1,), (quote,), is_right, "copy")
                        yield Sample("copies", group, "copy", is_right, *_measures(copy))


def _measures(one: LabelledSentence) -> tuple[dict[str, float] | None, bool]:
    case = read_case(one.worded, one.quotes)
    if case is None or not case.alignment.links or is_vetoed(case):
        return None, False
    faults = find_faults(case)
    return measure_sentence(case, faults), is_faultless(case, faults)


def _copies(quote: str, rng: random.Random) -> Iterator[tuple[str, bool]]:
    """The first sentence of a quote, right; and a wrong one with a change or two figures exchanged."""
    first = re.split("(?<=[。;])", quote)[0]
    yield first, True
    changed = [
        first.replace(old, new, 1)
        for old, new in (row.split(" ") for row in _CHANGES.split("|"))
        if old in first
    ]
    figures = list(re.finditer(r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万两]{2,}", first))
    if len(figures) > 1 and len({match.group() for match in figures[:2]}) > 1:
        one, two = figures[:2]
        changed.append(
            first[: one.start()]
            + two.group()
            + first[one.end() : two.start()]
            + one.group()
            + first[two.end() :]
        )
    if changed:
        yield rng.choice(changed), False


def _matrix(samples: Sequence[Sample]) -> tuple[list[int], list[str], NDArray[np.float64]]:
    rows = [index for index, sample in enumerate(samples) if sample.measures]
    names = list(samples[rows[0]].measures or {})
    return rows, names, np.array([list((samples[row].measures or {}).values()) for row in rows])


def _fitted(matrix: NDArray[np.float64], samples: Sequence[Sample]) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=300,
        learning_rate=0.05,
        max_leaf_nodes=12,
        min_samples_leaf=25,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )
    weights = [_WEIGHTS[sample.origin] for sample in samples]
    return model.fit(matrix, [sample.is_right for sample in samples], sample_weight=weights)


def _cross_validated(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """The probability of each sample by trees fitted without its quotes; 0 if it fails before."""
    rows, _, matrix = _matrix(samples)
    groups = [samples[row].group for row in rows]
    found = np.zeros(len(samples))
    for train, test in GroupKFold(_FOLDS, shuffle=True, random_state=0).split(matrix, groups=groups):
        model = _fitted(matrix[train], [samples[rows[index]] for index in train])
        found[np.array(rows)[test]] = model.predict_proba(matrix[test])[:, 1]
    found[[sample.is_faultless for sample in samples]] = 1.0
    return found


def _of(
    samples: Sequence[Sample], values: NDArray[np.float64], origin: str, *, right: bool
) -> NDArray[np.float64]:
    wanted = [sample.origin == origin and sample.is_right == right for sample in samples]
    chosen: NDArray[np.float64] = values[np.array(wanted)]
    return chosen


def _threshold(samples: Sequence[Sample], values: NDArray[np.float64], origin: str, caught: float) -> float:
    """The lowest probability above that of a share of the wrong sentences."""
    wrong = np.sort(_of(samples, values, origin, right=False))
    return float(np.nextafter(wrong[math.ceil(caught * len(wrong)) - 1], 1.0))


def _report(samples: Sequence[Sample], values: NDArray[np.float64], least: float) -> None:
    print("cross-validated: share of wrong pairs caught, share of right ones kept")
    for caught in (0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995):
        limit = _threshold(samples, values, "pairs", caught)
        kept = float((_of(samples, values, "pairs", right=True) >= limit).mean())
        print(f"  {caught:.3f}  {kept:.3f}")
    print(f"threshold {least:.4f}")
    for origin in _WEIGHTS:
        right, wrong = (_of(samples, values, origin, right=side) for side in (True, False))
        print(
            f"  {origin}: {(right >= least).mean():.3f} of {len(right)} right kept, "
            f"{(wrong < least).mean():.3f} of {len(wrong)} wrong caught"
        )


def _result(samples: Sequence[Sample], kept: NDArray[np.bool_]) -> str:
    """[kept, of all] by origin, side and kind, as JSON; each sentence judged by trees fitted without its quotes."""
    scores = {origin: CheckScore() for origin in _WEIGHTS}
    for sample, is_kept in zip(samples, kept, strict=True):
        scores[sample.origin].add(sample.kind, is_right=sample.is_right, is_kept=bool(is_kept))
    found = {origin: score.as_json() for origin, score in scores.items()}
    return json.dumps({"cross-validated": found}, ensure_ascii=False, indent=1) + "\n"


def _as_json(samples: Sequence[Sample], least: float) -> str:
    rows, names, matrix = _matrix(samples)
    model = _fitted(matrix, [samples[row] for row in rows])
    trees = [
        [
            [round(float(node["value"]), 5)]
            if node["is_leaf"]
            else [
                float(node["num_threshold"]),
                int(node["feature_idx"]),
                int(node["left"]),
                int(node["right"]),
            ]
            for node in predictors[0].nodes
        ]
        for predictors in model._predictors
    ]
    bias = float(np.ravel(model._baseline_prediction)[0])
    stored = {"measures": names, "bias": bias, "least": least, "trees": trees}
    return (
        json.dumps(stored, ensure_ascii=False, separators=(",", ":")).replace('"trees":', '\n"trees":') + "\n"
    )


if __name__ == "__main__":
    main()
