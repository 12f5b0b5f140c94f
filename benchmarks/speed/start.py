"""Time to the first answer of each command, and memory of the bot: `python -m benchmarks.speed.start`, a minute or two.

Commands in turn, each once beforehand so that its bytecode is written and its files are cached: people start them more
than once. Then the real bot on an emulated Telegram, after different questions of people who ask at the same time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.bounds import Bound, judge
from benchmarks.conversations import keep_asking
from benchmarks.faults.soak import development_questions
from benchmarks.machine import machine
from benchmarks.served import COMMAND, build_if_missing, served

HEAVY = ("torch", "faiss", "sentence_transformers")
_ROUNDS = 5
_QUESTIONS, _AT_ONCE = 200, 8
_PYTHON = sys.executable
_IMPORTS = "import torch, sentence_transformers, faiss"
_COMMANDS = {
    "imports": (_PYTHON, "-c", _IMPORTS),
    "ask": (COMMAND, "ask", "北京榜樣每個月評出多少人?"),
    "--help": (COMMAND, "--help"),
    "outline": (COMMAND, "outline"),
}
_TELL_MODULES = """
import sys
from bot.cli.main import main
try:
    main(sys.argv[1:])
finally:
    sys.stderr.write(" ".join(sys.modules))
"""


def main() -> int:
    where = machine()
    build_if_missing()
    seconds = _in_turn()
    loaded = {name: modules_of(name).intersection(HEAVY) for name in ("--help", "outline")}
    megabytes, answered = _memory()
    to_imports = statistics.median(
        ask / imports for ask, imports in zip(seconds["ask"], seconds["imports"], strict=True)
    )
    figures: dict[str, object] = {
        "seconds, median": {name: round(statistics.median(taken), 2) for name, taken in seconds.items()},
        "seconds, each round": {name: [round(one, 2) for one in taken] for name, taken in seconds.items()},
        "ask to imports, median of ratios": round(to_imports, 2),
        "heavy libraries loaded": {name: sorted(modules) for name, modules in loaded.items()},
        "megabytes": megabytes,
        "machine": where,
    }
    bounds = (
        Bound("ask to imports", round(to_imports, 2), at_most=1.5),
        Bound("--help, s", round(statistics.median(seconds["--help"]), 2), at_most=0.5),
        Bound("heavy libraries in --help and outline", sum(map(len, loaded.values())), at_most=0),
        Bound("questions answered", answered, at_least=_QUESTIONS),
        Bound(f"megabytes after {_QUESTIONS} questions", megabytes["after"], at_most=420),
    )
    return judge("start", figures, bounds)


def _in_turn() -> dict[str, list[float]]:
    """Wall-clock seconds of every command in every round."""
    for command in _COMMANDS.values():
        _timed(command)
    rounds = [{name: _timed(command) for name, command in _COMMANDS.items()} for _ in range(_ROUNDS)]
    return {name: [one[name] for one in rounds] for name in _COMMANDS}


def _timed(command: Sequence[str]) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def modules_of(*arguments: str) -> set[str]:
    """Modules that a command line has loaded when it ends."""
    command = [_PYTHON, "-c", _TELL_MODULES, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(done.stderr.split())


def _memory() -> tuple[dict[str, int], int]:
    """Megabytes before and after the questions, and the number of answers."""
    questions = list(dict.fromkeys(development_questions()))
    evenly = questions[:: len(questions) // _QUESTIONS][:_QUESTIONS]
    with served() as bot:
        before = bot.megabytes()
        asked = keep_asking(bot, range(100, 100 + _AT_ONCE), iter(evenly))
        answered = sum(one.wait < float("inf") for one in asked)
        return {"before": before, "after": bot.megabytes()}, answered


if __name__ == "__main__":
    sys.exit(main())
