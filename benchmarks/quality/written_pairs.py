"""Questions with the span that answers them, or with none, read from the bulletins written for training.

A file holds one bulletin. Its lines are `@ title`, `= places NAME ...` and `= names NAME ...` (what the twins exchange),
`# item`, `## section`, `P paragraph`, and below a paragraph its questions: `+K question => answer` and `-K question`,
where K is a letter of `KINDS`. An answer is the first occurrence of its words; `left【answer】right` picks another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "n": "count",
    "w": "who",
    "m": "name",
    "t": "when",
    "l": "where",
    "f": "money",
    "r": "reason",
    "p": "rule",
    "s": "list",
    "c": "which",
    "x": "comparison",
    "h": "how",
    "d": "what",
    "b": "other_actor",
    "y": "other_year",
    "g": "other_place",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage; `start` and `end` are character offsets of the answer, -1 where the passage holds none.

    The kind is that of the asked slot; a near miss has it after `near_`, a twin says what was done after `twin_`.
    """

    identity: str
    question: str
    passage: str
    path: tuple[str, ...]
    start: int
    end: int
    kind: str

    @property
    def answer(self) -> str | None:
        return self.passage[self.start : self.end] if self.start >= 0 else None


@dataclass(frozen=True, slots=True)
class WrittenBulletin:
    """The pairs of one file in its order, and the places and people that its questions name."""

    file: str
    pairs: tuple[Pair, ...]
    places: tuple[str, ...]
    names: tuple[str, ...]


def read_written(file: Path) -> WrittenBulletin:
    """The bulletin of a file; raises ValueError that says which line cannot be read and why."""
    title, item, section, passage = "", "", "", ""
    places: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    pairs: list[Pair] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        mark, _, rest = line.strip().partition(" ")
        match mark:
            case "":
                continue
            case "@":
                title = rest
            case "=":
                kind, *words = rest.split()
                places, names = (tuple(words), names) if kind == "places" else (places, tuple(words))
            case "#":
                item, section = rest, ""
            case "##":
                section = rest
            case "P":
                passage = rest
            case _:
                path = tuple(part for part in (title, item, section) if part)
                where = f"{file.name}, line {number}"
                pairs.append(
                    _pair(
                        mark, rest, Pair(f"{file.stem}-{len(pairs) + 1:03}", where, passage, path, -1, -1, "")
                    )
                )
    return WrittenBulletin(file.name, tuple(pairs), places, names)


def _pair(mark: str, rest: str, blank: Pair) -> Pair:
    """The pair of a question line; `blank` holds its passage, and in place of the question the line for a complaint."""
    question, arrow, marked = (part.strip() for part in rest.partition("=>"))
    if len(mark) != 2 or mark[0] not in "+-" or mark[1] not in KINDS or (mark[0] == "+") != bool(arrow):
        raise ValueError(
            f"{blank.question}: a line opens with @, =, #, ##, P, +K (with =>) or -K: {rest[:40]}"
        )
    kind = KINDS[mark[1]] if arrow else f"near_{KINDS[mark[1]]}"
    start, end = _span(marked, blank.passage) if arrow else (-1, -1)
    if arrow and start < 0:
        raise ValueError(f"{blank.question}: the answer does not stand in its paragraph: {marked}")
    return Pair(blank.identity, question, blank.passage, blank.path, start, end, kind)


def _span(marked: str, passage: str) -> tuple[int, int]:
    """Offsets of an answer, which may stand in 【】 between words that say which occurrence is meant; -1 where there is none."""
    found = passage.find(marked.replace("【", "").replace("】", ""))
    if found < 0:
        return -1, -1
    start = found + max(marked.find("【"), 0)
    length = marked.index("】") - marked.index("【") - 1 if "【" in marked else len(marked)
    return start, start + length
