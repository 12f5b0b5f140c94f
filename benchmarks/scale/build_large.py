"""Builds 100,000 paragraphs, is killed at 80 %, and builds again: `python -m benchmarks.scale.build_large [PASSAGES]`.

Files made up from the words of the seven bulletins, read, embedded by a double (384 dimensions, tokens for two characters
in three, as the bundled model has them), indexed with jieba, written, loaded back and checked: all of
`bulletin-bot rebuild` but the model, and no questions for the gate. The first build is a process that gets SIGKILL;
the second must embed only the rest, counted in characters as the progress bar counts: long texts come before short
ones in each window, so the share of texts differs. Texts that both builds embedded are lost work, at most one batch.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import machine
from benchmarks.rebuilds import record
from benchmarks.scale.synthetic import SyntheticEncoder, read_vocabulary, synthetic_passages
from bot.operations.rebuilding import build
from bot.settings import Settings
from retrieval.index.lexical.inverted_index import hash_terms
from retrieval.progress import Stage
from retrieval.types import Encoding, Passage

_IN_A_FILE = 40
_KILLED_AT = 0.8
_LONGEST = 300.0  # seconds without embedding
_MOST_AGAIN = 0.21  # of the characters, by the second build
_MOST_TWICE = 10_000  # characters; a group is 8,192 and the rest of its last text
_NOTE = np.dtype([("key", "<u8"), ("length", "<u4")])


class _TimedEncoder(SyntheticEncoder):
    """The double; writes every text to a file and subtracts the time that this takes."""

    seconds = 0.0

    def __init__(self, notes: Path) -> None:
        super().__init__()
        self._notes = notes.open("wb", buffering=0)

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        start = time.perf_counter()
        encoding = super().encode_passages(texts)
        noted = [(int(key), len(text)) for key, text in zip(hash_terms(texts), texts, strict=True)]
        self._notes.write(np.asarray(noted, _NOTE).tobytes())
        self.seconds += time.perf_counter() - start
        return encoding


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        return _child(Path(sys.argv[2]), Path(sys.argv[3]))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    where = machine()
    os.environ.setdefault(
        "OMP_WAIT_POLICY", "PASSIVE"
    )  # as loading a model, which this build does not, sets it
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_bulletins(folder / "bulletins", count)
        killed = _run(folder, folder / "first", kill_at=_KILLED_AT)
        checkpoint = sum(path.stat().st_size for path in (folder / "index").glob(".embedded-*"))
        resumed = _run(folder, folder / "second")
        index = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
        embedded = _embedded(*(np.fromfile(folder / name, _NOTE) for name in ("first", "second")))
    figures = {**_figures(killed, resumed), **embedded}
    sizes = {"journal when killed, MB": checkpoint >> 20, "index, MB": index >> 20}
    record("build_large", {**figures, **sizes, "machine": where})
    is_fast = float(str(figures["one build without the double, s"])) <= _LONGEST
    is_resumed = embedded["share of the characters embedded by the second build"] < _MOST_AGAIN
    return 0 if is_fast and is_resumed and embedded["characters embedded by both"] <= _MOST_TWICE else 1


def _embedded(first: NDArray[np.void], second: NDArray[np.void]) -> dict[str, float]:
    """Characters that each build embedded, and that both did."""
    twice = np.isin(second["key"], first["key"])
    characters = int(first["length"].sum()), int(second["length"].sum())
    return {
        "texts embedded by the first build": len(first),
        "texts embedded by the second build": len(second),
        "share of the characters embedded by the second build": round(characters[1] / sum(characters), 4),
        "texts embedded by both": int(twice.sum()),
        "characters embedded by both": int(second["length"][twice].sum()),
    }


def _write_bulletins(folder: Path, count: int) -> None:
    """Write about `count` passages, 40 a file."""
    folder.mkdir()
    passages = synthetic_passages(count, read_vocabulary())
    number = 0
    while in_file := list(islice(passages, _IN_A_FILE)):
        (folder / f"{number:06}.txt").write_text("\n\n".join(_lines(in_file)) + "\n", encoding="utf-8")
        number += 1


def _lines(passages: Sequence[Passage]) -> Iterator[str]:
    yield f"精神文明建設工作簡報 {passages[0].bulletin}"
    for passage in passages:
        yield from (section.full for section in passage.section_path)
        yield passage.text


def _run(folder: Path, notes: Path, kill_at: float | None = None) -> dict[str, object]:
    """The last report of the child before it ended, or was killed at this share of the embedding."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.scale.build_large", "--child", str(folder), str(notes)]
    said: dict[str, object] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        if child.stdout is None:
            raise ValueError("the child was started without a pipe")
        for line in child.stdout:
            said = json.loads(line)
            if kill_at is not None and said["stage"] == Stage.EMBEDDING and said["share"] >= kill_at:  # type: ignore[operator]
                child.send_signal(signal.SIGKILL)
                break
    assert kill_at is not None or child.returncode == 0, "the build failed"
    return {**said, "wall": time.perf_counter() - start}


