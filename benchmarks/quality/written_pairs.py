"""Questions with the span that answers them, or with none, read from the bulletins written for training.

A file holds one bulletin. Its lines are `@ title`, `= places NAME ...` and `= names NAME ...` (what the twins exchange),
`# item`, `## section`, `P paragraph`, and below a paragraph its questions: `+K question => answer` and `-K question`,
where K is a letter of `KINDS`. An answer is the first occurrence of its words; `left【answer】right` picks another.
`-K question <= sentence with【answer】` also makes the pair of the paragraph that holds that sentence, so that the wording of a
question does not tell whether it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
ARROW = re.compile("(=>|<=)")
REFERS_BACK = re.compile(
    "[这這那他她其此该該两兩余餘剩邻鄰每]"
)  # example: 其中女性9名; counterexample: 门票20元
BRACKETS = str.maketrans("", "", "【】")
SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage; `start` and `end` are character offsets of the answer, -1 where the passage holds none.

    The kind is that of the asked slot; a near miss has it after `near_`, one whose passage was told the answer after `told_`,
    and a twin says what was done after `twin_`.
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
    heads = {"@": "", "#": "", "##": "", "P": ""}
    words: dict[str, tuple[str, ...]] = {}
    pairs: list[Pair] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        mark, _, rest = line.strip().partition(" ")
        if mark in heads:
            heads |= {mark: rest} | ({"##": ""} if mark == "#" else {})
        elif mark == "=":
            kind, *named = rest.split()
            words[kind] = tuple(named)
        elif mark:
            path = tuple(heads[head] for head in ("@", "#", "##") if heads[head])
            blank = Pair(f"{file.stem}-{number:03}", "", heads["P"], path, -1, -1, "")
            try:
                pairs.extend(_question(mark, rest, blank))
            except ValueError as error:
                raise ValueError(f"{file.name}, line {number}: {error}") from error
    return WrittenBulletin(file.name, tuple(pairs), words.get("places", ()), words.get("names", ()))


def _question(mark: str, rest: str, blank: Pair) -> Iterator[Pair]:
    """The pairs of a question line, one or two; `blank` holds its identity, passage and path."""
    kind = KINDS.get(mark[1:])
    question, arrow, marked = (part.strip() for part in [*ARROW.split(rest, maxsplit=1), "", ""][:3])
    if (
        kind is None
        or (mark[0], arrow) not in (("+", "=>"), ("-", ""), ("-", "<="))
        or bool(arrow) != bool(marked)
    ):
        raise ValueError(
            f"a line opens with @, =, #, ##, P, +K (with =>) or -K (with <= or nothing): {rest[:40]}"
        )
    if mark[0] == "+":
        yield _answered(replace(blank, question=question, kind=kind), marked)
    else:
        yield replace(blank, question=question, kind=f"near_{kind}")
    if arrow == "<=":
        told = replace(blank, identity=f"{blank.identity}-told", question=question, kind=f"told_{kind}")
        yield _answered(replace(told, passage=_told(blank.passage, marked, len(question))), marked)


def _told(passage: str, sentence: str, turn: int) -> str:
    """The passage with the sentence after its last sentence or the one before; one that refers back always comes last."""
    ends = [found.end() for found in SENTENCE.finditer(passage)]
    at = ends[-1] if turn % 2 or REFERS_BACK.match(sentence) else ends[-2:][0]
    return passage[:at] + sentence.translate(BRACKETS) + passage[at:]


def _answered(pair: Pair, marked: str) -> Pair:
    """The pair with the offsets of an answer, which may stand in 【】 between words that say which occurrence is meant."""
    found = pair.passage.find(marked.translate(BRACKETS))
    if found < 0:
        raise ValueError(f"the answer does not stand in its paragraph: {marked}")
    start = found + max(marked.find("【"), 0)
    length = marked.index("】") - marked.index("【") - 1 if "【" in marked else len(marked)
    return replace(pair, start=start, end=start + length)
