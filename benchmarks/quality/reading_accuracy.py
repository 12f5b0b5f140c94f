"""Accuracy of reading on annotated files of offices: `python -m benchmarks.quality.reading_accuracy [--show] [--json FILE]`.

Prints for each part of `office_files`: bulletin, place and section right at the start of a line and inside one; place right
where one is named and none where none is; wrong places; boilerplate kept out; body text that is in no passage. `--show`
lists what is wrong in the studied files; the others are only counted, so that no rule is fitted to them. The kinds of
the fresh files have studied siblings.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.office_files import OfficeFile, Part, office_files
from retrieval.language import fold
from retrieval.reading import read_files
from retrieval.types import Passage, Reading

_MARK = re.compile(
    r"^[（(【第其]?(?P<number>[一二三四五六七八九十壹贰叁貳叄\d]+)[）)】]?(?:[、.，．,：:]|是|要|(?<=[）)】])|(?<=\d))"
)
_DIGITS = {digit: str(value) for value, digit in enumerate("一二三四五六七八九十", 1)}
_DIGITS |= {"壹": "1", "贰": "2", "叁": "3"}
# Boilerplate of so few characters, as 首页, counts as kept only where it is the whole of a text.
_SHORT = 3
_Z = 1.96
_EDGES = "。;,:.●【】"
_AREA_END = re.compile(r"(?<=..)[省市盟]$")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reading of one part; None where the part does not ask."""

    part: Part
    is_lost: bool
    is_path_right: bool | None = None
    place: str | None = None
    """The place read, `/` between the areas; empty for none."""
    note: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = {}
    for name in ("studied", "measured", "fresh"):
        files = office_files(name)
        outcomes = [(file, outcome) for file in files for outcome in measure(file)]
        figures[name] = {"files": len(files), **_figures([outcome for _, outcome in outcomes])}
        if arguments.show and name == "studied":
            for file, outcome in outcomes:
                if outcome.note:
                    print(f"{file.name}: {outcome.note}: {outcome.part.text[:40]!r}")
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def measure(file: OfficeFile) -> Iterator[Outcome]:
    """The outcome of each part, in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        path.write_bytes(file.content)
        reading = read_files([path], Path(folder))
    passages = [(_plain(passage.text), passage) for passage in reading.passages]
    cursor = 0
    for part in file.parts:
        if part.kind == "x":
            yield _boilerplate(part, reading)
        if part.kind != "body":
            continue
        core = _core(part.text)
        places = [*range(cursor, len(passages)), *range(cursor)]
        position = next((number for number in places if core in passages[number][0]), None)
        if position is None:
            is_lost = not all(_stands(piece, reading) for piece in _pieces(part.text))
            yield Outcome(
                part, is_lost, None if part.path is None else False, "-", _no_passage(is_lost, part)
            )
            continue
        cursor = position
        yield _outcome(part, passages[position][1])


def _boilerplate(part: Part, reading: Reading) -> Outcome:
    """Boilerplate is lost, as it should be, if no passage and no heading holds it."""
    core = _plain(part.text)
    texts = [_plain(text) for text in _texts(reading.passages)]
    is_out = not any(core in text if len(core) > _SHORT else core == text for text in texts)
    return Outcome(part, is_out, note="" if is_out else "boilerplate kept")


def _outcome(part: Part, passage: Passage) -> Outcome:
    if part.path is None:
        return Outcome(part, is_lost=False)
    bulletin = part.bulletin is None or _plain(part.bulletin) in _plain(passage.bulletin)
    steps = [section.full for section in passage.section_path]
    path = _is_path(part.path, steps)
    area = passage.place
    names = (area.province, area.city, area.district) if area else ()
    place = "/".join(filter(None, names)) or (area.name if area else "")
    notes = [] if bulletin else [f"bulletin {passage.bulletin!r}, not {part.bulletin!r}"]
    notes += [] if path else [f"section {steps}, not {part.path}"]
    notes += [] if is_place(part.place, place) else [f"place {place!r}, not {part.place!r}"]
    return Outcome(part, is_lost=False, is_path_right=bulletin and path, place=place, note="; ".join(notes))


def is_place(expected: str | None, actual: str) -> bool:
    """Whether a place is the expected one, by script and ending of areas alike; `~` allows none or one of that name."""
    if expected is None:
        return True
    if expected.startswith("~"):
        return not actual or _area(expected[1:]) in _plain(actual)
    names, read = [*filter(None, expected.split("/"))], [*filter(None, actual.split("/"))]
    return len(names) == len(read) and all(
        _area(long).startswith(_area(name)) for name, long in zip(names, read, strict=True)
    )


def _is_path(expected: Sequence[str], actual: Sequence[str]) -> bool:
    """Whether the steps agree; a `~` step may be missing."""
    if not expected:
        return not actual
    first = expected[0]
    if actual and _is_step(first.lstrip("~"), actual[0]) and _is_path(expected[1:], actual[1:]):
        return True
    return first.startswith("~") and _is_path(expected[1:], actual)


def _is_step(expected: str, actual: str) -> bool:
    plain = _plain(actual)
    if not (expected in _DIGITS or expected.isdigit()):
        return _plain(expected) in plain
    mark = _MARK.match(plain)
    number = mark["number"] if mark else plain
    return _DIGITS.get(number, number) == _DIGITS.get(expected, expected)


def _figures(outcomes: Sequence[Outcome]) -> dict[str, object]:
    body = [outcome for outcome in outcomes if outcome.part.path is not None]
    whole = [(outcome, bool(outcome.is_path_right) and _has_place(outcome)) for outcome in body]
    named = [
        outcome for outcome in body if outcome.part.place not in (None, "") and not _may_be_none(outcome)
    ]
    nameless = [outcome for outcome in body if outcome.part.place == ""]
    wrong = sum(bool(outcome.place) and outcome.place != "-" and not _has_place(outcome) for outcome in body)
    boilerplate = [outcome.is_lost for outcome in outcomes if outcome.part.kind == "x"]
    texts = [outcome.is_lost for outcome in outcomes if outcome.part.kind == "body"]
    return {
        "all right at the start of a line": _share(
            [right for outcome, right in whole if not outcome.part.inside]
        ),
        "all right inside a line": _share([right for outcome, right in whole if outcome.part.inside]),
        "place right where named": _share([_has_place(outcome) for outcome in named]),
        "no place where none is named": _share([_has_place(outcome) for outcome in nameless]),
        "wrong places": _count(wrong, len(body)),
        "boilerplate out": _share(boilerplate),
        "body lost": _count(sum(texts), len(texts)),
    }


def _has_place(outcome: Outcome) -> bool:
    return outcome.place is not None and outcome.place != "-" and is_place(outcome.part.place, outcome.place)


def _may_be_none(outcome: Outcome) -> bool:
    return (outcome.part.place or "").startswith("~")


def _share(rights: Sequence[bool]) -> str:
    return _count(sum(rights), len(rights))


def _count(part: int, whole: int) -> str:
    """The share with its 95 % interval (Wilson: https://doi.org/10.1080/01621459.1927.10502953)."""
    if not whole:
        return "0 of 0"
    share, spread = part / whole, _Z**2 / whole
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z / (1 + spread) * (share * (1 - share) / whole + spread / whole / 4) ** 0.5
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return f"{part} of {whole} ({share:.3f}, {low:.3f} to {high:.3f})"


def _no_passage(is_lost: bool, part: Part) -> str:
    if is_lost:
        return "lost"
    return "in no one passage" if part.path is not None else ""


def _stands(piece: str, reading: Reading) -> bool:
    return any(piece in _plain(text) for text in _texts(reading.passages))


@functools.lru_cache(maxsize=4)
def _texts(passages: tuple[Passage, ...]) -> tuple[str, ...]:
    """The texts of passages and their headings."""
    return tuple(
        itertools.chain.from_iterable(
            (passage.text, *(section.full for section in passage.section_path)) for passage in passages
        )
    )


def _pieces(text: str) -> list[str]:
    """The parts of a text between white space and long rows of dots, without marks."""
    return [piece for piece in map(_core, re.split(r"\s+|…{3,}\d*", text)) if piece]


def _core(text: str) -> str:
    plain = _plain(text)
    mark = _MARK.match(plain)
    circled = plain[mark.end() :] if mark else plain
    return circled.strip(_EDGES)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _area(name: str) -> str:
    return _AREA_END.sub("", fold(_plain(name)))


if __name__ == "__main__":
    main()
