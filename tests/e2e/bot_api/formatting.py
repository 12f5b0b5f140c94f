"""A text with its formatting, read as strictly as Telegram reads it.

Only the HTML parse mode is known: the bot sends nothing else, and a slip into another should fail a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .entities import Entity, in_order, utf16_length
from .html_tags import byte_offset, read_end_tag, read_reference, read_start_tag, unparsable
from .links import InvalidLinkError, checked_link, mentioned_user_id

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    attributes: Mapping[str, str]
    offset: int
    begin: int


@dataclass(slots=True)
class _Reading:
    """How far a text has been read: what came out, and which tags are still open."""

    source: str
    position: int = 0
    offset: int = 0
    output: list[str] = field(default_factory=list)
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def write(self, characters: str, position: int) -> None:
        self.output.append(characters)
        self.offset += utf16_length(characters)
        self.position = position


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the text and its entities, before Telegram repairs and trims them; refuses broken HTML."""
    reading = _Reading(source)
    while reading.position < len(source):
        _read_next(reading)
    if reading.open_tags:
        tag = reading.open_tags[-1].name
        raise unparsable(f'Can\'t find end tag corresponding to start tag "{tag}"')
    text = "".join(reading.output)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise unparsable(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return text, tuple(in_order(map(_without_code_language, reading.entities)))


def _read_next(reading: _Reading) -> None:
    character = reading.source[reading.position]
    if character == "<":
        ends = reading.source.startswith("</", reading.position)
        return _close_tag(reading) if ends else _open_tag(reading)
    reference = read_reference(reading.source, reading.position) if character == "&" else None
    return reading.write(*(reference or (character, reading.position + 1)))


def _open_tag(reading: _Reading) -> None:
    tag = read_start_tag(reading.source, reading.position)
    if tag.name == "span" and tag.attributes.get("class") != "tg-spoiler":
        where = byte_offset(reading.source, reading.position)
        raise unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    reading.open_tags.append(_OpenTag(tag.name, tag.attributes, reading.offset, len(reading.output)))
    reading.position = tag.end


def _close_tag(reading: _Reading) -> None:
    where = byte_offset(reading.source, reading.position)
    if not reading.open_tags:
        raise unparsable(f"Unexpected end tag at byte offset {where}")
    tag = read_end_tag(reading.source, reading.position)
    opened = reading.open_tags[-1]
    if tag.name and tag.name != opened.name:
        expected = f'expected "</{opened.name}>", found "</{tag.name}>"'
        raise unparsable(f"Unmatched end tag at byte offset {where}, {expected}")
    reading.open_tags.pop()
    reading.position = tag.end
    if reading.offset > opened.offset:
        _add_entity(reading, opened)


def _add_entity(reading: _Reading, tag: _OpenTag) -> None:
    length = reading.offset - tag.offset
    if tag.name in {"pre", "code"}:
        return _add_preformatted(reading, tag, length)
    reading.entities.append(_entity(tag, length, "".join(reading.output[tag.begin :])))
    return None


def _entity(tag: _OpenTag, length: int, content: str) -> Entity:
    if tag.name == "a":
        return _link(tag, length, tag.attributes.get("href") or content)
    if tag.name == "blockquote":
        kind = "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"
        return Entity(kind, tag.offset, length)
    if tag.name == "tg-emoji":
        emoji_id = tag.attributes.get("emoji-id", "")
        if not emoji_id.isdecimal() or int(emoji_id) == 0:
            raise unparsable("Invalid custom emoji identifier specified")
        return Entity("custom_emoji", tag.offset, length, custom_emoji_id=emoji_id)
    return Entity(_STYLES[tag.name], tag.offset, length)


def _link(tag: _OpenTag, length: int, link: str) -> Entity:
    """Return a link; without `url` when its address is none, and then Telegram shows plain text."""
    user_id = mentioned_user_id(link)
    if user_id:
        return Entity("text_mention", tag.offset, length, user_id=user_id)
    try:
        return Entity("text_link", tag.offset, length, url=checked_link(link))
    except InvalidLinkError:
        return Entity("text_link", tag.offset, length)


def _add_preformatted(reading: _Reading, tag: _OpenTag, length: int) -> None:
    """`<pre><code class="language-x">` over the same characters is one block with a language."""
    language = tag.attributes.get("class", "")
    language = language.removeprefix("language-") if language.startswith("language-") else ""
    inner = reading.entities[-1] if reading.entities else None
    if inner is not None and (inner.offset, inner.length) == (tag.offset, length):
        if tag.name == "pre" and inner.type == "code" and inner.language:
            reading.entities[-1] = replace(inner, type="pre")
            return
        if tag.name == "code" and inner.type == "pre" and language:
            reading.entities[-1] = replace(inner, language=language)
            return
    kept_language = language if tag.name == "code" else ""
    reading.entities.append(Entity(tag.name, tag.offset, length, language=kept_language))


def _without_code_language(entity: Entity) -> Entity:
    return replace(entity, language="") if entity.type == "code" else entity
