"""Building blocks of replies: messages in Telegram HTML, buttons, links, citation paths."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.locales import ZH_HANT, Texts
from bot.replies.message_length import MOST_UNITS, size_of, utf16_units
from bot.replies.romanization import romanized_place
from retrieval.types import DEFAULT_COLLECTION, Passage, Quote

Span = tuple[int, int]
"""Start and end (exclusive) in the text of a passage."""

LinkTo = Callable[[str, Span | None], str]
"""Returns the address that opens a passage, given its id and the span of a quote in it."""

LONGEST_NAMES = 200
"""Characters of a list of names that fit the screen of a phone."""

_LONGEST_HEADING = 48
# A line of a phone has about 21 full-width characters; place and bulletin take some eight.
_SHORT_HEADING, _SHORT_OUTER, _SHORT_INNER = 28, 16, 14
_LONGEST_PATH = 120
_LONGEST_TITLE = 300

MOST_COPIED = 255
"""UTF-16 units; Telegram accepts up to 256 (https://core.telegram.org/bots/api#copytextbutton)."""

_LONGEST_BULLETIN = 60
_LONGEST_SOURCE = 90


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: a label, and the callback data it sends, the text it copies, or the address it opens."""

    label: str
    data: str = ""
    copies: str = ""
    opens: str = ""
    is_app: bool = False
    """Whether the address opens inside Telegram (Mini App); in private chats only."""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """Messages in Telegram HTML, to be sent in order; the rows of buttons go below the last one."""

    messages: tuple[str, ...]
    rows: Rows = ()
    rich: str = ""
    """The same as one rich message in Telegram's rich HTML, for servers that take it; empty without one."""


def text_reply(text: str, *rows: tuple[Button, ...]) -> Reply:
    """A reply of one plain-text message with rows of buttons."""
    return Reply((escape(text),), rows)


def with_preface(reply: Reply, preface: str) -> Reply:
    """The reply with Telegram HTML above its first message; unchanged if that message would be too long."""
    first, *others = reply.messages
    prefaced = f"{preface}\n\n{first}"
    rich = f"<p>{preface}</p>{reply.rich}" if reply.rich else ""
    return Reply((prefaced, *others), reply.rows, rich) if size_of(prefaced).fits(MOST_UNITS) else reply


def with_row(reply: Reply, row: tuple[Button, ...]) -> Reply:
    """The reply with one more row of buttons at the top of its rows, if there are buttons in it."""
    return Reply(reply.messages, (row, *reply.rows), reply.rich) if row else reply


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
    """Citation as shown: 北京・篇3・二、把好“三關”…, after its collection if there are several.

    Long headings are cut unless `whole`. Where the text was read from a picture, it ends with that and the score:
    掃描識別 97%.
    """
    sections = [section.full for section in passage.section_path] or [texts.lead]
    headings = sections if whole else [clip(section, _LONGEST_HEADING) for section in sections]
    place = place_label(passage.place_name, texts) if passage.place_name else None
    names = (collection_name(passage.collection, texts), place, passage.bulletin, *headings)
    shown = clip("・".join(filter(None, names)), _LONGEST_TITLE if whole else _LONGEST_PATH)
    return f"{shown}・{recognition_mark(passage, texts)}" if passage.recognized else shown


def recognition_mark(passage: Passage, texts: Texts) -> str:
    """The words that say that a text was read from a picture, with its score; empty for any other."""
    return texts.recognized.format(score=f"{passage.recognized.score:.0%}") if passage.recognized else ""


def short_citation(passage: Passage, texts: Texts) -> str:
    """Citation in about two lines of a phone: place, bulletin, the outermost section, and the innermost one."""
    sections = [section.full for section in passage.section_path] or [texts.lead]
    shown = [clip(sections[0], _SHORT_HEADING if len(sections) == 1 else _SHORT_OUTER)]
    if len(sections) > 1:
        shown.append(clip(sections[-1], _SHORT_INNER))
    place = place_label(passage.place_name, texts) if passage.place_name else None
    names = (collection_name(passage.collection, texts), place, passage.bulletin, *shown)
    path = clip("・".join(filter(None, names)), _LONGEST_PATH)
    return "・".join(filter(None, (path, recognition_mark(passage, texts))))


def place_label(name: str, texts: Texts) -> str:
    """The name of a place, for readers of English with its usual spelling before it: Chongqing 重慶."""
    return f"{romanized_place(name)} {name}".strip() if texts.reads_latin else name


def collection_name(collection: str | None, texts: Texts) -> str:
    """The name of a collection as shown; empty where there are no others."""
    return texts.default_collection if collection == DEFAULT_COLLECTION else collection or ""


def shortened_names(names: Sequence[str], texts: Texts) -> str:
    """The names as a list; cut to `LONGEST_NAMES` characters, with the number of names, if it is longer."""
    listed = texts.between_names.join(names)
    return listed if len(listed) <= LONGEST_NAMES else f"{clip(listed, LONGEST_NAMES)}({len(names)})"


def formal_reference(quotes: Sequence[Quote]) -> str:
    """The first quote with its source, or the source alone if both together exceed `MOST_COPIED`."""
    source = passage_reference(quotes[0].passage)
    reference = f"「{quotes[0].text}」{source}"
    return reference if utf16_units(reference) <= MOST_COPIED else source


def passage_reference(passage: Passage) -> str:
    """The source of a passage, in Traditional Chinese: （《精神文明建設工作簡報 篇3》，北京・二、把好“三關”…）."""
    title = clip(passage.bulletin_title or passage.bulletin, _LONGEST_BULLETIN)
    names = (collection_name(passage.collection, ZH_HANT), passage.place_name, *_sections(passage))
    parts = clip("・".join(filter(None, names)), _LONGEST_SOURCE)
    path = "・".join(filter(None, (parts, recognition_mark(passage, ZH_HANT))))
    source = ZH_HANT.reference.format(bulletin=title, path=path)
    return source if utf16_units(source) <= MOST_COPIED else clip(citation_path(passage, ZH_HANT), 120)


def _sections(passage: Passage) -> list[str]:
    return [section.full for section in passage.section_path] or [ZH_HANT.lead]
