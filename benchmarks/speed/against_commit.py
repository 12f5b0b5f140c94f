"""Memory and processor time against an earlier commit: `python -m benchmarks.speed.against_commit COMMIT [PARAGRAPHS]`.

Both sides in turn in one run, with the same packages: the earlier one from a checkout of its own, each with an index
that it built. Five minutes, with the rebuild of 1,000 paragraphs seven; 0 leaves the rebuild out.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bounds import Bound, judge
from benchmarks.conversations import keep_asking
from benchmarks.faults.soak import development_questions
from benchmarks.machine import machine
from benchmarks.plain_model import save_plain_model
from benchmarks.scale.synthetic import read_vocabulary
from benchmarks.served import running
from benchmarks.speed.throughput import UNPACED, crowd

ROOT = Path(__file__).parents[2]
_ROUNDS = 3
_REMEMBERED, _AT_ONCE, _ANSWERED = 200, 8, 90
_COMMAND = [sys.executable, "-c", "from bot.cli.main import main; main()"]
_COLD_QUESTION = "北京榜樣每個月評出多少人?"
# Processor milliseconds of an answer, in the second round over the questions of a file.
_ANSWERS = """
import json, sys, time
from pathlib import Path
from bot.serving import open_answerer
from bot.settings import Settings
answerer, questions = open_answerer(Settings()), json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
for question in questions:
    answerer.answer_now(question)
start = time.process_time()
for question in questions:
    answerer.answer_now(question)
