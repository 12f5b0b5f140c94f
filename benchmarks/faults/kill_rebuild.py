"""Kills rebuilds at random moments while a bot answers: `python -m benchmarks.faults.kill_rebuild [TIMES]`.

Each rebuild is a process of its own, killed with SIGKILL; half of them at a random moment of the whole, half while the
new generation is written, checked and swapped. After each the index must serve, hold no lock, and build again. Then
the same with SIGTERM and SIGINT, which must leave nothing but the checkpoint of embedded texts. A bot in a third
process answers questions all the while.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = (
    "1"  # before FAISS is loaded: a process with a pool of threads must not be forked
)

import itertools
import json
import multiprocessing
import random
import signal
import sys
import threading
import time
from collections import Counter
from multiprocessing.connection import Connection

from tests.doubles import HashEncoder

from benchmarks.rebuilds import QUESTION, assert_sound, leftovers, rebuilt, record, seed_settings, serving
from bot.cli.rebuild import stopped_cleanly
from bot.operations.rebuilding import build
from bot.serving.answerer import Answerer
from bot.serving.index_reloader import watch_pointer
from bot.settings import Settings
from retrieval.building.checkpoint import PREFIX
from retrieval.index.generations import load_serving
from retrieval.progress import Stage


def main() -> int:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random(0)
    with seed_settings() as settings:
        rebuilt(settings)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            bot = pool.apply_async(_bot, (settings.model_dump_json(),))
            ended: Counter[str] = Counter()
            for number in itertools.count():
                ended[_broken_off(settings, chance, signal.SIGKILL, number)] += 1
                if ended.total() - ended["done"] == times:
                    break
            polite = [signal.SIGTERM, signal.SIGINT] * max(times // 10, 1)
            for number, how in enumerate(polite):
                _broken_off(settings, chance, how, number)
                serving(settings)
            (settings.index_dir / "stop").touch()
            answers = bot.get(60)
    late = ended.pop("done", 0)
    killed = {"kills": times, "in stage": dict(ended), "too late to count": late}
    record("kill_rebuild", {**killed, "signalled": len(polite), "the bot meanwhile": answers})
    return 0 if answers["failed"] == 0 else 1


def _broken_off(settings: Settings, chance: random.Random, how: signal.Signals, number: int) -> str:
    """Start a rebuild, end it at a random moment, and check the index; return the stage in which it ended."""
    ours, theirs = multiprocessing.Pipe()
    child = os.fork()
    if child == 0:
        _child(settings, theirs)
    theirs.close()
    late = number % 2 == 1
    stage = _wait_for(ours, Stage.WRITING.value if late else "started")
    time.sleep(chance.uniform(0, 0.06 if late else 0.35))
    os.kill(child, how)
    os.waitpid(child, 0)
    while ours.poll():
        try:
            stage = ours.recv()
        except EOFError:
            break
    ours.close()
    if how != signal.SIGKILL:
        left = [name for name in leftovers(settings, but=PREFIX) if name != "stop"]
        assert left == [], left
    assert_sound(settings)
    return stage


def _child(settings: Settings, parent: Connection) -> None:
    """In the forked process: one full rebuild that reports its stages."""
    status = 1
    try:
        with stopped_cleanly():
            parent.send("started")
            build(
                settings,
                encoder=HashEncoder(),
                full=True,
                progress=lambda stage, *_: parent.send(stage.value),
            )
            parent.send("done")
        status = 0
    finally:
        os._exit(status)


def _wait_for(child: Connection, wanted: str) -> str:
    while (stage := str(child.recv())) != wanted:
        pass
    return stage


def _bot(settings_json: str) -> dict[str, int]:
    """Answer without pause until the file `stop` appears; report the number of answers and of generations that gave them."""
    settings = Settings(**json.loads(settings_json))
    encoder = HashEncoder()
    answerer = Answerer(load_serving(settings.index_dir, encoder.name), encoder)
    stop = threading.Event()
    threading.Thread(
        target=watch_pointer, args=(answerer, settings.index_dir, stop, 0.05), daemon=True
    ).start()
    answered = failed = 0
    indexes: set[str] = set()
    while not (settings.index_dir / "stop").exists():
        answer = answerer.answer_now(QUESTION)
        answered += 1
        failed += not answer.hits
        indexes.add(answerer.index.name)
    stop.set()
    return {"answered": answered, "failed": failed, "generations seen": len(indexes)}


if __name__ == "__main__":
    sys.exit(main())
