"""Section marks: the numbers before headings and paragraphs, and series of them inside one line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language import Pattern, numerals

_N = f"[{numerals.CHINESE}]{{1,4}}"
# Fonts of Word and PDF files give the radicals of these digits instead.
_RADICALS = str.maketrans("⼀⼆⼋⼗⼄", "一二八十乙")
_CIRCLED = "①-⑳❶-❿"
# Kinds of marks, tried in this order at the position of a mark, in text at half width. `n` is the number.
FORMS: tuple[tuple[str, Pattern], ...] = (
    (
        "chapter",
        Pattern(
            re.compile(rf"第\s*(?P<n>{_N}|\d{{1,2}})\s*(?P<unit>章|部分|编)(?=[\s、:.]|$)[\s、:.]*"),
            "第一章 总则",
            "第一章节",
        ),
    ),
    (
        "article",
        Pattern(
            re.compile(rf"第\s*(?P<n>{_N}|\d{{1,2}})\s*(?P<unit>节|条)(?=[\s、:.])[\s、:.]*"),
            "第二节 任务",
            "第一节课上",
        ),
    ),
    (
        "formal",
        Pattern(re.compile(rf"(?P<n>[{numerals.FORMAL}]{{1,3}})\s*[、.]\s*"), "贰、重点工作", "贰佰元"),
    ),
    (
        "comma",
        Pattern(
            re.compile(rf"(?P<n>{_N})\s*[、.](?!\d|{_N}(?:[、季月年号级线]))\s*"), "一、着力", "三、四季度"
        ),
    ),
    (
        "paren",
        Pattern(
            re.compile(rf"[(\[〔【﹙]\s*(?P<n>{_N}|[{numerals.FORMAL}]{{1,3}})\s*[)\]〕】﹚]\s*[、.,:]?\s*"),
            "(二)加强",
            "(二类)加强",
        ),
    ),
    ("paren", Pattern(re.compile(r"(?P<n>[㈠-㈩])\s*[、.]?\s*"), "㈡加强", "㊁加强")),
    ("ordinal", Pattern(re.compile(rf"第\s*(?P<n>{_N})\s*[,、:]\s*"), "第一,组织", "第一次组织")),
    ("ordinal", Pattern(re.compile(rf"其(?P<n>{_N})\s*[,、:是]\s*"), "其二,培训", "其二十人")),
    (
        "first",
        Pattern(re.compile(r"(?P<n>首先|其次|再次|再者|最后|最後)\s*[,、:]?\s*"), "首先,组织", "首批组织"),
    ),
    ("is", Pattern(re.compile(rf"(?P<n>{_N})是(?![一二三四五六七八九十]、)[,:]?\s*"), "二是抓好", "二者是")),
    ("must", Pattern(re.compile(rf"(?P<n>{_N})要(?!素|点|點|求)[,:]?\s*"), "一要做好", "三要素")),
    ("dotted", Pattern(re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,2})[\s、]\s*"), "1.2 任务", "1.5万人")),
    (
        "arabic",
        Pattern(re.compile(r"(?P<n>\d{1,2})\s*(?:、|\.(?!\d)|\)(?!\d))\s*"), "3. 做好", "3.15消费者日"),
    ),
    ("arabic", Pattern(re.compile(r"(?P<n>[⒈-⒛])\s*"), "⒈做好", "①做好")),
    (
        "arabic paren",
        Pattern(
            re.compile(r"[(\[〔【]\s*(?P<n>\d{1,2})\s*(?:[)〕】]|\](?!\s*:))\s*[、.,]?\s*"),
            "(3)开展",
            "[3]:数据截至五月",
        ),
    ),
    ("arabic paren", Pattern(re.compile(r"(?P<n>[⑴-⒇])\s*"), "⑴开展", "①开展")),
    ("circled", Pattern(re.compile(rf"(?P<n>[{_CIRCLED}])\s*[、.]?\s*"), "①加强", "㈠加强")),
    (
        "roman",
        Pattern(re.compile(r"(?P<n>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[IVX]{1,4}(?=[、.]))\s*[、.]?\s*"), "IV、保障", "IV型"),
    ),
)
_PATTERNS = tuple((kind, form.regex) for kind, form in FORMS)
# Nesting of the kinds, 0 outermost, for bulletins whose own order of marks does not decide it.
RANKS = {
    "chapter": 0, "roman": 1,
    "formal": 1, "article": 1, "comma": 2, "paren": 3, "ordinal": 4, "first": 4, "is": 4, "must": 4,
    "dotted": 4, "arabic": 4, "arabic paren": 5, "circled": 6,
}  # fmt: skip
# Kinds that are words of a sentence: inside a line they need the end of a clause, or a pause, before them.
_WORDED = frozenset({"is", "must", "first", "ordinal"})
_ORDINAL_WORDS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 99, "最後": 99}
LAST = 99
"""The number of 最後, until the series that it ends is known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A section mark at `text[start:end]`; its title or text follows."""

    kind: str
    number: int
    start: int
    end: int
    label: str
    """The bare number: 二 for 二、 (二) and 二是; 3 for 3. and (3); ② for ②."""
    look: str
    """The number as written: (二), 二是, 3."""

    def numbered(self, number: int) -> Mark:
        """The same mark with its number known from the series: 最後 is the third of three."""
        return Mark(self.kind, number, self.start, self.end, numerals.to_chinese_numeral(number), self.look)


def mark_at(plain: str, position: int = 0) -> Mark | None:
    """The mark at the position of a text at half width, or None."""
    for kind, pattern in _PATTERNS:
        match = pattern.match(plain, position)
        if match and (mark := _mark_of(kind, match)):
            return mark
    return None


def opening_mark(text: str) -> Mark | None:
    """The mark that opens a line, behind its indent and bullets, or None."""
    head = _plain(text[:40])
    indent = len(head) - len(head.lstrip(" 　\t·•●◆■□▲★※*#"))
    return mark_at(head, indent)


def _plain(text: str) -> str:
    """The text at half width, character for character, with radicals as the digits that they look like."""
    return numerals.half_width(text).translate(_RADICALS)


def _mark_of(kind: str, match: re.Match[str]) -> Mark | None:
    written = match["n"]
    if kind == "first":
        number = _ORDINAL_WORDS[written]
        return Mark(kind, number, match.start(), match.end(), numerals.to_chinese_numeral(number), written)
    if kind == "dotted":
        number = int(written.rsplit(".", 1)[1])
        return Mark(kind, number, match.start(), match.end(), written, written)
    value = numerals.parse_numeral(written)
    if not value or value > 60:
        return None
    return Mark(kind, value, match.start(), match.end(), _label(written, value), _look(kind, match))


def _label(written: str, value: int) -> str:
    if written in "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩":
        return numerals.to_chinese_numeral(value)
    return str(value) if written[0] in "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽" else written


def _look(kind: str, match: re.Match[str]) -> str:
    written = match.group().strip().rstrip("、.,: ")
    if kind in ("comma", "formal", "arabic", "roman") and not written.startswith("("):
        return match["n"]
    return written


# Where a mark may begin inside a line; `mark_at` then decides.
_POSSIBLE_STARTS = Pattern(
    re.compile(
        rf"[({'['}〔【]\s*(?:{_N}|\d{{1,2}})\s*[)\]〕】]|[{_CIRCLED}⑴-⒇⒈-⒛㈠-㈩]|(?:{_N})(?:[、是要.])|第(?:{_N})[,、:]|其(?:{_N})[,、:是]"
        r"|首先|其次|再次|再者|最后|最後|(?<![\d.])\d{1,2}(?:[、.)])(?!\d)"
    ),
    "任务:(1)建站",
    "任务:建1站",
)
_CLAUSE_END = frozenset("。;!?…:」”')》 \t\u3000")
_PAUSE = frozenset(",、")
# Series joined by commas are split only when what they number is long enough to be a paragraph of its own.
_LONG_ENOUGH = 15
_OPEN, _CLOSE = "“「『《〈", "”」』》〉"


def inline_marks(text: str) -> tuple[Mark, ...]:
    """The marks inside a line that belong to a consistent series, in order; the mark that opens it included.

    A series counts on from its first number by ones, has at least two marks, and each follows the end of a clause,
    outside quotation marks. 一是…;二是… and (1)…(2)… are series; a single 一是 inside a sentence is not.
    """
    plain = _plain(text)
    marks = _marks_inside(plain)
    starts: set[int] = set()
    for kind in dict.fromkeys(mark.kind for mark in marks):
        for series in _series([mark for mark in marks if mark.kind == kind]):
            if _divides_paragraphs(series, plain):
                starts.update(mark.start for mark in series)
    return tuple(mark for mark in marks if mark.start in starts)


def _renumbered(marks: list[Mark]) -> list[Mark]:
    """The marks, with each 最後 numbered after the mark of its kind before it."""
    numbered: list[Mark] = []
    latest: dict[str, int] = {}
    for mark in marks:
        known = mark.numbered(latest.get(mark.kind, 0) + 1) if mark.number == LAST else mark
        latest[mark.kind] = known.number
        numbered.append(known)
    return numbered


def _marks_inside(plain: str) -> list[Mark]:
    """The marks outside quotation marks that follow the end of a clause, whether or not they form a series."""
    depth = 0
    cursor = 0
    marks: list[Mark] = []
    for possible in _POSSIBLE_STARTS.regex.finditer(plain):
        depth = max(0, depth + _depth_change(plain, cursor, possible.start()))
        cursor = possible.start()
        mark = mark_at(plain, cursor) if depth == 0 else None
        if mark and _may_stand(mark, plain):
            marks.append(mark)
    return _renumbered(marks)


def _depth_change(plain: str, start: int, end: int) -> int:
    """The number of quotation marks that open less those that close in `plain[start:end]`."""
    part = plain[start:end]
    return sum(map(part.count, _OPEN)) - sum(map(part.count, _CLOSE))


def _may_stand(mark: Mark, plain: str) -> bool:
    before = _character_before(plain, mark.start)
    if not before or before in _CLAUSE_END or plain[mark.start - 1] in _CLAUSE_END:
        return True
    if plain[mark.start] in "[〔":
        return False  # the number of a note: 九十八万人[1]
    if mark.kind in ("arabic paren", "circled", "paren"):
        return True
    return before in _PAUSE and mark.kind in _WORDED


def _character_before(plain: str, position: int) -> str:
    return plain[max(0, position - 8) : position].rstrip()[-1:]


def _series(marks: list[Mark]) -> list[list[Mark]]:
    """Runs of at least two marks that count on by ones."""
    runs: list[list[Mark]] = []
    for mark in marks:
        if runs and mark.number == runs[-1][-1].number + 1:
            runs[-1].append(mark)
        elif not (runs and len(runs[-1]) > 1 and mark.number == runs[-1][-1].number):
            runs.append([mark])
    return [run for run in runs if len(run) > 1]


def _divides_paragraphs(series: list[Mark], plain: str) -> bool:
    """Whether the series numbers paragraphs rather than words: they end as clauses, or are long enough."""
    starts = [mark.start for mark in series]
    ends = [*starts[1:], len(plain)]
    lengths = [end - start for start, end in zip(starts, ends, strict=True)]
    after_pause = any(_character_before(plain, start) not in _CLAUSE_END for start in starts[1:])
    return not after_pause or sum(lengths) / len(lengths) >= _LONG_ENOUGH
