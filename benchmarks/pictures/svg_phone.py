"""Chat messages as on a phone, drawn as SVG: text with its formatting, folded quotations, buttons."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.e2e.bot_api.entities import Entity
from tests.e2e.bot_api.sent_message import SentMessage

WIDTH = 380
_HEADER = 56
_MARGIN = 10
_BUBBLE = WIDTH - 4 * _MARGIN
_PADDING = 11
_SIZE = 15.0
_LINE = 22.0
_FOLDED_LINES = 3
_BUTTON = 34
_GAP = 5
_FONTS = "'PingFang TC','Noto Sans CJK TC','Noto Sans TC','Microsoft JhengHei','Heiti TC',sans-serif"
# Characters that begin no line in Chinese.
_NEVER_FIRST = frozenset(",.!?;:)]}”’。、」』〕》…\uff0c\uff01\uff1f\uff1b\uff1a\uff09")
_NEVER_LAST = frozenset("“‘「『〔《(\uff08")
_NARROW = {
    " ": 0.27,
    ",": 0.28,
    ".": 0.28,
    ":": 0.28,
    "“": 1.0,
    "”": 1.0,
    "・": 1.0,
    "…": 1.0,
    "‹": 0.35,
    "›": 0.35,
}


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a chat; text and links, then grounds."""

    text: str
    link: str
    wall: str
    head: str
    bubble: str
    own_bubble: str
    quotation: str
    quotation_edge: str
    button: str


LIGHT = Colours(
    text="#0f1419",
    link="#2481cc",
    wall="#d9e5d6",
    head="#517da2",
    bubble="#fff",
    own_bubble="#effdde",
    quotation="#e8f1fa",
    quotation_edge="#3390ec",
    button="#7ba483",
)
DARK = Colours(
    text="#f1f3f5",
    link="#6ab3f3",
    wall="#0e1621",
    head="#17212b",
    bubble="#182533",
    own_bubble="#2b5278",
    quotation="#1f3244",
    quotation_edge="#6ab3f3",
    button="#33475b",
)
_STYLES = {"bold": "b", "italic": "i", "underline": "u", "text_link": "a"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A character with the letters of its styles; q for quotation."""

    character: str
    style: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the person."""

    text: str


def phone(
    title: str, messages: Sequence[Said | SentMessage], colours: Colours, height: float | None = None
) -> tuple[str, float]:
    """The screen as SVG without its outer tag, and its height, by default the least that holds it."""
    parts: list[str] = []
    top: float = _HEADER + _MARGIN
    for message in messages:
        drawn, used = (
            _person(message, top, colours) if isinstance(message, Said) else _bot(message, top, colours)
        )
        parts += drawn
        top += used + _MARGIN
    whole = height or top
    frame = [
        f'<rect width="{WIDTH}" height="{whole:.0f}" rx="22" fill="{colours.wall}"/>',
        f'<path d="M0 {_HEADER}V22a22 22 0 0 1 22-22H{WIDTH - 22}a22 22 0 0 1 22 22V{_HEADER}z" fill="{colours.head}"/>',
        '<circle cx="34" cy="28" r="17" fill="#fff"/>',
        _text(24.5, 34.5, "簡", colours.head, 19, "b"),
        _text(62, 34, title, "#fff", 17, "b"),
    ]
    return "".join([*frame, *parts]), whole


def _person(message: Said, top: float, colours: Colours) -> tuple[list[str], float]:
    lines = list(_lines([_Piece(character, "") for character in message.text], _BUBBLE - 2 * _PADDING))
    width = max(map(_width, lines)) + 2 * _PADDING
    left, height = WIDTH - _MARGIN - width, len(lines) * _LINE + 2 * _PADDING - 4
    drawn = [
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="15" fill="{colours.own_bubble}"/>'
    ]
    for number, line in enumerate(lines):
        drawn += _line(line, left + _PADDING, top + _PADDING + 13 + number * _LINE, colours)
    return drawn, height


def _bot(message: SentMessage, top: float, colours: Colours) -> tuple[list[str], float]:
    """The bubble with its paragraphs, and the buttons below it."""
    body: list[str] = []
    cursor: float = top + _PADDING
    for paragraph, is_quotation in _paragraphs(message):
        indent = 12 if is_quotation else 0
        lines = list(_lines(paragraph, _BUBBLE - 2 * _PADDING - 2 * indent)) or [[]]
        shown = lines[:_FOLDED_LINES] if is_quotation else lines
        if is_quotation:
            body += _quotation(cursor, len(shown) * _LINE, colours, is_folded=len(lines) > len(shown))
        for line in shown:
            body += _line(line, _MARGIN + _PADDING + indent, cursor + 15, colours)
            cursor += _LINE if line else _LINE / 2
    height = cursor - top + _PADDING - 4
    bubble = f'<rect x="{_MARGIN}" y="{top:.1f}" width="{_BUBBLE}" height="{height:.1f}" rx="15" fill="{colours.bubble}"/>'
    buttons, below = _buttons(message, top + height + _GAP, colours)
    return [bubble, *body, *buttons], height + below


def _quotation(top: float, height: float, colours: Colours, *, is_folded: bool) -> list[str]:
    left, width = _MARGIN + _PADDING, _BUBBLE - 2 * _PADDING
    drawn = [
        f'<rect x="{left}" y="{top - 3:.1f}" width="{width}" height="{height + 6:.1f}" rx="5" fill="{colours.quotation}"/>',
        f'<rect x="{left}" y="{top - 3:.1f}" width="3.5" height="{height + 6:.1f}" rx="1.7" fill="{colours.quotation_edge}"/>',
    ]
    if is_folded:
        right, low = left + width - 13, top + height - 7
        chevron = f"M{right} {low}l5 5l5-5"
        drawn.append(f'<path d="{chevron}" fill="none" stroke="{colours.quotation_edge}" stroke-width="2"/>')
    return drawn


def _buttons(message: SentMessage, top: float, colours: Colours) -> tuple[list[str], float]:
    drawn: list[str] = []
    for number, row in enumerate(message.labels):
        width = (_BUBBLE - _GAP * (len(row) - 1)) / len(row)
        y = top + number * (_BUTTON + _GAP)
        for column, label in enumerate(row):
            x = _MARGIN + column * (width + _GAP)
            drawn.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BUTTON}" rx="9" fill="{colours.button}"/>'
            )
            shown = _clipped(label, width - 12)
            middle = x + (width - _width([_Piece(character, "") for character in shown]) * 14 / _SIZE) / 2
            drawn.append(_text(middle, y + 22, shown, "#fff", 14, ""))
    used = len(message.labels) * (_BUTTON + _GAP)
    return drawn, used + (_GAP if used else 0)


