from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from retrieval.language import segmentation_pool
from retrieval.language.segmentation import terms
from retrieval.language.segmentation_pool import term_lists

ROOT = Path(__file__).parents[3]
TEXTS = [f"廣州市第{number}屆志願服務大賽,共有{number * 7}支隊伍參加。\ud800" for number in range(700)]


def children() -> set[int]:
    """The processes that this one has started and that are there."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for found in tasks for pid in found.read_text().split()}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few texts are worth two processes."""
    monkeypatch.setattr(segmentation_pool, "_FEWEST_TEXTS", 100)


def test_few_texts_are_cut_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a process was started"))
    assert list(term_lists(TEXTS[:5], 5, workers=2)) == [terms(text) for text in TEXTS[:5]]


@pytest.mark.usefixtures("many")
def test_workers_give_the_same_terms_in_the_same_order_and_are_gone_then() -> None:
    before = children()
    assert list(term_lists(iter(TEXTS), len(TEXTS), workers=2)) == [terms(text) for text in TEXTS]
    assert children() <= before


@pytest.mark.usefixtures("many")
def test_a_worker_that_is_killed_costs_no_text(caplog: pytest.LogCaptureFixture) -> None:
    before = children()
    texts = TEXTS * 3  # more than are in flight, so that the dead worker is given some again
    found = term_lists(iter(texts), len(texts), workers=2)
    lists = [next(found)]
    os.kill(min(children() - before), signal.SIGKILL)
    assert [*lists, *found] == [terms(text) for text in texts]
    assert "its texts are cut here" in caplog.text


@pytest.mark.usefixtures("many")
def test_closing_early_ends_the_workers() -> None:
    before = children()
    found = term_lists(iter(TEXTS), len(TEXTS), workers=2)
    next(found)
    assert len(children() - before) == 2
    found.close()
    assert children() <= before


@pytest.mark.usefixtures("many")
def test_no_more_texts_are_taken_than_a_few_chunks_ahead() -> None:
    taken = 0

    def counted() -> object:
        nonlocal taken
        for text in TEXTS * 5:
            taken += 1
            yield text

    found = term_lists(counted(), len(TEXTS) * 5, workers=2)  # type: ignore[arg-type]
    next(found)
    assert taken <= 128 * 6
    found.close()


# A builder that is killed while its workers cut; it says who they are.
BUILDER = """
import itertools, os
from pathlib import Path
from retrieval.language.segmentation_pool import term_lists
found = term_lists(itertools.repeat("志願者走進社區,送去溫暖。" * 20, 10**7), 10**7, workers=2)
next(found)
print(*[pid for tasks in Path(f"/proc/{os.getpid()}/task").glob("*/children") for pid in tasks.read_text().split()], flush=True)
for _ in found:
    pass
"""


def test_workers_end_when_their_builder_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUILDER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as builder:
        assert builder.stdout is not None
        workers = [Path("/proc") / pid for pid in builder.stdout.readline().split()]
        assert len(workers) == 2
        builder.kill()
    wait = threading.Event()
    for _ in range(300):
        if not any(
            worker.exists() and "Z" not in (worker / "stat").read_text().split()[2] for worker in workers
        ):
            return
        wait.wait(0.1)
    raise AssertionError("a worker is left")
