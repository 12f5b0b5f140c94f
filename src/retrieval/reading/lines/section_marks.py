"""Section marks: the numbers before headings and paragraphs, and series of them inside one line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language import numerals

_N = f"[{numerals.CHINESE}]{{1,4}}"
_CIRCLED = "①-⑳❶-❿"
# Patterns meet text at half width, so that no full-width form is needed in them.
_FORMS: tuple[tuple[str, str], ...] = (
    ("chapter", rf"第\s*(?P<n>{_N}|\d{{1,2}})\s*(?P<unit>章|部分|编)(?=[\s、:.]|$)[\s、:.]*"),
    ("article", rf"第\s*(?P<n>{_N}|\d{{1,2}})\s*(?P<unit>节|条)(?=[\s、:.])[\s、:.]*"),
    ("formal", rf"(?P<n>[{numerals.FORMAL}]{{1,3}})\s*[、.]\s*"),
    ("comma", rf"(?P<n>{_N})\s*[、.](?!\d|{_N}(?:[、季月年号级线]))\s*"),
    ("paren", rf"[(\[〔【﹙]\s*(?P<n>{_N})\s*[)\]〕】﹚]\s*[、.,:]?\s*"),
    ("paren", r"(?P<n>[㈠-㈩])\s*[、.]?\s*"),
    ("ordinal", rf"第\s*(?P<n>{_N})\s*[,、:]\s*"),
    ("ordinal", rf"其(?P<n>{_N})\s*[,、:是]\s*"),
    ("first", r"(?P<n>首先|其次|再次|再者|最后|最後)\s*[,、:]?\s*"),
    ("is", rf"(?P<n>{_N})是(?![一二三四五六七八九十]、)[,:]?\s*"),
    ("must", rf"(?P<n>{_N})要(?!素|点|點|求)[,:]?\s*"),
    ("dotted", r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,2})[\s、]\s*"),
    ("arabic", r"(?P<n>\d{1,2})\s*(?:、|\.(?!\d)|\)(?!\d))\s*"),
    ("arabic", r"(?P<n>[⒈-⒛])\s*"),
    ("arabic paren", r"[(\[〔【]\s*(?P<n>\d{1,2})\s*[)\]〕】]\s*[、.,]?\s*"),
    ("arabic paren", r"(?P<n>[⑴-⒇])\s*"),
    ("circled", rf"(?P<n>[{_CIRCLED}])\s*[、.]?\s*"),
    ("roman", r"(?P<n>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[IVX]{1,4}(?=[、.]))\s*[、.]?\s*"),
)
_PATTERNS = tuple((kind, re.compile(form)) for kind, form in _FORMS)
# How deep a mark stands when the document itself does not say otherwise.
RANKS = {
    "chapter": 0, "roman": 1,
    "formal": 1, "article": 1, "comma": 2, "paren": 3, "ordinal": 4, "first": 4, "is": 4, "must": 4,
    "dotted": 4, "arabic": 4, "arabic paren": 5, "circled": 6,
}  # fmt: skip
# Kinds that open a sentence and never a heading's number alone: inside a line they need a clause's end before them.
_SPOKEN = frozenset({"is", "must", "first", "ordinal"})
_WORDS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 99, "最後": 99}
LAST = 99


@dataclass(frozen=True, slots=True)
class Mark:
    """A section mark at `text[start:end]`; what follows `end` is its title or its text."""

    kind: str
    number: int
    start: int
    end: int
    label: str
    """The bare number: 二 for 二、 (二) and 二是; 3 for 3. and (3); ② for ②."""
    look: str
    """The number as it stands in the text: (二), 二是, 3."""

    def numbered(self, number: int) -> Mark:
        """The same mark with its number known from the series: 最後 is the third of three."""
        return Mark(self.kind, number, self.start, self.end, numerals.chinese_of(number), self.look)


def mark_at(plain: str, position: int = 0) -> Mark | None:
    """The mark that begins at the position of a text at half width."""
    for kind, pattern in _PATTERNS:
        found = pattern.match(plain, position)
        if found and (mark := _mark_of(kind, found)):
            return mark
    return None


def opening_mark(text: str) -> Mark | None:
    """The mark at the start of a line."""
    head = numerals.half_width(text[:40])
    indent = len(head) - len(head.lstrip(" 　\t·•●◆■□▲★※*#"))
    return mark_at(head, indent)


def _mark_of(kind: str, found: re.Match[str]) -> Mark | None:
    written = found["n"]
    if kind == "first":
        number = _WORDS[written]
        return Mark(kind, number, found.start(), found.end(), numerals.chinese_of(number), written)
    if kind == "dotted":
        number = int(written.rsplit(".", 1)[1])
        return Mark(kind, number, found.start(), found.end(), written, written)
    value = numerals.number_of(written)
    if not value or value > 60:
        return None
    return Mark(kind, value, found.start(), found.end(), _label(written, value), _look(kind, found))


def _label(written: str, value: int) -> str:
    if written in "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩":
        return numerals.chinese_of(value)
    return str(value) if written[0] in "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽" else written


def _look(kind: str, found: re.Match[str]) -> str:
    written = found.group().strip().rstrip("、.,: ")
    if kind in ("comma", "formal", "arabic", "roman") and not written.startswith("("):
        return found["n"]
    return written


_STARTS = re.compile(
    rf"[({'['}〔【]\s*(?:{_N}|\d{{1,2}})\s*[)\]〕】]|[{_CIRCLED}⑴-⒇⒈-⒛㈠-㈩]|(?:{_N})(?:[、是要.])|第(?:{_N})[,、:]|其(?:{_N})[,、:是]"
    r"|首先|其次|再次|再者|最后|最後|(?<![\d.])\d{1,2}(?:[、.)])(?!\d)"
)
_CLAUSE_END = frozenset("。;!?…:」”')》 \t\u3000")
_PAUSE = frozenset(",、")
# Series joined by commas are split only when what they number is long enough to be a paragraph of its own.
_LONG_ENOUGH = 15
_OPEN, _CLOSE = "“「『《〈", "”」』》〉"


def inline_marks(text: str) -> tuple[Mark, ...]:
    """The marks inside a line that belong to a consistent series, in order; the mark that opens it included.

    A series counts on from its first number by ones, has at least two marks, and each stands where a clause ends,
    outside quotation marks. 一是…;二是… and (1)…(2)… are series; a single 一是 inside a sentence is not.
    """
    plain = numerals.half_width(text)
    found = _marks_inside(plain)
    chosen: set[int] = set()
    for kind in dict.fromkeys(mark.kind for mark in found):
        for series in _series([mark for mark in found if mark.kind == kind]):
            if _is_split(series, plain):
                chosen.update(mark.start for mark in series)
    return tuple(mark for mark in found if mark.start in chosen)


def _renumbered(marks: list[Mark]) -> list[Mark]:
    """最後 gets the number after the mark of its kind before it."""
    result: list[Mark] = []
    latest: dict[str, int] = {}
    for mark in marks:
        known = mark.numbered(latest.get(mark.kind, 0) + 1) if mark.number == LAST else mark
        latest[mark.kind] = known.number
        result.append(known)
    return result


def _marks_inside(plain: str) -> list[Mark]:
    depth = 0
    cursor = 0
    marks: list[Mark] = []
    for found in _STARTS.finditer(plain):
        depth = max(0, depth + _depth_change(plain, cursor, found.start()))
        cursor = found.start()
        mark = mark_at(plain, found.start()) if depth == 0 else None
        if mark and _may_stand(mark, plain):
            marks.append(mark)
    return _renumbered(marks)


def _depth_change(plain: str, start: int, end: int) -> int:
    part = plain[start:end]
    return sum(map(part.count, _OPEN)) - sum(map(part.count, _CLOSE))


def _may_stand(mark: Mark, plain: str) -> bool:
    before = _character_before(plain, mark.start)
    if not before or before in _CLAUSE_END or plain[mark.start - 1] in _CLAUSE_END:
        return True
    if mark.kind in ("arabic paren", "circled", "paren"):
        return True
    return before in _PAUSE and mark.kind in _SPOKEN


def _character_before(plain: str, position: int) -> str:
    return plain[max(0, position - 8) : position].rstrip()[-1:]


def _series(marks: list[Mark]) -> list[list[Mark]]:
    """Runs that count on by ones."""
    runs: list[list[Mark]] = []
    for mark in marks:
        if runs and mark.number == runs[-1][-1].number + 1:
            runs[-1].append(mark)
        elif not (runs and len(runs[-1]) > 1 and mark.number == runs[-1][-1].number):
            runs.append([mark])
    return [run for run in runs if len(run) > 1]


def _is_split(series: list[Mark], plain: str) -> bool:
    """Whether what the series numbers are paragraphs rather than words: long enough, or ended as clauses."""
    starts = [mark.start for mark in series]
    ends = [*starts[1:], len(plain)]
    lengths = [end - start for start, end in zip(starts, ends, strict=True)]
    loose = any(_character_before(plain, start) not in _CLAUSE_END for start in starts[1:])
    return not loose or sum(lengths) / len(lengths) >= _LONG_ENOUGH
