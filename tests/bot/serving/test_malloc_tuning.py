from __future__ import annotations

import gc
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from bot.serving.answerer import Answerer
from retrieval.building.builder import build_generation
from retrieval.index.index import Index
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded

SOURCES = Path(__file__).parents[3] / "src"
# Each of eight threads asks for memory while the others hold theirs. A heap of glibc's begins at a multiple of 64 MB.
HEAPS = """
import threading
from pathlib import Path
from bot.serving.malloc_tuning import use_one_heap

def hold():
    kept = [bytes(20_000) for _ in range(200)]
    together.wait()

{first}
together = threading.Barrier(8)
threads = [threading.Thread(target=hold) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
starts = [int(line.split("-")[0], 16) for line in Path("/proc/self/maps").read_text().splitlines() if " rw-p " in line]
print(sum(start % 2**26 == 0 for start in starts))
"""


def _heaps(first: str) -> int:
    command = [sys.executable, "-c", HEAPS.format(first=first)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(SOURCES)}
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives threads heaps of their own")
def test_threads_share_one_heap() -> None:
    assert _heaps("") > 1
    assert _heaps("use_one_heap()") <= 1


def test_an_index_that_is_replaced_goes_without_the_garbage_collector() -> None:
    encoder = HashEncoder()
    parts = build_generation(SMALL_PASSAGES, encoder)
    answerer = Answerer(loaded(parts, encoder, "first"), encoder)
    answerer.warm_up()
    gc.collect()
    gc.disable()
    try:
        answerer.answer_now("每月發佈多少名月榜人物?")
        before = _generations()
        answerer.serve(loaded(parts, encoder, "second"))
        assert _generations() == before
    finally:
        gc.enable()
        answerer.close()


def _generations() -> int:
    return sum(type(found) is Index for found in gc.get_objects())
