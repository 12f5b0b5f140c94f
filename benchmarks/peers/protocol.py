"""Protocol between the comparison and the process of each library: a task in JSON in, its outcome in JSON out.

Runs in the environment of each library, so it imports only the standard library.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

TOP = 10
"""Passages requested from every library, in place of its default (LlamaIndex 2, txtai 3, LangChain 4)."""

Search = Callable[[str], Sequence[str]]
"""Returns the ids of passages for a question, best first."""
Build = Callable[[], Search]
"""Indexes the passages; the model is loaded before, so that no figure includes its loading."""


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as input of a library: a text and its source."""

    passage_id: str
    bulletin: str
    place: str
    section: str
    """The section path, outermost first."""
    text: str

    @property
    def under_path(self) -> str:
        """The text below a line with its source."""
        return f"{self.bulletin} {self.place} {self.section}".strip() + "\n" + self.text

    @property
    def path(self) -> dict[str, str]:
        """The source of the text, as metadata."""
        return {"bulletin": self.bulletin, "place": self.place, "section": self.section}


@dataclass(frozen=True, slots=True)
class Task:
    """Work of one process."""

    configuration: str
    model: str
    """The folder of a SentenceTransformer."""
    passages: tuple[PassageText, ...]
    questions: tuple[str, ...]
    """Each is answered and timed."""
    packages: tuple[str, ...]
    """Packages whose versions are reported."""

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Task:
        fields = json.loads(text)
        passages = tuple(PassageText(**passage) for passage in fields.pop("passages"))
        questions, packages = tuple(fields.pop("questions")), tuple(fields.pop("packages"))
        return cls(**fields, passages=passages, questions=questions, packages=packages)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a task."""

    hits: tuple[tuple[str, ...], ...]
    """For each question, distinct ids of passages, best first."""
    query_seconds: tuple[float, ...]
    """For each question, without its embedding."""
    build_seconds: float
    """Including the embedding of the passages."""
    resident: int
    """Resident bytes of the process after building and one question, including the model."""
    versions: dict[str, str]

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        fields = json.loads(text)
        hits, seconds = tuple(map(tuple, fields.pop("hits"))), tuple(fields.pop("query_seconds"))
        return cls(**fields, hits=hits, query_seconds=seconds)


def run(configurations: Mapping[str, Callable[[Task], Build]], embedding: tuple[type, str]) -> None:
    """Run the task from standard input and write its outcome as the last line of standard output.

    `embedding` is the class and the name of the method in which the library runs the model.
    """
    task = Task.from_json(sys.stdin.read())
    build = configurations[task.configuration](task)
    sys.stdout.write("\n" + measure(task, build, embedding).as_json() + "\n")


def measure(task: Task, build: Build, embedding: tuple[type, str]) -> Outcome:
    """Build the index, ask each question twice, and time the second one, whose embedding is cached."""
    started = time.perf_counter()
    search = build()
    build_seconds = time.perf_counter() - started
    search(task.questions[0])
    resident = resident_bytes()
    cache_results(*embedding)
    hits = tuple(tuple(dict.fromkeys(search(question))) for question in task.questions)
    return Outcome(
        hits=hits,
        query_seconds=tuple(_seconds(search, task.questions)),
        build_seconds=build_seconds,
        resident=resident,
        versions={name: importlib.metadata.version(name) for name in task.packages},
    )


def _seconds(search: Search, questions: Sequence[str]) -> Iterator[float]:
    for question in questions:
        started = time.perf_counter()
        search(question)
        yield time.perf_counter() - started


def cache_results(owner: type, name: str) -> None:
    """Replace the method by one that caches its results by argument, so that a text is embedded only once."""
    method = getattr(owner, name)
    results: dict[str, object] = {}

    def cached(self: object, *arguments: object, **named: object) -> object:
        key = repr((arguments, named))
        if key not in results:
            results[key] = method(self, *arguments, **named)
        return results[key]

    setattr(owner, name, cached)


def resident_bytes() -> int:
    """Resident memory of this process in bytes (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024
