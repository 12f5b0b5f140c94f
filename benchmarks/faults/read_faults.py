"""Forty ways to damage what the bot reads, before it starts and while it serves: `python -m benchmarks.faults.read_faults`.

About two minutes. Of each way comes a right answer, or one sentence and status 1; a wrong answer, a traceback or a death
without a word is a failure. The bot is `bulletin-bot run` with character hashes in place of the model; for the ways to damage
the model it is `bulletin-bot ask`. Names as arguments, or their beginnings, try
those ways alone and renew their rows in the results.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import BULLETINS
from tests.e2e.bot_api import Emulator
from tests.e2e.conftest import COMMAND, BotProcess

from benchmarks.faults.forked_bot import ForkedCommand
from benchmarks.faults.read_fault_ways import BEFORE, MODEL, SERVING, Ground
from benchmarks.rebuilds import RESULTS, rebuilt, record
from bot.settings import Settings
from retrieval.embedding.bundled import bundled_model_folder

_ROOT = Path(__file__).parents[2]
_HASHES = (sys.executable, str(_ROOT / "tests/e2e/without_model.py"))
_QUESTION, _ANSWER = "上海 文明旅遊示範場所 達標", "達標單位50個"
_README_QUESTION, _README_ANSWER = "北京榜樣每個月評出多少人?", "10名月榜人物"
_START_SECONDS = 90.0
_SERVED, _SENTENCE = "served right", "one sentence"


def main() -> int:
    wanted = tuple(sys.argv[1:])
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        made = _made(Path(folder) / "made")
        for name in (*BEFORE, *SERVING, *MODEL):
            if wanted and not name.startswith(wanted):
                continue
            ground = Ground(Path(folder) / name.replace(" ", "-"))
            shutil.copytree(made, ground.folder)
            outcome = _tried(name, ground)
            failed += outcome not in {_SERVED, _SENTENCE}
            _recorded(name, outcome)
            shutil.rmtree(ground.folder)
    return 1 if failed else 0


def _recorded(name: str, outcome: str) -> None:
    """Put the outcome of one way into the results."""
    file = RESULTS / "read_faults.json"
    outcomes = json.loads(file.read_text(encoding="utf-8"))["outcomes"] if file.exists() else {}
    outcomes = {known: outcomes[known] for known in (*BEFORE, *SERVING, *MODEL) if known in outcomes}
    outcomes[name] = outcome
    counts = Counter(kind if kind in {_SERVED, _SENTENCE} else "failed" for kind in outcomes.values())
    record("read_faults", {"ways": len(outcomes), **counts, "outcomes": outcomes})


def _made(folder: Path) -> Path:
    """An index of two generations and the state of a bot that answered one question."""
    folder.mkdir()
    environment = _environment(folder, {})
    settings = Settings(index_dir=folder / "index", development_questions=folder / "none")
    for _ in range(2):
        rebuilt(settings)
    with Emulator() as telegram:
        bot = ForkedCommand(_on(telegram, environment), (*_HASHES, "run"), folder)
        if not _asks(telegram, bot, 7):
            raise SystemExit("the whole bot does not answer the question")
        bot.terminate()
    return folder


def _environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        "BULLETINS_DIR": str(BULLETINS),
        "INDEX_DIR": str(folder / "index"),
        "STATE_DB": str(folder / "state/bot.sqlite3"),
        "MODEL_CACHE": str(folder / "models"),
        "DEVELOPMENT_QUESTIONS": str(_ROOT / "data/eval/questions.jsonl"),
        "OMP_NUM_THREADS": "1",
        **more,
    }


def _on(telegram: Emulator, environment: Mapping[str, str]) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_BASE_URL": telegram.base_url,
        "TELEGRAM_BASE_FILE_URL": telegram.base_file_url,
        **environment,
    }


def _tried(name: str, ground: Ground) -> str:
    if name in MODEL:
        return _with_model(name, ground)
    with Emulator() as telegram:
        if name in BEFORE:
            BEFORE[name](ground)
        environment = _on(telegram, _environment(ground.folder, ground.environment))
        bot = ForkedCommand(environment, (*_HASHES, "run"), ground.folder)
        try:
            if name in BEFORE and _ended(telegram, bot):
                return _sentence(bot.output)
            is_right = _asks(telegram, bot, 7)
            if name in SERVING:
                SERVING[name](ground)
                is_right = all([is_right, *(_asks(telegram, bot, person) for person in (8, 9, 7))])
            status = bot.terminate()
            if status or "Traceback" in bot.output:
                return f"status {status}: {bot.output[-300:]}"
            return _SERVED if is_right else f"wrong answer: {bot.output[-300:]}"
        finally:
            ground.let_go()
            bot.kill_if_running()


def _ended(telegram: Emulator, bot: BotProcess) -> bool:
    """Whether the bot ends instead of serving."""
    telegram.log.wait_until(
        lambda: bool(telegram.calls_of("getUpdates")) or bot.has_ended or None, _START_SECONDS
    )
    return bot.has_ended


def _asks(telegram: Emulator, bot: BotProcess, number: int) -> bool:
    """Whether a person gets the right answer."""
    person = telegram.person(number)
    person.says(_QUESTION)
    return _ANSWER in person.waits_for_message(timeout=_START_SECONDS).text


def _sentence(output: str) -> str:
    lines = [line for line in output.splitlines() if not line.startswith("{")]
    return _SENTENCE if len(lines) == 1 else f"{len(lines)} lines: {output[-300:]}"


@functools.cache
def _index_of_model(parent: Path) -> Path:
    """The index that the model makes of the bulletins, below a folder."""
    folder = parent / "of model"
    folder.mkdir()
    environment = {**_environment(folder, {}), "MODEL_CACHE": str(Settings().model_cache)}
    subprocess.run([COMMAND, "rebuild"], env=environment, cwd=folder, check=True, capture_output=True)
    return folder / "index"


def _with_model(name: str, ground: Ground) -> str:
    whole = bundled_model_folder(Settings().model_cache)
    shutil.copytree(whole, ground.folder / "models" / whole.name)
    environment = _environment(ground.folder, {})
    shutil.rmtree(ground.folder / "index")
    shutil.copytree(_index_of_model(ground.folder.parent), ground.folder / "index")
    MODEL[name](ground)
    done = subprocess.run(
        [COMMAND, "ask", _README_QUESTION],
        env={**environment, **ground.environment},
        cwd=ground.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return _sentence(done.stderr)
    return _SERVED if _README_ANSWER in done.stdout else f"wrong answer: {done.stdout[-300:]}"


if __name__ == "__main__":
    sys.exit(main())
