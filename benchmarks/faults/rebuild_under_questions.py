"""Rebuilds while questions are asked: `python -m benchmarks.faults.rebuild_under_questions [REBUILDS] [ASKERS]`.

With the bundled model and the seven bulletins. Each rebuild changes one paragraph; the bot's own thread swaps the index
while the askers ask without pause. An answer fails if it is refused, if a quote is not in its paragraph, or if its
paragraphs are not all of one generation; memory is read before the first swap and after the last.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.rebuilds import record
from bot.operations.rebuilding import build, load_configured_encoder
from bot.operations.statistics import resident_bytes
from bot.serving.answerer import Answerer
from bot.serving.index_reloader import reloading
from bot.settings import Settings
from retrieval.index.generations import load_serving
from retrieval.types import Answer

_QUESTIONS = (
    "北京榜樣每個月評出多少人?",
    "大連推出了多少個公益項目?",
    "北京榜样每年评出多少人",
    "重慶的志願者有多少",
)
_EDITED = "每月發佈10名月榜人物"


def main() -> int:
    rebuilds, askers = (int(sys.argv[position]) if len(sys.argv) > position else 20 for position in (1, 2))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            bulletins_dir=Path(folder) / "bulletins", index_dir=Path(folder) / "index", gate_margin=1.0
        )
        shutil.copytree(Settings().bulletins_dir, settings.bulletins_dir)
        figures = asyncio.run(_run(settings, rebuilds, askers))
    record("rebuild_under_questions", figures)
    return 0 if not figures["failed"] and not figures["of two generations"] else 1


async def _run(settings: Settings, rebuilds: int, askers: int) -> dict[str, object]:
    encoder = load_configured_encoder(settings)
    build(settings, encoder=encoder)
    answerer = Answerer(load_serving(settings.index_dir, encoder.name), encoder)
    answerer.warm_up()
    known = {answerer.index.name: _ids(answerer)}
    answers: list[tuple[Answer, float]] = []
    done = asyncio.Event()

    async def ask(number: int) -> None:
        while not done.is_set():
            start = time.perf_counter()
            answer = await answerer.answer(_QUESTIONS[number % len(_QUESTIONS)])
            answers.append((answer, time.perf_counter() - start))

    swaps: list[float] = []
    memory: list[int] = []
    with reloading(answerer, settings):
        asking = [asyncio.create_task(ask(number)) for number in range(askers)]
        for number in range(rebuilds):
            _edit(settings.bulletins_dir, number)
            report = await asyncio.to_thread(build, settings, encoder=encoder)
            built = time.perf_counter()
            while answerer.index.name != report.generation:
                await asyncio.sleep(0.02)
            swaps.append(time.perf_counter() - built)
            known[report.generation] = _ids(answerer)
            gc.collect()
            memory.append(resident_bytes() // 2**20)
        done.set()
        await asyncio.gather(*asking)
    answerer.close()
    return _figures(answers, known, swaps, memory, askers)


def _figures(
    answers: list[tuple[Answer, float]],
    known: dict[str, frozenset[str]],
    swaps: list[float],
    memory: list[int],
    askers: int,
) -> dict[str, object]:
    waits = sorted(wait for _, wait in answers)
    return {
        "rebuilds": len(swaps),
        "askers": askers,
        "answers": len(answers),
        "failed": sum(not _is_sound(answer) for answer, _ in answers),
        "of two generations": sum(not _is_of_one(answer, known) for answer, _ in answers),
        "generations answered from": sum(
            any(_ids_of(answer) <= new and not _ids_of(answer) <= old for answer, _ in answers)
            for old, new in pairwise(known.values())
        ),
        "seconds from built to served, at most": round(max(swaps), 2),
        "seconds to an answer with all asking, median": round(statistics.median(waits), 2),
        "megabytes after each rebuild": memory,
    }


def _is_sound(answer: Answer) -> bool:
    verbatim = all(quote.text in quote.passage.text for quote in answer.quotes)
    return answer.status == "answered" and bool(answer.citations) and verbatim


def _is_of_one(answer: Answer, known: dict[str, frozenset[str]]) -> bool:
    return any(_ids_of(answer) <= ids for ids in known.values())


def _ids_of(answer: Answer) -> frozenset[str]:
    hits = (hit.passage.passage_id for hit in answer.hits)
    return frozenset((*hits, *(citation.passage.passage_id for citation in answer.citations)))


def _ids(answerer: Answerer) -> frozenset[str]:
    return frozenset(passage.passage_id for passage in answerer.index.passages)


def _edit(folder: Path, number: int) -> None:
    """Write another number into the paragraph that the askers ask for."""
    (file,) = folder.iterdir()
    text = file.read_text(encoding="utf-8")
    was = _EDITED if number == 0 else f"每月發佈{10 + number}名月榜人物"
    assert was in text
    file.write_text(text.replace(was, f"每月發佈{11 + number}名月榜人物"), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
