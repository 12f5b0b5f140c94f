"""What Telegram measures of a message, and how a longer one is cut: never inside a tag, best between blocks."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_UNITS = 4096
"""UTF-16 units of a message after parsing (https://core.telegram.org/bots/api#sendmessage)."""

# Formatting beyond the hundredth entity is dropped, and the server takes 32 kB before parsing; both with room.
_MOST_ENTITIES = 95
_MOST_BYTES = 30_000

_TOKEN = re.compile(r"<[^>]*>|&(?:lt|gt|amp|quot|#x?[0-9A-Fa-f]+);|.", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_TAG_NAME = re.compile(r"[a-z-]+")
_ENDS_SENTENCE = frozenset("。!?;…\n\uff01\uff1f\uff1b")


@dataclass(frozen=True, slots=True)
class Size:
    """How long a piece of Telegram HTML is, in each of the ways that are limited."""

    units: int = 0
    entities: int = 0
    size: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.units + other.units, self.entities + other.entities, self.size + other.size)

    def fits(self, most: int) -> bool:
        """Whether it is at most that many units long, and within the other limits."""
        return self.units <= most and self.entities <= _MOST_ENTITIES and self.size <= _MOST_BYTES


def utf16_units(text: str) -> int:
    """How long Telegram counts a text: characters beyond the BMP are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size_of(markup: str) -> Size:
    """How long a piece of Telegram HTML is once it is parsed."""
    opening = sum(not tag.startswith("</") for tag in _TAG.findall(markup))
    text = html.unescape(_TAG.sub("", markup))
    return Size(utf16_units(text), opening, len(markup.encode("utf-8", "surrogatepass")))


def _is_tag(token: str) -> bool:
    return len(token) > 1 and token.startswith("<")


def packed(blocks: Iterable[str], most: int = MOST_UNITS) -> tuple[str, ...]:
    """The blocks, a blank line between them, in as few messages as hold them; only one too long is itself cut."""
    messages: list[str] = []
    for block in itertools.chain.from_iterable(cut(block, most) for block in blocks):
        joined = f"{messages[-1]}\n\n{block}" if messages else block
        if messages and size_of(joined).fits(most):
            messages[-1] = joined
        else:
            messages.append(block)
    return tuple(messages)


def cut(block: str, most: int = MOST_UNITS) -> tuple[str, ...]:
    """The block in pieces of at most that many units, behind sentences where it can be; open tags go on in the next."""
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
    """Behind the last token that fits, or behind the last sentence if that is not too far before it."""
    sentence = end = start
    while end < len(tokens) and (end == start or (size + size_of(tokens[end])).fits(most)):
        size += size_of(tokens[end])
        end += 1
        if tokens[end - 1] in _ENDS_SENTENCE:
            sentence = end
    return sentence if end < len(tokens) and sentence - start > (end - start) // 2 else end


def _still_open(tokens: Iterable[str]) -> list[str]:
    opened: list[str] = []
    for tag in filter(_is_tag, tokens):
        if tag.startswith("</"):
            opened.pop()
        else:
            opened.append(tag)
    return opened


def _name(tag: str) -> str:
    found = _TAG_NAME.search(tag)
    return found.group() if found else ""
