"""Runs a function on untrusted bytes in a child process with limits on its time and memory.

A regular expression over 20 MB holds the interpreter's lock, a PDF form that draws itself never ends, and a damaged
file may crash the library that reads it. In a child process each of these costs one sentence to the operator.

Protocol: the child gets the input on standard input and the job's name as an argument. It writes the output to
standard output and exits with 0, or writes a sentence and exits with `_UNREADABLE`. Any other exit status means that
it reached a limit or crashed.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Job = Callable[[bytes], bytes]
"""A module-level function, imported by name in the child; it raises `UnreadableFileError` for what it rejects."""

_MEMORY = 2 * 2**30
# On a busy machine a process may wait for the processor this many times as long as it uses it.
_WALL_SECONDS_PER_PROCESSOR_SECOND = 4
_UNREADABLE = 3
_EXHAUSTED = "takes too much time or memory to read"
DAMAGED = "cannot be read: damaged, or not of the kind that its ending says; open it where it was made and save it again"
"""The sentence for whatever a library meets in a file; its own message would tell the operator nothing to do."""
# Started by `-c`, because with `-m` the child would hold this module, and the error class, twice.
_PROGRAM = "from retrieval.reading import sandbox; sandbox.main()"
_INSIDE = "BULLETIN_READING_SANDBOX"
_ENVIRONMENT = {_INSIDE: "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class UnreadableFileError(Exception):
    """The message says why the file cannot be read; it follows the file's name in a finding."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one child process; memory is limited to 2 GB always."""

    seconds: int
    """Processor time; the wall clock ends the child after four times as long."""
    niceness: int = 0


def run(job: Job, content: bytes, limits: Limits) -> bytes:
    """The output of the job for the content. Raises UnreadableFileError if it rejects it or reaches a limit."""
    with _child(job, limits) as process:
        return _result(process, content, limits)


async def run_async(job: Job, content: bytes, limits: Limits) -> bytes:
    """As `run`, without blocking the event loop; cancelling it kills the child."""
    import asyncio  # not needed in the child, which starts 40 ms sooner without it

    with _child(job, limits) as process:
        return await asyncio.to_thread(_result, process, content, limits)


@contextlib.contextmanager
def _child(job: Job, limits: Limits) -> Iterator[subprocess.Popen[bytes]]:
    """A child process that waits for its input; on exit it is dead, and so is every process it has started."""
    process = subprocess.Popen(  # noqa: S603 - this interpreter, a fixed program, the name of a function, two numbers
        [sys.executable, "-c", _PROGRAM, _name_of(job), str(limits.seconds), str(limits.niceness)],
        env={**os.environ, **_ENVIRONMENT},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=not _is_nested(),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            _kill(process)
            process.wait()


def _is_nested() -> bool:
    """True in a child of this module: its own children stay in its process group and die with it."""
    return _INSIDE in os.environ


def _kill(process: subprocess.Popen[bytes]) -> None:
    if _is_nested():
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _result(process: subprocess.Popen[bytes], content: bytes, limits: Limits) -> bytes:
    try:
        output, _ = process.communicate(content, _WALL_SECONDS_PER_PROCESSOR_SECOND * limits.seconds)
    except subprocess.TimeoutExpired as error:
        _kill(process)
        process.communicate()  # closes the pipes
        raise UnreadableFileError(_EXHAUSTED) from error
    if process.returncode == _UNREADABLE:
        raise UnreadableFileError(output.decode())
    if process.returncode:
        raise UnreadableFileError(_EXHAUSTED)
    return output


def _name_of(job: Job) -> str:
    return f"{job.__module__}:{job.__qualname__}"


def main() -> None:
    """Runs one job in this process; what libraries print to standard output goes to standard error."""
    name, seconds, niceness = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.nice(niceness)
    _limit_resources(seconds)
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)
        try:
            output.write(_job_named(name)(sys.stdin.buffer.read()))
        except UnreadableFileError as error:
            output.write(str(error).encode(errors="replace"))
            sys.exit(_UNREADABLE)
        except MemoryError:
            sys.exit(1)


def _limit_resources(seconds: int) -> None:
    """Limits the processor time, the memory and the core dumps of this process and of those it starts."""
    for kind, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system has each; none is raised again
            resource.setrlimit(kind, (limit, limit))


def _job_named(name: str) -> Job:
    module, _, function = name.partition(":")
    job: Job = getattr(importlib.import_module(module), function)
    return job