def _child(folder: Path, notes: Path) -> int:
    """One build that reports its progress and cost on lines of JSON."""
    encoder, seconds, share = _TimedEncoder(notes), {}, 0.0
    started: dict[Stage, float] = {}
    passages = 0
    processor: dict[str, float] = {}

    def watch(stage: Stage, done: int, total: int) -> None:
        nonlocal share, passages
        now = time.perf_counter()
        seconds[stage.value] = now - started.setdefault(stage, now)
        share = done / (total or 1)
        passages = total if stage is Stage.INDEXING else passages
        say(stage.value)

    def say(stage: str) -> None:
        report = {"stage": stage, "share": share, "seconds": seconds, "passages": passages, "memory": peaks}
        report["processor"] = processor
        print(json.dumps({**report, "double": encoder.seconds}), flush=True)

    begun = time.perf_counter()
    with _peak_memory() as peaks:
        build(_settings(folder), encoder=encoder, progress=watch)
        seconds["all"] = time.perf_counter() - begun
        peaks["a worker"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
        for name, who in (("builder", resource.RUSAGE_SELF), ("workers", resource.RUSAGE_CHILDREN)):
            used = resource.getrusage(who)
            processor[name] = round(used.ru_utime + used.ru_stime, 1)
    say("done")
    return 0


def _settings(folder: Path) -> Settings:
    return Settings(
        bulletins_dir=folder / "bulletins",
        index_dir=folder / "index",
        development_questions=folder / "none",
    )


@contextmanager
def _peak_memory() -> Iterator[dict[str, int]]:
    """In MB: peak resident memory of this process, and the peak of the part that is not mapped from files."""
    peaks = {"resident": 0, "of it not of files": 0}
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.1):
            lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
            status = {
                line.partition(":")[0]: line.split()[1]
                for line in lines
                if line.startswith(("VmHWM", "RssAnon"))
            }
            peaks["resident"] = int(status["VmHWM"]) >> 10
            peaks["of it not of files"] = max(peaks["of it not of files"], int(status["RssAnon"]) >> 10)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        stop.set()
        thread.join()


def _figures(killed: dict[str, object], resumed: dict[str, object]) -> dict[str, object]:
    """Figures of an uninterrupted build: the second one with the embedding of the first."""
    first, second = (dict(run["seconds"]) for run in (killed, resumed))  # type: ignore[call-overload]
    doubles = float(str(killed["double"])) + float(str(resumed["double"]))
    return {
        "passages": resumed["passages"],
        "one build without the double, s": round(second["all"] + first["embedding"] - doubles, 1),
        "the double, s": round(doubles, 1),
        "first build until it was killed, s": round(float(str(killed["wall"])), 1),
        "second build, s": round(second["all"], 1),
        "second build by stage, s": {
            stage: round(took, 1) for stage, took in second.items() if stage != "all"
        },
        "embedding of the first build without the double, s": round(
            first["embedding"] - float(str(killed["double"])), 1
        ),
        "processor time of the second build, s": resumed["processor"],
        "peak memory of the second build, MB": resumed["memory"],
    }


if __name__ == "__main__":
    sys.exit(main())
