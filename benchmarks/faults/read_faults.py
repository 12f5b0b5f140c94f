"""Forty ways to damage what the bot reads, before it starts and while it serves: `python -m benchmarks.faults.read_faults`.

About four minutes. Of each way comes a right answer, or one sentence and status 1; a wrong answer, a traceback or a death
without a word is a failure. The bot is `bulletin-bot run` with character hashes in place of the model; for the ways to damage
the model it is `bulletin-bot ask`. A name as argument tries one way alone.
"""

from __future__ import annotations

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

from benchmarks.faults.read_fault_ways import BEFORE, MODEL, SERVING, Ground
from benchmarks.rebuilds import record
from bot.settings import Settings
from retrieval.embedding.bundled import bundled_model_folder

_ROOT = Path(__file__).parents[2]
_HASHES = (sys.executable, str(_ROOT / "tests/e2e/without_model.py"))
_QUESTION, _ANSWER = "北京榜樣每月發佈多少名月榜人物?", "10名月榜人物"
_README_QUESTION = "北京榜樣每個月評出多少人?"
_START_SECONDS = 90.0
_SERVED, _SENTENCE = "served right", "one sentence"


def main() -> int:
    wanted = sys.argv[1:]
    outcomes: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        made = _made(Path(folder) / "made")
        for name in (*BEFORE, *SERVING, *MODEL):
            if wanted and name not in wanted:
                continue
            ground = Ground(Path(folder) / str(len(outcomes)))
            shutil.copytree(made, ground.folder)
            outcomes[name] = _tried(name, ground)
            print(f"{outcomes[name]:14} {name}", flush=True)
            shutil.rmtree(ground.folder)
    counts = Counter(
        outcome if outcome in {_SERVED, _SENTENCE} else "failed" for outcome in outcomes.values()
    )
    if not wanted:
        record("read_faults", {"ways": len(outcomes), **counts, "outcomes": outcomes})
    return 1 if counts["failed"] else 0


def _made(folder: Path) -> Path:
    """An index of two generations and the state of a bot that answered one question."""
    folder.mkdir()
    environment = _environment(folder, {"GATE_MARGIN": "1"})
    for _ in range(2):
        subprocess.run((*_HASHES, "rebuild"), env=environment, cwd=folder, check=True, capture_output=True)
    with Emulator() as telegram:
        bot = BotProcess(_on(telegram, environment), (*_HASHES, "run"), folder)
        _asks(telegram, bot, 7)
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
        bot = BotProcess(environment, (*_HASHES, "run"), ground.folder)
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


def _with_model(name: str, ground: Ground) -> str:
    whole = bundled_model_folder(Settings().model_cache)
    shutil.copytree(whole, ground.folder / "models" / whole.name)
    environment = _environment(ground.folder, {"GATE_MARGIN": "0.05"})
    shutil.rmtree(ground.folder / "index")
    subprocess.run([COMMAND, "rebuild"], env=environment, cwd=ground.folder, check=True, capture_output=True)
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
    return _SERVED if _ANSWER in done.stdout else f"wrong answer: {done.stdout[-300:]}"


if __name__ == "__main__":
    sys.exit(main())
