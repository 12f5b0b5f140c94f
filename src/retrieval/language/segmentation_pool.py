"""Segments many texts in child processes; threads do not help, because jieba holds Python's lock.

The workers are plain child processes that read and write lines of JSON. They do not fork beside torch's threads, import
nothing of the program that builds, and may be started from a thread or from a child process. A worker whose parent
has died reads the end of its input and exits.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from queue import SimpleQueue
from typing import IO

from retrieval.language.segmentation import terms

logger = logging.getLogger(__name__)

# Fewer texts are segmented here: a worker loads the dictionary in about a second, which is 1,000 texts.
_FEWEST_TEXTS = 2000
# Texts sent at a time: a tenth of a second of work, so that the sending does not count.
_CHUNK = 128
_MOST_WORKERS = 8


def term_lists(
    texts: Iterable[str], count: int, workers: int | None = None
) -> Generator[list[str], None, None]:
    """`terms` of each text, in order; `count` is about how many texts there are.

    Few texts, or those of a machine with one core, are segmented in this process. At most three chunks a worker are
    in flight. If a worker dies, its texts are segmented here and the log says so. Close the generator if it is not
    read to its end: that ends the workers.
    """
    number = min(_cores(), _MOST_WORKERS) if workers is None else workers
    if number < 2 or count < _FEWEST_TEXTS:
        yield from map(terms, texts)
        return
    with closing(_in_workers(texts, number)) as chunks:
        for chunk in chunks:
            yield from chunk


def _cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_workers(texts: Iterable[str], number: int) -> Generator[list[list[str]], None, None]:
    remaining = iter(texts)
    waiting: deque[tuple[list[str], Future[list[list[str]]]]] = deque()
    with _pool(number) as pool:
        while chunk := list(itertools.islice(remaining, _CHUNK)):
            waiting.append((chunk, pool.submit(chunk)))
            if len(waiting) >= 3 * number:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())


def _result(chunk: list[str], cut: Future[list[list[str]]]) -> list[list[str]]:
    try:
        return cut.result()
    except (OSError, ValueError) as error:
        logger.warning("A process that cuts texts into terms is gone (%s): its texts are cut here.", error)
        return [terms(text) for text in chunk]


class _Pool:
    """Workers, and a thread for each that waits for its answer."""

    def __init__(self, workers: Sequence[_Worker], threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in workers:
            self._idle.put(worker)

    def submit(self, texts: list[str]) -> Future[list[list[str]]]:
        return self._threads.submit(self._cut, texts)

    def _cut(self, texts: list[str]) -> list[list[str]]:
        worker = self._idle.get()
        try:
            return worker.terms_of(texts)
        finally:
            self._idle.put(worker)


@contextmanager
def _pool(number: int) -> Iterator[_Pool]:
    """Starts workers, and ends them however the block ends."""
    workers = [_Worker() for _ in range(number)]
    threads = ThreadPoolExecutor(number, "terms")
    try:
        yield _Pool(workers, threads)
    finally:
        for worker in workers:
            worker.kill()
        threads.shutdown(cancel_futures=True)
        for worker in workers:
            worker.close()


class _Worker:
    """A child process that segments texts."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this module
            [sys.executable, "-m", __spec__.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in a terminal is for the parent, which then ends this
        )

    def terms_of(self, texts: Sequence[str]) -> list[list[str]]:
        """Raises OSError or ValueError if the process is gone."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the worker was started without pipes")
        self._process.stdin.write(json.dumps(texts).encode() + b"\n")
        self._process.stdin.flush()
        vocabulary, lists = json.loads(self._process.stdout.readline())
        return [[vocabulary[number] for number in numbers] for numbers in lists]

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # unsent bytes cannot be sent any more
        logger.debug("A pipe to a worker was not empty")


def main() -> None:
    """Answers each line, a list of texts, with a line: the distinct terms, and for each text their indexes."""
    for line in sys.stdin.buffer:
        numbers: dict[str, int] = {}
        lists = [
            [numbers.setdefault(term, len(numbers)) for term in terms(text)] for text in json.loads(line)
        ]
        try:
            sys.stdout.buffer.write(json.dumps([list(numbers), lists]).encode() + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            os._exit(0)  # the parent is gone: skip flushing the buffer


if __name__ == "__main__":
    main()
