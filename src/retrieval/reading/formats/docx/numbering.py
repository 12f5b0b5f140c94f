"""Computes the automatic numbers of a Word file from its numbering.xml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element

from retrieval.language import numerals

_HEAVENLY_STEMS = "甲乙丙丁戊己庚辛壬癸"


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else f"({number})"


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26)


def _roman(number: int) -> str:
    written = ""
    for value, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            written, number = written + letters, number - value
    return written


_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital",
            "ideographLegalTraditional", "japaneseCounting", "japaneseDigitalTenThousand", "japaneseLegal",
            "taiwaneseCounting", "taiwaneseCountingThousand", "taiwaneseDigital", "koreanDigital",
        ),
        numerals.to_chinese_numeral,
    ),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    **dict.fromkeys(("ideographEnclosedCircle",), lambda number: f"({numerals.to_chinese_numeral(number)})"),
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalZero": lambda number: f"{number:02d}",
    "ideographTraditional": lambda number: _HEAVENLY_STEMS[(number - 1) % 10],
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
}  # fmt: skip


def written_count(number: int, kind: str) -> str:
    """A number as a kind of `w:numFmt` writes it, in digits where the kind is not known: 十二 for chineseCounting."""
    return _FORMATS.get(kind, str)(number)


@dataclass(frozen=True, slots=True)
class _Level:
    written_as: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """Numbers the paragraphs of one document in order."""

    root: _Element | None
    links: dict[str, str] = field(default_factory=dict)
    """The list id of each numbering style, by the style's id."""
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, list_id: str, depth: int) -> str | None:
        """The number of the next paragraph of the list at this depth, as written: 一、 or (二).

        An empty text for a bullet; None if the list is not defined.
        """
        number = self._num(list_id)
        abstract = self._abstract(number) if number is not None else None
        if number is None or abstract is None or not 0 <= depth <= 8:
            return None
        level = self._level(number, abstract, depth)
        if level is None:
            return None
        counts = self._counts.setdefault(str(abstract.get(qn("w:abstractNumId"))), [None] * 9)
        restart = self._restart(number, list_id, depth)
        current = counts[depth]
        counts[depth] = restart if restart is not None else level.start if current is None else current + 1
        counts[depth + 1 :] = [None] * (8 - depth)
        return self._written(number, abstract, depth, counts)

    def _num(self, list_id: str) -> _Element | None:
        return self._find("w:num", "w:numId", list_id)

    def _find(self, tag: str, key: str, value: str) -> _Element | None:
        if self.root is None:
            return None
        elements = self.root.findall(qn(tag))
        return next((element for element in elements if element.get(qn(key)) == value), None)

    def _abstract(self, number: _Element, seen: int = 0) -> _Element | None:
        reference = number.find(qn("w:abstractNumId"))
        abstract = (
            self._find("w:abstractNum", "w:abstractNumId", _value(reference))
            if reference is not None
            else None
        )
        link = abstract.find(qn("w:numStyleLink")) if abstract is not None else None
        linked = self._num(self.links.get(_value(link), "")) if link is not None and seen < 3 else None
        return self._abstract(linked, seen + 1) if linked is not None else abstract

    def _level(self, number: _Element, abstract: _Element, depth: int) -> _Level | None:
        override = _of_depth(number.findall(qn("w:lvlOverride")), depth)
        own = override.find(qn("w:lvl")) if override is not None else None
        definition = own if own is not None else _of_depth(abstract.findall(qn("w:lvl")), depth)
        if definition is None:
            return None
        start = _value(definition.find(qn("w:start"))) or "1"
        text = definition.find(qn("w:lvlText"))
        return _Level(
            _value(definition.find(qn("w:numFmt"))) or "decimal",
            _value(text),
            int(start) if start.isdigit() else 1,
        )

    def _restart(self, number: _Element, list_id: str, depth: int) -> int | None:
        """The number at which the first use of a list restarts it, or None if it does not."""
        override = _of_depth(number.findall(qn("w:lvlOverride")), depth)
        start = override.find(qn("w:startOverride")) if override is not None else None
        if start is None or (list_id, depth) in self._begun:
            return None
        self._begun.add((list_id, depth))
        return int(_value(start)) if _value(start).isdigit() else None

    def _written(self, number: _Element, abstract: _Element, depth: int, counts: list[int | None]) -> str:
        level = self._level(number, abstract, depth)
        if level is None or level.written_as in ("bullet", "none"):
            return ""
        written = level.text
        for above in range(depth + 1):
            upper = self._level(number, abstract, above)
            if upper is not None and f"%{above + 1}" in written:
                count = counts[above] if counts[above] is not None else upper.start
                written = written.replace(f"%{above + 1}", written_count(count or 0, upper.written_as))
        return written if not written.isalnum() else f"{written}、"


def _of_depth(levels: list[_Element], depth: int) -> _Element | None:
    return next((level for level in levels if level.get(qn("w:ilvl")) == str(depth)), None)


def _value(element: _Element | None) -> str:
    return str(element.get(qn("w:val")) or "") if element is not None else ""
