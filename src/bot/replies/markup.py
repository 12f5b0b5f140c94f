"""Building blocks of replies: messages in Telegram HTML, buttons, links, citation paths."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.locales import Texts
from bot.replies.message_length import MOST_UNITS, size_of
from retrieval.types import Passage

Span = tuple[int, int]
"""Start and end (exclusive) in the text of a passage."""

LinkTo = Callable[[str, Span | None], str]
"""Returns the address that opens a passage, given its id and the span of a quote in it."""

LONGEST_NAMES = 200
"""Characters of a list of names that fit the screen of a phone."""

_LONGEST_HEADING = 48
_LONGEST_PATH = 120
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: a label, and either the callback data it sends or the text it copies."""

    label: str
    data: str = ""
    copies: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """Messages in Telegram HTML, to be sent in order; the rows of buttons go below the last one."""

    messages: tuple[str, ...]
    rows: Rows = ()


def text_reply(text: str, *rows: tuple[Button, ...]) -> Reply:
    """A reply of one plain-text message with rows of buttons."""
    return Reply((escape(text),), rows)


def with_preface(reply: Reply, preface: str) -> Reply:
    """The reply with Telegram HTML above its first message; unchanged if that message would be too long."""
    first, *others = reply.messages
    prefaced = f"{preface}\n\n{first}"
    return Reply((prefaced, *others), reply.rows) if size_of(prefaced).fits(MOST_UNITS) else reply


def escape(text: str) -> str:
    """Text escaped for Telegram HTML."""
    return html.escape(text, quote=False)


def clip(text: str, longest: int) -> str:
    """The text cut to at most `longest` characters, the last of which is then an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def anchor(label: str, address: str) -> str:
    """A link in Telegram HTML; the label is plain text."""
    return f'<a href="{html.escape(address)}">{escape(label)}</a>'


def mark_spans(text: str, within: Span, marks: Iterable[Span], tag: str) -> str:
    """The part of a text within a span, escaped, with a tag around each mark (or the part of it inside the span)."""
    start, end = within
    parts: list[str] = []
    for left, right in marks:
        left, right = max(left, start), min(right, end)
        if left < right:
            parts += [escape(text[start:left]), f"<{tag}>{escape(text[left:right])}</{tag}>"]
            start = right
    return "".join([*parts, escape(text[start:end])])


def citation_path(passage: Passage, texts: Texts, *, whole: bool = False) -> str:
    """Citation as shown: 北京・篇3・二、把好“三關”…; long headings are cut unless `whole`.

    Where the text was read from a picture, it ends with that and the score: 掃描識別 97%.
    """
    sections = [section.full for section in passage.section_path] or [texts.lead]
    headings = sections if whole else [clip(section, _LONGEST_HEADING) for section in sections]
    path = "・".join(name for name in (passage.place_name, passage.bulletin, *headings) if name)
    shown = clip(path, _LONGEST_TITLE if whole else _LONGEST_PATH)
    return f"{shown}・{recognition_mark(passage, texts)}" if passage.recognized else shown


def recognition_mark(passage: Passage, texts: Texts) -> str:
    """The words that say that a text was read from a picture, with its score; empty for any other."""
    return texts.recognized.format(score=f"{passage.recognized.score:.0%}") if passage.recognized else ""


def shortened_names(names: Sequence[str], texts: Texts) -> str:
    """The names as a list; cut to `LONGEST_NAMES` characters, with the number of names, if it is longer."""
    listed = texts.between_names.join(names)
    return listed if len(listed) <= LONGEST_NAMES else f"{clip(listed, LONGEST_NAMES)}({len(names)})"
