"""Telegram's limits of a message, and the splitting of longer ones: between blocks or sentences, never in a tag."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_UNITS = 4096
"""UTF-16 units of a message after parsing (https://core.telegram.org/bots/api#sendmessage)."""

# With a margin: Telegram drops formatting beyond the hundredth entity and rejects more than 32 kB before parsing.
_MOST_ENTITIES = 95
_MOST_BYTES = 30_000

_TOKEN = re.compile(r"<[^>]*>|&(?:lt|gt|amp|quot|#x?[0-9A-Fa-f]+);|.", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_TAG_NAME = re.compile(r"[a-z-]+")
PATTERN_EXAMPLES = (
    (_TOKEN, "&amp;", "&nbsp;"),
    (_TAG, '<a href="https://t.me/a?start=b">', "&lt;a&gt;"),
    (_TAG_NAME, "tg-spoiler", "</>"),
)
"""For each pattern, a text that it must match as a whole and one that it must not."""

_SENTENCE_ENDS = frozenset("。!?;…\n\uff01\uff1f\uff1b")


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a piece of Telegram HTML, in each of the units that Telegram limits."""

    units: int = 0
    """UTF-16 units of the text after parsing."""
    entities: int = 0
    """Opening tags."""
    utf8_bytes: int = 0
    """Bytes of the markup."""

    def __add__(self, other: Size) -> Size:
        return Size(
            self.units + other.units, self.entities + other.entities, self.utf8_bytes + other.utf8_bytes
        )

    def fits(self, most: int) -> bool:
        """Whether it has at most `most` units and is within the other limits."""
        return self.units <= most and self.entities <= _MOST_ENTITIES and self.utf8_bytes <= _MOST_BYTES


def utf16_units(text: str) -> int:
    """Length of a text in UTF-16 units, as Telegram counts: characters beyond the BMP are two units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size_of(markup: str) -> Size:
    """Size of a piece of Telegram HTML."""
    entities = sum(not tag.startswith("</") for tag in _TAG.findall(markup))
    text = html.unescape(_TAG.sub("", markup))
    return Size(utf16_units(text), entities, len(markup.encode("utf-8", "surrogatepass")))


def _is_tag(token: str) -> bool:
    return len(token) > 1 and token.startswith("<")


def pack_blocks(blocks: Iterable[str], most: int = MOST_UNITS) -> tuple[str, ...]:
    """Blocks joined by blank lines into as few messages as possible; only a block too long for one message is cut."""
    messages: list[str] = []
    for block in itertools.chain.from_iterable(cut_block(block, most) for block in blocks):
        joined = f"{messages[-1]}\n\n{block}" if messages else block
        if messages and size_of(joined).fits(most):
            messages[-1] = joined
        else:
            messages.append(block)
    return tuple(messages)


def cut_block(block: str, most: int = MOST_UNITS) -> tuple[str, ...]:
    """A block in pieces of at most `most` units, cut after sentences if possible; open tags are reopened in the next."""
    if size_of(block).fits(most):
        return (block,)
    tokens, opened, pieces = _TOKEN.findall(block), list[str](), list[str]()
    start = 0
    while start < len(tokens):
        end = _end_of_piece(tokens, start, size_of("".join(opened)), most)
        body = "".join([*opened, *tokens[start:end]])
        opened = _still_open([*opened, *tokens[start:end]])
        pieces.append(body + "".join(f"</{_name(tag)}>" for tag in reversed(opened)))
        start = end
    return tuple(pieces)


def _end_of_piece(tokens: Sequence[str], start: int, size: Size, most: int) -> int:
    """Index after the last token that fits, or after the last full sentence if that is in the second half of the piece."""
    sentence_end = end = start
    while end < len(tokens) and (end == start or (size + size_of(tokens[end])).fits(most)):
        size += size_of(tokens[end])
        end += 1
        if tokens[end - 1] in _SENTENCE_ENDS:
            sentence_end = end
    return sentence_end if end < len(tokens) and sentence_end - start > (end - start) // 2 else end


def _still_open(tokens: Iterable[str]) -> list[str]:
    opened: list[str] = []
    for tag in filter(_is_tag, tokens):
        if tag.startswith("</"):
            opened.pop()
        else:
            opened.append(tag)
    return opened


def _name(tag: str) -> str:
    name = _TAG_NAME.search(tag)
    return name.group() if name else ""
