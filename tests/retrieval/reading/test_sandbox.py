"""A job in the sandbox gives its output, or one sentence that says why it gives none, and leaves no process behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrieval.reading import sandbox
from retrieval.reading.sandbox import Limits, UnreadableFileError, run, run_async

LIMITS = Limits(seconds=10)
EXHAUSTED = "takes too much time or memory to read"


def shout(content: bytes) -> bytes:
    print("what a library prints is no part of the output")  # noqa: T201
    return content.upper()


def reject(content: bytes) -> bytes:
    raise UnreadableFileError(f"encrypted: {len(content)} 字節")


def never_end(content: bytes) -> bytes:
    while True:
        pass


def take_too_much_memory(content: bytes) -> bytes:
    return bytes(3 * 2**30)


def crash(content: bytes) -> bytes:
    os.abort()


def niceness(content: bytes) -> bytes:
    return str(os.nice(0)).encode()


def run_a_job_that_sleeps(content: bytes) -> bytes:
    return run(sleep, content, LIMITS)


def sleep(content: bytes) -> bytes:
    """Writes its process id to the file, and stays."""
    Path(os.fsdecode(content)).write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(60)
    return b""


def test_the_output_of_a_job_comes_back() -> None:
    assert run(shout, b"abc", LIMITS) == b"ABC"


def test_a_large_input_and_output_pass_through() -> None:
    content = os.urandom(4 * 2**20)
    assert run(shout, content, LIMITS) == content.upper()


def test_what_a_job_rejects_is_said_in_its_own_words() -> None:
    with pytest.raises(UnreadableFileError, match=r"^encrypted: 3 字節$"):
        run(reject, b"abc", LIMITS)


@pytest.mark.parametrize("job", [never_end, take_too_much_memory, crash])
def test_a_job_that_reaches_a_limit_or_crashes_is_said_to_take_too_much(job: sandbox.Job) -> None:
    with pytest.raises(UnreadableFileError, match=f"^{EXHAUSTED}$"):
        run(job, b"", Limits(seconds=1))


def test_a_job_that_waits_for_ever_is_ended_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_WALL_SECONDS_PER_PROCESSOR_SECOND", 1)
    started = time.monotonic()
    with pytest.raises(UnreadableFileError, match=EXHAUSTED):
        run(sleep, os.fsencode(tmp_path / "pid"), Limits(seconds=1))
    assert time.monotonic() - started < 10


def test_a_job_runs_at_the_niceness_asked_for() -> None:
    assert int(run(niceness, b"", Limits(10, niceness=3))) == os.nice(0) + 3


async def test_a_job_beside_the_event_loop_gives_the_same() -> None:
    assert await run_async(shout, b"abc", LIMITS) == b"ABC"
    with pytest.raises(UnreadableFileError, match="encrypted"):
        await run_async(reject, b"", LIMITS)


async def test_a_cancelled_job_ends_with_the_processes_it_has_started(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    running = asyncio.create_task(run_async(run_a_job_that_sleeps, os.fsencode(path), LIMITS))
    while not (path.exists() and path.read_text(encoding="utf-8")):
        await asyncio.sleep(0.05)
    inner = Path("/proc") / path.read_text(encoding="utf-8")
    assert inner.exists()
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    for _ in range(100):
        if not inner.exists() or "Z" in (inner / "stat").read_text().split()[2]:
            return
        await asyncio.sleep(0.05)
    pytest.fail("the inner process is left")


def test_a_child_does_not_load_what_only_its_parent_needs() -> None:
    code = "import sys; import retrieval.reading; print([n for n in ('asyncio', 'pydantic') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
