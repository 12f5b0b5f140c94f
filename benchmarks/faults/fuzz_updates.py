"""Hostile input: `python -m benchmarks.faults.fuzz_updates [CASES] [SEED]` (50,000 cases in all); any failure ends with status 1.

The whole application in this process, on the seven bulletins with the hashing encoder and, for a few of the questions,
with the bundled model, against an emulator that refuses what Telegram refuses. No case may log an exception, have a
call refused, or keep the processor busy for over a second; after it the bot must answer a plain question.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.doubles import HashEncoder, loaded
from tests.e2e.bot_api.wire import JsonObject

from benchmarks.faults import hostile_updates
from benchmarks.faults.fuzz_reader import read
from benchmarks.faults.hostile_bot import SECONDS, HostileBot, hostile_bot
from benchmarks.faults.hostile_documents import documents
from benchmarks.faults.hostile_files import FILES, damaged
from benchmarks.faults.hostile_presses import presses
from benchmarks.faults.hostile_texts import links, questions
from benchmarks.faults.soak import circumstances
from benchmarks.rebuilds import record
from bot.operations.uploads import INCOMING
from bot.serving.answerer import Answerer
from bot.settings import Settings
from retrieval.building.builder import build_generation
from retrieval.embedding.encoder import load_encoder
from retrieval.reading import read_collection, read_upload
from retrieval.types import Encoder

CASES = 50_000
_SHARES = {
    "updates": 0.4,
    "questions": 0.172,
    "links": 0.12,
    "presses": 0.18,
    "documents": 0.04,
    "files": 0.08,
}
_WITH_THE_MODEL = 0.008
_ASKED_EVERY = 20


def answerer_with(encoder: Encoder) -> Answerer:
    """An answerer for the seven bulletins."""
    passages = read_collection(Settings().bulletins_dir).passages
    answerer = Answerer(loaded(build_generation(passages, encoder), encoder), encoder)
    answerer.warm_up()
    return answerer


async def take_all(bot: HostileBot, kind: str, raws: Iterable[JsonObject]) -> None:
    """Let the bot handle the updates one by one, and ask a plain question from time to time."""
    for number, raw in enumerate(raws):
        await bot.take(kind, raw)
        if number % _ASKED_EVERY == 0:
            await bot.answers(kind)
    await bot.answers(kind)


def sources(bot: HostileBot, counts: dict[str, int], seed: int) -> Iterator[tuple[str, Iterable[JsonObject]]]:
    """The updates of each kind."""
    state, known = (
        bot.chat.person.state,
        [passage.passage_id for passage in bot.chat.answerer.index.passages[:5]],
    )
    yield "updates", hostile_updates.updates(counts["updates"], seed)
    yield "questions", questions(counts["questions"], seed)
    yield "links", links(counts["links"], seed)
    yield "presses", presses(counts["presses"], seed, known)
    yield "documents", documents(counts["documents"], seed, state)


def outside(folder: Path) -> list[str]:
    """Files written outside the folder in which uploads are set aside."""
    bulletins = folder / "bulletins"
    beside = [path for path in folder.iterdir() if path.name not in ("bulletins", "index")]
    return [str(path) for path in (*beside, *(path for path in bulletins.iterdir() if path.name != INCOMING))]


def damaged_files(count: int, seed: int) -> tuple[list[str], tuple[float, str]]:
    """Failures of the readers on damaged files of every format, and the slowest file."""
    failures, slowest = [], (0.0, "")
    for name, content in damaged(count, seed):
        try:
            took, _ = read(name, content)
        except Exception as error:  # noqa: BLE001 - any of them is what is looked for
            failures.append(f"files: {name!r}: {type(error).__name__}: {error}")
            continue
        slowest = max(slowest, (took, f"{name!a}, {len(content)} bytes"))
        if took > SECONDS:
            failures.append(f"files: {name!r}: {took:.2f} s for {len(content)} bytes")
    return failures, slowest


async def made_files(folder: Path) -> tuple[list[str], dict[str, float]]:
    """Read each of FILES as an upload, in a child process; return the failures and the times over one second."""
    failures, slow = [], {}
    for title, (name, make) in FILES.items():
        inside = folder / "bombs"
        inside.mkdir(exist_ok=True)
        path = inside / name
        path.write_bytes(make())
        started = time.monotonic()
        try:
            reading = await read_upload(path)
        except Exception as error:  # noqa: BLE001 - any of them is what is looked for
            failures.append(f"files: {title}: {type(error).__name__}: {error}")
            continue
        took = time.monotonic() - started
        if took > SECONDS:
            slow[f"{title}: {len(reading.passages)} passages, {len(reading.findings)} findings"] = round(
                took, 1
            )
        if [path.name for path in inside.iterdir()] != [name]:
            failures.append(f"files: {title} wrote {[path.name for path in inside.iterdir()]}")
        path.unlink()
    (folder / "bombs").rmdir()
    return failures, slow


async def fuzz(cases: int, seed: int) -> dict[str, object]:
    """Run everything; return the figures and the failures."""
    counts = {kind: round(cases * share) for kind, share in _SHARES.items()}
    with tempfile.TemporaryDirectory() as name:
        folder, started = Path(name), time.monotonic()
        async with hostile_bot(answerer_with(HashEncoder()), folder) as bot:
            for kind, raws in sources(bot, counts, seed):
                await take_all(bot, kind, raws)
                print(f"{kind}: {bot.taken[kind]}, {len(bot.failures)} failures so far", flush=True)
            failures = [*bot.failures, *(f"written outside: {path}" for path in outside(folder))]
            taken, skipped, slowest = dict(bot.taken), bot.skipped, bot.slowest
            bot.chat.answerer.close()
        damaged_failures, slowest_file = damaged_files(counts["files"] - len(FILES), seed)
        made_failures, slow = await made_files(folder)
        failures += [*damaged_failures, *made_failures]
        print(f"files: {counts['files']}, {len(failures)} failures so far", flush=True)
        meaning = await with_the_model(round(cases * _WITH_THE_MODEL), seed, folder)
    return {
        **circumstances(),
        "cases": sum(taken.values()) + counts["files"] + meaning.taken["questions"],
        "seed": seed,
        "by kind": {
            **taken,
            "files": counts["files"],
            "questions with the bundled model": meaning.taken["questions"],
        },
        "passed over as not what Telegram sends": skipped,
        "failures": [*failures, *meaning.failures][:50],
        "seconds of the slowest case": [round(slowest[0], 2), slowest[1][:200]],
        "seconds of the slowest case with the bundled model": [
            round(meaning.slowest[0], 2),
            meaning.slowest[1][:200],
        ],
        "seconds of the slowest damaged file": [round(slowest_file[0], 2), slowest_file[1]],
        "seconds of bombs that take over one, from the start of their reader": slow,
        "minutes": round((time.monotonic() - started) / 60, 1),
    }


async def with_the_model(count: int, seed: int, folder: Path) -> HostileBot:
    """The bot with questions that the bundled model embeds."""
    settings = Settings()
    answerer = answerer_with(load_encoder("bundled", settings.model_cache, threads=1))
    async with hostile_bot(answerer, folder) as bot:
        await take_all(bot, "questions", questions(count, seed))
    answerer.close()
    return bot


def main() -> int:
    cases, seed = (
        int(sys.argv[position]) if len(sys.argv) > position else default
        for position, default in ((1, CASES), (2, 1))
    )
    figures = asyncio.run(fuzz(cases, seed))
    record("fuzz_updates", figures)
    return 1 if figures["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
