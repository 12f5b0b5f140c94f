"""Memory of the answering process over thousands of questions: `python -m benchmarks.speed.growth [QUESTIONS]`, two minutes.

Every question of data/eval, then the same with a number behind, so that no text comes twice and every cache fills. Saves
the curve as `growth.json` and `docs/memory.svg`.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.bounds import Bound, judge
from benchmarks.faults.soak import development_questions
from benchmarks.machine import machine
from benchmarks.served import build_if_missing
from bot.operations.statistics import resident_bytes_of
from bot.serving import malloc_tuning, open_answerer
from bot.settings import Settings

_QUESTIONS, _EVERY, _FIRST = 5000, 100, 200
_PLOT = Path(__file__).parents[2] / "docs" / "memory.svg"
_WIDTH, _HEIGHT, _MARGIN = 640, 240, 40


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _QUESTIONS
    where = machine()
    build_if_missing()
    curve = _curve(count)
    _PLOT.write_text(_svg(curve), encoding="utf-8")
    after_first = next(megabytes for asked, megabytes in curve if asked >= _FIRST)
    figures: dict[str, object] = {"questions": count, "megabytes": curve, "machine": where}
    growth = round(curve[-1][1] - after_first, 1)
    return judge("growth", figures, [Bound(f"MB more after {count} than after {_FIRST}", growth, at_most=15)])


def _curve(count: int) -> list[tuple[int, float]]:
    """Questions asked, and resident megabytes then."""
    malloc_tuning.use_one_heap()
    answerer = open_answerer(Settings())
    answerer.warm_up()
    malloc_tuning.freeze_startup_objects()
    malloc_tuning.trim_heap()
    curve = [(0, _megabytes())]
    for asked, question in enumerate(itertools.islice(_different_questions(), count), start=1):
        answerer.answer_now(question)
        if asked % _EVERY == 0:
            curve.append((asked, _megabytes()))
    answerer.close()
    return curve


def _different_questions() -> Iterator[str]:
    questions = list(dict.fromkeys(development_questions()))
    yield from questions
    for number in itertools.count(1):
        yield from (f"{question}{number}" for question in questions)


def _megabytes() -> float:
    return round(resident_bytes_of(os.getpid()) / 2**20, 1)


def _svg(curve: Sequence[tuple[int, float]]) -> str:
    """The curve over the questions, from 0 MB up."""
    most_asked, most = curve[-1][0], max(megabytes for _, megabytes in curve) * 1.1
    points = " ".join(
        f"{_MARGIN + asked / most_asked * (_WIDTH - 2 * _MARGIN):.1f},"
        f"{_HEIGHT - _MARGIN - megabytes / most * (_HEIGHT - 2 * _MARGIN):.1f}"
        for asked, megabytes in curve
    )
    right, bottom = _WIDTH - _MARGIN, _HEIGHT - _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<path d="M{_MARGIN},{_MARGIN}V{bottom}H{right}" fill="none" stroke="#888"/>'
        f'<polyline points="{points}" fill="none" stroke="#07c" stroke-width="2"/>'
        f'<text x="{_MARGIN}" y="{_MARGIN - 8}">{curve[-1][1]:.0f} MB resident after {most_asked} questions</text>'
        f'<text x="{_MARGIN}" y="{bottom + 18}">0</text>'
        f'<text x="{right}" y="{bottom + 18}" text-anchor="end">{most_asked} different questions</text></svg>\n'
    )


if __name__ == "__main__":
    sys.exit(main())
