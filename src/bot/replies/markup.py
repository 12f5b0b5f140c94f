"""What every reply is made of: messages, buttons, links, paths."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.locales import Texts
from bot.replies.message_length import MOST_UNITS, size_of
from retrieval.types import Passage

Span = tuple[int, int]
"""Start and end in a passage's text."""

LinkTo = Callable[[str, Span | None], str]
"""A passage id, and where a quote stands in the passage, to the address that opens it there."""

LONGEST_NAMES = 200
"""Characters of a list of names on a phone's screen."""

_LONGEST_HEADING = 48
_LONGEST_PATH = 120
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: what it says, and the callback data it sends or else the text it copies."""

    label: str
    data: str = ""
    copies: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """Messages to send in order, as Telegram HTML; the rows of buttons stand below the last."""

    messages: tuple[str, ...]
    rows: Rows = ()


def said(text: str, *rows: tuple[Button, ...]) -> Reply:
    """One message of plain text with rows of buttons."""
    return Reply((escape(text),), rows)


def with_preface(reply: Reply, preface: str) -> Reply:
    """The reply with Telegram HTML above its first message; unchanged if that message would be too long."""
    first, *others = reply.messages
    prefaced = f"{preface}\n\n{first}"
    return Reply((prefaced, *others), reply.rows) if size_of(prefaced).fits(MOST_UNITS) else reply


def escape(text: str) -> str:
    """Text as it must stand in Telegram HTML."""
    return html.escape(text, quote=False)


def clip(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis, at most `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def anchor(label: str, address: str) -> str:
    """A link."""
    return f'<a href="{html.escape(address)}">{escape(label)}</a>'


def marked(text: str, within: Span, marks: Iterable[Span], tag: str) -> str:
    """The part of a text, escaped, with a tag around each of the marks that stands in it."""
    start, end = within
    parts: list[str] = []
    for left, right in marks:
        left, right = max(left, start), min(right, end)
        if left < right:
            parts += [escape(text[start:left]), f"<{tag}>{escape(text[left:right])}</{tag}>"]
            start = right
    return "".join([*parts, escape(text[start:end])])


def citation_path(passage: Passage, texts: Texts, *, whole: bool = False) -> str:
    """As people cite it: 北京・篇3・二、把好“三關”…; the heading is cut unless the whole is wanted."""
    sections = [section.full for section in passage.section_path] or [texts.lead]
    shown = sections if whole else [clip(section, _LONGEST_HEADING) for section in sections]
    path = "・".join(part for part in (passage.place_name, passage.bulletin, *shown) if part)
    return clip(path, _LONGEST_TITLE if whole else _LONGEST_PATH)


def some(names: Sequence[str], texts: Texts) -> str:
    """As many of the names as stand on a phone's screen, with their number where some are left out."""
    listed = texts.between_names.join(names)
    return listed if len(listed) <= LONGEST_NAMES else f"{clip(listed, LONGEST_NAMES)}({len(names)})"
