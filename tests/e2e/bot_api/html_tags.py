"""The pieces of Telegram's HTML: start tags, end tags, character references.

Follows `parse_html` of TDLib's MessageEntity.cpp, with its wordings. Offsets in messages count bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .wire import Refusal, bad_request

SUPPORTED_TAGS = frozenset(
    [
        "a",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "span",
        "tg-spoiler",
        "tg-emoji",
        "pre",
        "code",
        "blockquote",
    ]
)
_SPACES = " \t\r\n\0\v"
_END = "\0"
_NAMED_REFERENCES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hexadecimal>[0-9A-Fa-f]*)|#(?P<decimal>[0-9]*)|(?P<name>[A-Za-z]*));?")
_LONGEST_NUMERIC_REFERENCE = 9


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag; `end` is the position after its `>`."""

    name: str
    end: int
    attributes: Mapping[str, str]


def unparsable(reason: str) -> Refusal:
    """Return the refusal of a text whose formatting is broken."""
    return bad_request(f"Can't parse entities: {reason}")


def byte_offset(source: str, position: int) -> int:
    """Return a position in bytes, which is how Telegram reports it."""
    return len(source[:position].encode("utf-8", "surrogatepass"))


def read_reference(source: str, position: int) -> tuple[str, int] | None:
    """Return the character a reference stands for and the position after it, or None for a literal `&`."""
    found = _REFERENCE.match(source, position)
    if found is None:
        return None
    if found["name"] is not None:
        character = _NAMED_REFERENCES.get(found["name"])
        return (character, found.end()) if character else None
    digits, base = (found["hexadecimal"], 16) if found["hexadecimal"] is not None else (found["decimal"], 10)
    code = int(digits, base) if digits else 0
    if not 0 < code < 0x10FFFF or len(found.group().rstrip(";")) > _LONGEST_NUMERIC_REFERENCE:
        return None
    return chr(code), found.end()


def read_start_tag(source: str, begin: int) -> Tag:
    """Return the start tag whose `<` is at `begin`."""
    position = _skip_name(source, begin + 1)
    where = byte_offset(source, begin)
    if _at(source, position) == _END:
        raise unparsable(f"Unclosed start tag at byte offset {where}")
    name = source[begin + 1 : position].lower()
    if name not in SUPPORTED_TAGS:
        raise unparsable(f'Unsupported start tag "{name}" at byte offset {where}')
    attributes, position = _read_attributes(source, position, name, where)
    return Tag(name, position + 1, attributes)


def read_end_tag(source: str, begin: int) -> Tag:
    """Return the end tag whose `</` is at `begin`; Telegram lets `</>` close the innermost tag."""
    position = _skip_name(source, begin + 2)
    name = source[begin + 2 : position].lower()
    position = _skip_spaces(source, position)
    if _at(source, position) != ">":
        raise unparsable(f"Unclosed end tag at byte offset {byte_offset(source, begin)}")
    return Tag(name, position + 1, {})


def _read_attributes(source: str, position: int, tag: str, where: int) -> tuple[dict[str, str], int]:
    attributes: dict[str, str] = {}
    while _at(source, position) != ">":
        position = _skip_spaces(source, position)
        if _at(source, position) == ">":
            break
        name, position = _read_attribute_name(source, position)
        if not name:
            raise unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        value, position = _read_attribute_value(source, position, tag, where)
        attributes[name] = value
    return attributes, position


def _read_attribute_name(source: str, position: int) -> tuple[str, int]:
    begin = position
    while _at(source, position) not in _SPACES + "=>/\"'":
        position += 1
    return source[begin:position], _skip_spaces(source, position)


def _read_attribute_value(source: str, position: int, tag: str, where: int) -> tuple[str, int]:
    if _at(source, position) == "=":
        position = _skip_spaces(source, position + 1)
        has_value = True
    else:
        has_value = False
    if _at(source, position) == _END:
        raise unparsable(f'Unclosed start tag "{tag}" at byte offset {where}')
    if not has_value:
        return "", position
    if _at(source, position) in "'\"":
        return _read_quoted(source, position, where)
    return _read_name_token(source, position)


def _read_name_token(source: str, begin: int) -> tuple[str, int]:
    token = re.compile(r"[A-Za-z0-9.-]*").match(source, begin)
    end = token.end() if token else begin
    if _at(source, end) not in _SPACES + ">":
        raise unparsable(f"Unexpected end of name token at byte offset {byte_offset(source, begin)}")
    return source[begin:end].lower(), end


def _read_quoted(source: str, position: int, where: int) -> tuple[str, int]:
    quote, position = source[position], position + 1
    value: list[str] = []
    while _at(source, position) not in (quote, _END):
        reference = read_reference(source, position) if source[position] == "&" else None
        character, position = reference or (source[position], position + 1)
        value.append(character)
    if _at(source, position) == _END or _at(source, position + 1) == _END:
        raise unparsable(f"Unclosed start tag at byte offset {where}")
    return "".join(value), position + 1


def _at(source: str, position: int) -> str:
    return source[position] if position < len(source) else _END


def _skip_name(source: str, position: int) -> int:
    while _at(source, position) not in _SPACES + ">":
        position += 1
    return position


def _skip_spaces(source: str, position: int) -> int:
    while position < len(source) and source[position] in _SPACES:
        position += 1
    return position