def _clipped(label: str, room: float) -> str:
    while _width([_Piece(character, "") for character in label]) * 14 / _SIZE > room:
        label = label.rstrip("…")[:-1] + "…"
    return label


def _paragraphs(message: SentMessage) -> Iterator[tuple[list[_Piece], bool]]:
    paragraph: list[_Piece] = []
    for piece in _pieces(message):
        if piece.character == "\n":
            yield paragraph, _is_quotation(paragraph)
            paragraph = []
        else:
            paragraph.append(piece)
    yield paragraph, _is_quotation(paragraph)


def _is_quotation(paragraph: Sequence[_Piece]) -> bool:
    return bool(paragraph) and "q" in paragraph[0].style


def _pieces(message: SentMessage) -> Iterator[_Piece]:
    offset = 0
    for character in message.text:
        yield _Piece(character, "".join(sorted(_letters(message.entities, offset))))
        offset += 2 if character > "\uffff" else 1


def _letters(entities: Sequence[Entity], offset: int) -> set[str]:
    here = (entity.type for entity in entities if entity.offset <= offset < entity.end)
    return {"q" if kind.endswith("blockquote") else _STYLES.get(kind, "") for kind in here}


def _lines(pieces: Sequence[_Piece], room: float) -> Iterator[list[_Piece]]:
    line: list[_Piece] = []
    for piece in pieces:
        if line and _width([*line, piece]) > room:
            carried = [line.pop()] if _belong_together(line[-1], piece) and len(line) > 1 else []
            yield line
            line = carried
        line.append(piece)
    if line:
        yield line


def _belong_together(last: _Piece, first: _Piece) -> bool:
    return first.character in _NEVER_FIRST or last.character in _NEVER_LAST


def _width(pieces: Sequence[_Piece]) -> float:
    return sum(_advance(piece.character) for piece in pieces) * _SIZE


def _advance(character: str) -> float:
    if character in _NARROW:
        return _NARROW[character]
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.56


def _line(pieces: Sequence[_Piece], left: float, baseline: float, colours: Colours) -> Iterator[str]:
    """SVG of the runs of one style, each at its position."""
    start = 0
    while start < len(pieces):
        end = start
        while end < len(pieces) and pieces[end].style == pieces[start].style:
            end += 1
        run = pieces[start:end]
        colour = colours.link if "a" in run[0].style else colours.text
        text = "".join(piece.character for piece in run)
        yield _text(left, baseline, text, colour, _SIZE, run[0].style, _width(run))
        left += _width(run)
        start = end


def _text(
    x: float, y: float, text: str, colour: str, size: float, style: str, length: float | None = None
) -> str:
    styles = ('font-weight="600" ' if "b" in style else "") + ('font-style="italic" ' if "i" in style else "")
    line = 'text-decoration="underline" ' if "u" in style else ""
    fitted = f'textLength="{length:.1f}" lengthAdjust="spacing" ' if length and len(text) > 1 else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" {styles}{line}{fitted}font-family="{_FONTS}" font-size="{size:g}" '
        f'fill="{colour}" xml:space="preserve">{escape(text)}</text>'
    )