print((time.process_time() - start) / len(questions) * 1000)
answerer.close()
"""


@dataclass(frozen=True, slots=True)
class Side:
    """A checkout with the folder for what it builds."""

    root: Path
    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        own = {
            "PYTHONPATH": str(self.root / "src"),
            "BULLETINS_DIR": str(ROOT / "data" / "bulletins"),
            "INDEX_DIR": str(self.folder / "index"),
            "STATE_DB": ":memory:",
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "",
        }
        return {**os.environ, **own}

    def processor_seconds(self, *arguments: str, **environment: str) -> float:
        """Of `bulletin-bot` with these arguments, and of the processes that it waits for."""
        before = os.times()
        command = [*_COMMAND, *arguments]
        subprocess.run(
            command, check=True, capture_output=True, env={**self.environment, **environment}, cwd=self.root
        )
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> int:
    commit, paragraphs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    where, questions = machine(), list(dict.fromkeys(development_questions()))
    with tempfile.TemporaryDirectory() as name, _checkout(commit, Path(name) / "checkout") as earlier:
        folder = Path(name)
        sides = {"before": Side(earlier, folder / "before"), "now": Side(ROOT, folder / "now")}
        for side in sides.values():
            side.processor_seconds("rebuild")
            side.processor_seconds("ask", _COLD_QUESTION)  # writes the bytecode
        measured = _measure(sides, folder, questions)
        if paragraphs:
            source = _write_paragraphs(folder / "bulletins", paragraphs)
            measured["rebuild, processor s"] = _in_turn(sides, lambda side: _rebuild(side, source), rounds=1)
        script = _script_milliseconds(folder, questions)
    ratios = {name: _ratio(figures) for name, figures in measured.items()}
    answer = statistics.median(measured["answer, processor ms"]["now"])
    figures: dict[str, object] = {
        "against": commit,
        "paragraphs rebuilt": paragraphs,
        "measured": measured,
        "ratios": ratios,
        "script of 30 lines, processor ms an answer": round(script, 2),
        "answer to that of the script": round(answer / script, 2),
        "machine": where,
    }
    bounds = [
        Bound("memory after 200 questions", ratios["memory, MB"], at_most=0.6),
        Bound("processor time of a cold ask", ratios["cold ask, processor s"], at_most=0.5),
        Bound("processor time of an answer", ratios["answer, processor ms"], at_most=0.55),
        Bound("processor time of an answer to the script's", round(answer / script, 2), at_most=0.5),
        Bound("answers a second", ratios["answers a second"], at_least=1.6),
    ]
    if paragraphs:
        bounds.append(Bound("processor time of a rebuild", ratios["rebuild, processor s"], at_most=0.7))
    return judge("against_commit", figures, bounds)


def _measure(
    sides: Mapping[str, Side], folder: Path, questions: list[str]
) -> dict[str, dict[str, list[float]]]:
    file = folder / "questions.json"
    file.write_text(json.dumps(_spread(questions, _ANSWERED)), encoding="utf-8")
    return {
        "memory, MB": _in_turn(sides, lambda side: _megabytes(side, questions), rounds=1),
        "cold ask, processor s": _in_turn(sides, lambda side: side.processor_seconds("ask", _COLD_QUESTION)),
        "answer, processor ms": _in_turn(sides, lambda side: _answer_milliseconds(side, file)),
        "answers a second": _in_turn(sides, lambda side: _answers_a_second(side, questions), rounds=2),
    }


def _in_turn(
    sides: Mapping[str, Side], measure: Callable[[Side], float], rounds: int = _ROUNDS
) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        for name in sides if number % 2 else [*sides][::-1]:
            taken[name].append(round(measure(sides[name]), 3))
            print(name, taken[name][-1], file=sys.stderr)
    return taken


def _ratio(figures: Mapping[str, list[float]]) -> float:
    pairs = zip(figures["now"], figures["before"], strict=True)
    return round(statistics.median(now / before for now, before in pairs), 3)


def _spread(questions: list[str], count: int) -> list[str]:
    return questions[:: len(questions) // count][:count]


def _megabytes(side: Side, questions: list[str]) -> float:
    """Resident memory of the bot after questions of people who ask at the same time."""
    with running([*_COMMAND[:2], "from bot.cli.main import main; main(['run'])"], side.environment) as bot:
        keep_asking(bot, range(100, 100 + _AT_ONCE), iter(_spread(questions, _REMEMBERED)))
        return bot.megabytes()


def _answer_milliseconds(side: Side, questions: Path) -> float:
    command = [sys.executable, "-c", _ANSWERS, str(questions)]
    return float(subprocess.run(command, check=True, capture_output=True, env=side.environment).stdout)


def _answers_a_second(side: Side, questions: list[str]) -> float:
    return crowd(UNPACED, questions, side.environment)["answers a second"]


def _rebuild(side: Side, source: Path) -> float:
    return side.processor_seconds(
        "rebuild", BULLETINS_DIR=str(source), INDEX_DIR=str(side.folder / "large"), DEVELOPMENT_QUESTIONS=""
    )


def _write_paragraphs(folder: Path, count: int) -> Path:
    """A folder with bulletins of so many paragraphs of four sentences drawn from the seven bulletins."""
    folder.mkdir()
    sentences, draw, lines = read_vocabulary().sentences, random.Random(17), []
    for number in range(count):
        if number % 40 == 0:
            lines.append(f"精神文明建設工作簡報 篇{number // 40 + 1}")
        if number % 8 == 0:
            lines.append(draw.choice(("上海", "北京", "江蘇南京", "安徽合肥包河區", "山東日照", "江西瑞金")))
        lines.append(f"第{number + 1}項" + "".join(draw.sample(sentences, 4)))
    (folder / "made_up.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _script_milliseconds(folder: Path, questions: list[str]) -> float:
    """Of an answer by the script of 30 lines, with bm25s beside the packages that are here."""
    model, packages = folder / "model", folder / "packages"
    save_plain_model(model)
    pinned = (ROOT / "benchmarks" / "peers" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    bm25s = next(line for line in pinned if line.startswith("bm25s=="))
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
    subprocess.run([*install, bm25s], check=True)
    file = folder / "questions.json"
    file.write_text(json.dumps(_spread(questions, _ANSWERED)), encoding="utf-8")
    command = [sys.executable, str(ROOT / "benchmarks" / "peers" / "script.py")]
    done = subprocess.run(
        [*command, str(model), str(ROOT / "data" / "bulletins"), str(file)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(packages), "OMP_NUM_THREADS": "1"},
    )
    return float(done.stdout.split()[-1])


@contextmanager
def _checkout(commit: str, folder: Path) -> Iterator[Path]:
    """The files of a commit, in a folder that is removed afterwards."""
    folder.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S607
    subprocess.run(["tar", "--extract", "--directory", str(folder)], input=archive, check=True)  # noqa: S607
    yield folder


if __name__ == "__main__":
    sys.exit(main())
