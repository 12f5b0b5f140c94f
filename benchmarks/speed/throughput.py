"""Answers per second to a crowd, and overhead of the bot for one answer: `python -m benchmarks.speed.throughput`.

Three minutes. Fifty people each ask again as soon as they are answered: first `bulletin-bot run`, which keeps
Telegram's limit of 30 messages a second, then the same without the limit; for comparison, in the same run, a bot that
echoes, the encoder alone on the same questions, 32 together, and a SentenceTransformer of the same model, which the
encoder replaces. Then one person asks, in turn, the bot and a bot that echoes.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.bounds import Bound, judge
from benchmarks.conversations import keep_asking
from benchmarks.faults.soak import development_questions
from benchmarks.faults.soak_figures import percentile, spread
from benchmarks.machine import machine
from benchmarks.plain_model import save_plain_model
from benchmarks.served import COMMAND, Served, build_if_missing, running
from bot.settings import Settings
from retrieval.embedding.encoder import load_encoder
from retrieval.language.folding import fold
from retrieval.types import Encoder, Stages

_PEOPLE = range(100, 150)
_WARM_SECONDS, _SECONDS = 4.0, 20.0
_BATCH, _EMBEDDED = 32, 320
_ALONE, _PAUSE_SECONDS = 100, 0.05
_NO_LIMITS = {"PERSON_BURST": "1000", "PERSON_PER_MINUTE": "6000"}
_BOT = [COMMAND, "run"]
UNPACED, _ECHO = (
    [sys.executable, str(Path(__file__).with_name(name))] for name in ("unpaced_bot.py", "echo_bot.py")
)


def main() -> int:
    where, questions = machine(), list(dict.fromkeys(development_questions()))
    build_if_missing()
    cache = Settings().model_cache
    encoder = load_encoder("bundled", cache)
    _embedding_alone(questions, encoder)
    alone = [_embedding_alone(questions, encoder)]
    paced = crowd(_BOT, questions)
    alone.append(_embedding_alone(questions, encoder))
    unpaced = crowd(UNPACED, questions)
    alone.append(_embedding_alone(questions, encoder))
    echo = crowd(_ECHO, questions)
    plain = _embedding_alone(questions, _plain_encoder(cache))
    embedded = statistics.median(one["a second"] for one in alone)
    alone_ms, echo_ms = _one_person(questions)
    added = round(percentile(alone_ms, 0.5) - percentile(echo_ms, 0.5), 2)
    ratio = round(unpaced["answers a second"] / embedded, 2)
    figures: dict[str, object] = {
        "people": len(_PEOPLE),
        "the bot": paced,
        "the bot without Telegram's pace": unpaced,
        "a bot that echoes": echo,
        "the encoder alone, each time": alone,
        "a SentenceTransformer alone": plain,
        "the bot to the encoder alone": round(paced["answers a second"] / embedded, 2),
        "the bot without Telegram's pace to the encoder alone": ratio,
        "the bot without Telegram's pace to a SentenceTransformer alone": round(
            unpaced["answers a second"] / plain["a second"], 2
        ),
        "one person, all but the answering, ms": spread(alone_ms),
        "one person, the echo bot, ms": spread(echo_ms),
        "machine": where,
    }
    bounds = (
        Bound("answers to embeddings, without Telegram's pace", ratio, at_least=0.8),
        Bound("what the bot adds to what an echo takes, p50 ms", added, at_most=10.0),
    )
    return judge("throughput", figures, bounds)


def _plain_encoder(cache: Path) -> Encoder:
    with tempfile.TemporaryDirectory() as folder:
        save_plain_model(Path(folder))
        return load_encoder(folder, cache)


def _embedding_alone(questions: Sequence[str], encoder: Encoder) -> dict[str, float]:
    texts = [fold(question) for question in questions[:_EMBEDDED]]
    start, worked = time.perf_counter(), time.process_time()
    for first in range(0, len(texts), _BATCH):
        encoder.encode_queries(texts[first : first + _BATCH])
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    return {
        "a second": round(len(texts) / seconds, 1),
        "processor ms each": round(worked / len(texts) * 1000, 1),
    }


def crowd(
    command: Sequence[str], questions: Sequence[str], environment: Mapping[str, str] | None = None
) -> dict[str, float]:
    """Answers a second, waits, and processor time of an answer: the bot's part and the emulator's."""
    with running(command, {**_NO_LIMITS, **(environment or {})}, is_direct=True) as bot:
        supply = itertools.cycle(questions)
        keep_asking(bot, _PEOPLE, _for_seconds(_WARM_SECONDS, supply))
        end, before = time.monotonic() + _SECONDS, (_worked(bot), time.process_time())
        asked = keep_asking(bot, _PEOPLE, _for_seconds(_SECONDS, supply))
        after = _worked(bot), time.process_time()
    waits = [one.wait for one in asked]
    costs = [(now - then) / len(asked) * 1000 for now, then in zip(after, before, strict=True)]
    return {
        "answers a second": round(sum(one.answered_at <= end for one in asked) / _SECONDS, 1),
        "unanswered": sum(wait == float("inf") for wait in waits),
        "wait p50, s": round(percentile(waits, 0.5), 2),
        "wait p95, s": round(percentile(waits, 0.95), 2),
        "processor ms an answer, the bot": round(costs[0], 1),
        "processor ms an answer, the emulated Telegram": round(costs[1], 1),
    }


def _for_seconds(seconds: float, questions: itertools.cycle[str]) -> itertools.takewhile[str]:
    end = time.monotonic() + seconds
    return itertools.takewhile(lambda _: time.monotonic() < end, questions)


def _worked(bot: Served) -> float:
    """Processor seconds of the bot."""
    fields = Path(f"/proc/{bot.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _one_person(questions: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds from a question to its answer, without those of answering; and those of the echo bot."""
    waits: list[float] = []
    echoes: list[float] = []
    with running(_BOT, _NO_LIMITS) as bot, running(_ECHO) as echo:
        for question in questions[:_ALONE]:
            for asked, taken in ((bot, waits), (echo, echoes)):
                taken.append(keep_asking(asked, _PEOPLE[:1], iter([question]))[0].wait * 1000)
                time.sleep(_PAUSE_SECONDS)
        answering = _answering(bot)[-_ALONE:]
    return [wait - took for wait, took in zip(waits, answering, strict=True)], echoes


def _answering(bot: Served) -> list[float]:
    """Milliseconds of each answer so far by stage, from the log of the bot."""
    lines = map(json.loads, bot.log.read_text(encoding="utf-8").splitlines())
    answers = [line for line in lines if line.get("event") == "answer"]
    return [sum(line.get(f"{stage}_ms", 0.0) for stage in asdict(Stages())) for line in answers]


if __name__ == "__main__":
    sys.exit(main())
