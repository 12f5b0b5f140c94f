"""What the comparison and the process of each library say to each other: a task as JSON in, what was measured as JSON out.

This runs in the environment of each library: nothing but the standard library is imported here.
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
"""How many passages are asked of every library, whatever it gives unasked (LlamaIndex 2, txtai 3, LangChain 4)."""

Search = Callable[[str], Sequence[str]]
"""A question to the ids of passages, best first."""
Build = Callable[[], Search]
"""Indexes the passages. The model is loaded already, so that its loading is in no figure."""


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as people who use a library have it: a text, and where it comes from."""

    passage_id: str
    bulletin: str
    place: str
    section: str
    """The section path, outermost first."""
    text: str

    @property
    def under_path(self) -> str:
        """The text below a line that says where it comes from."""
        return f"{self.bulletin} {self.place} {self.section}".strip() + "\n" + self.text

    @property
    def path(self) -> dict[str, str]:
        """Where the text comes from, as metadata."""
        return {"bulletin": self.bulletin, "place": self.place, "section": self.section}


@dataclass(frozen=True, slots=True)
class Task:
    """What a process is to do."""

    configuration: str
    model: str
    """The folder of a SentenceTransformer."""
    passages: tuple[PassageText, ...]
    questions: tuple[str, ...]
    """All are answered; the time of each is taken."""
    packages: tuple[str, ...]
    """Whose versions are wanted."""

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
    """What came of a task."""

    hits: tuple[tuple[str, ...], ...]
    """For each question the ids of passages, best first, each once."""
    query_seconds: tuple[float, ...]
    """For each question, the embedding of it left out."""
    build_seconds: float
    """With the embedding of the passages."""
    resident: int
    """Bytes of the process after building and one question, the model among them."""
    versions: dict[str, str]

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        fields = json.loads(text)
        hits, seconds = tuple(map(tuple, fields.pop("hits"))), tuple(fields.pop("query_seconds"))
        return cls(**fields, hits=hits, query_seconds=seconds)


def run(configurations: Mapping[str, Callable[[Task], Build]], embedding: tuple[type, str]) -> None:
    """Do the task on standard input and write its outcome as the last line of standard output.

    `embedding` names the method in which the library runs the model.
    """
    task = Task.from_json(sys.stdin.read())
    build = configurations[task.configuration](task)
    sys.stdout.write("\n" + measure(task, build, embedding).as_json() + "\n")


def measure(task: Task, build: Build, embedding: tuple[type, str]) -> Outcome:
    """Build, ask each question twice, and take the time of the second, whose embedding is remembered."""
    started = time.perf_counter()
    search = build()
    build_seconds = time.perf_counter() - started
    search(task.questions[0])
    resident = resident_bytes()
    remember(*embedding)
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


def remember(owner: type, name: str) -> None:
    """Let the method keep what it returns, by its arguments: texts embedded before cost no embedding."""
    method = getattr(owner, name)
    kept: dict[str, object] = {}

    def remembering(self: object, *arguments: object, **named: object) -> object:
        key = repr((arguments, named))
        if key not in kept:
            kept[key] = method(self, *arguments, **named)
        return kept[key]

    setattr(owner, name, remembering)


def resident_bytes() -> int:
    """The resident memory of this process (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024
