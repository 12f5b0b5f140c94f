"""Response time while the bot rebuilds: `python -m benchmarks.faults.answer_while_rebuilding`.

Answers questions one after another with a tenth of a second between them, first on an idle machine, then while a child
process embeds every bulletin of the collection anew, as `/rebuild` does after a change of the encoder.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.operations.rebuild_subprocess import rebuild_in_child
from bot.serving.answerer import Answerer, open_answerer
from bot.settings import load_settings

_QUESTIONS = (
    "北京榜樣每個月評出多少人?",
    "大連推出了多少個公益項目?",
    "深圳垃圾分類怎麼罰?",
    "哪些地方提到志願者?",
)
_IN_QUIET = 60
_PAUSE_SECONDS = 0.1


async def waiting_times(answerer: Answerer, goes_on: Callable[[int], bool]) -> list[float]:
    """Milliseconds of each question, for as long as `goes_on` says so."""
    times: list[float] = []
    for question in itertools.cycle(_QUESTIONS):
        if not goes_on(len(times)):
            return times
        started = time.perf_counter()
        await answerer.answer(question)
        times.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(_PAUSE_SECONDS)
    return times


def show(name: str, times: list[float]) -> None:
    slow = sorted(times)[int(len(times) * 0.95)]
    print(
        f"{name:14} {len(times):4} questions, median {statistics.median(times):.0f} ms, "
        f"95 % {slow:.0f} ms, slowest {max(times):.0f} ms"
    )


async def main() -> None:
    settings = load_settings()
    answerer = open_answerer(settings)
    answerer.warm_up()
    show("in quiet", await waiting_times(answerer, lambda asked: asked < _IN_QUIET))
    with tempfile.TemporaryDirectory() as folder:
        anew = load_settings(index_dir=Path(folder) / "index")
        build = asyncio.create_task(rebuild_in_child(anew, lambda *_: None))
        started = time.perf_counter()
        show("while building", await waiting_times(answerer, lambda _: not build.done()))
        summary = await build
    print(f"{summary.passages} passages in {time.perf_counter() - started:.0f} s")
    answerer.close()


if __name__ == "__main__":
    asyncio.run(main())
