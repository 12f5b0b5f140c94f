"""A text as Telegram stores it: parsed, cleaned of control characters, trimmed, within its limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .detection import detected_entities
from .entities import Entity, repaired, utf16_length, with_detected
from .formatting import parse_html
from .wire import Json, JsonObject, bad_request, required_text

# The server looks at the raw size before it parses.
_LARGEST_SOURCE_BYTES = 1 << 15
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
# Characters without ink; a text of nothing else is empty to Telegram.
_INVISIBLE = re.compile(
    "[\\s\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\U000e0080-\U000e00ff]*\\Z"
)


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text with entities; `dropped` names the formatting Telegram threw away without refusing."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    dropped: tuple[Entity, ...] = ()

    def entities_as_json(self) -> list[JsonObject]:
        """Return the entities as the Bot API shows them."""
        return [entity.as_json() for entity in self.entities]


def formatted_text(source: str, parse_mode: str, given: Json = None) -> FormattedText:
    """Return a text ready to be stored, possibly empty; refuses broken formatting."""
    if len(source.encode("utf-8", "surrogatepass")) > _LARGEST_SOURCE_BYTES:
        raise bad_request("Text is too long")
    text, entities = _parsed(source, parse_mode, given)
    dead_links = tuple(entity for entity in entities if entity.type == "text_link" and not entity.url)
    kept, dropped = repaired(_within(text, [entity for entity in entities if entity not in dead_links]))
    text, kept = _trimmed(*_cleaned(text, kept))
    kept = with_detected(kept, detected_entities(text))
    return FormattedText(text, kept, dead_links + dropped)


def plain_text(source: str) -> FormattedText:
    """Return what a person types: no formatting but what Telegram finds by itself."""
    return formatted_text(source, "")


def is_blank(text: str) -> bool:
    """Return whether a text has nothing to see."""
    return _INVISIBLE.match(text) is not None


def _parsed(source: str, parse_mode: str, given: Json) -> tuple[str, tuple[Entity, ...]]:
    mode = parse_mode.lower()
    if source and mode not in {"", "none"}:
        if mode != "html":
            raise bad_request("Unsupported parse_mode")
        return parse_html(source)
    entries = given if isinstance(given, list) else []
    return source, tuple(_given_entity(entry) for entry in entries)


def _given_entity(entry: Json) -> Entity:
    if not isinstance(entry, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, user = required_text(entry, "type"), entry.get("user") or {}
    extras = {name: str(entry.get(name, "")) for name in ("url", "language", "custom_emoji_id")}
    return Entity(kind, int(entry["offset"]), int(entry["length"]), **extras, user_id=int(user.get("id", 0)))


def _within(text: str, entities: Sequence[Entity]) -> list[Entity]:
    size = utf16_length(text)
    for entity in entities:
        if entity.offset >= size or entity.end > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
            )
    return [entity for entity in entities if entity.length]


def _cleaned(text: str, entities: Sequence[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Return a text without characters Telegram removes, entities moved along."""
    removed = [utf16_length(text[: found.start()]) for found in _REMOVED.finditer(text)]

    def moved(offset: int) -> int:
        return offset - sum(position < offset for position in removed)

    kept = [replace(e, offset=moved(e.offset), length=moved(e.end) - moved(e.offset)) for e in entities]
    text = _BLANKED.sub(" ", _REMOVED.sub("", text))
    return text, tuple(entity for entity in kept if entity.length)


def _trimmed(text: str, entities: Sequence[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Return a text without blanks at its ends; at the start they stay where an entity holds them."""
    stripped = text.rstrip(" \n")
    size = utf16_length(stripped)
    cut = [replace(entity, length=min(entity.end, size) - entity.offset) for entity in entities]
    kept = [entity for entity in cut if entity.length > 0]
    blanks = len(stripped) - len(stripped.lstrip(" \n"))
    lead = min([blanks, *(entity.offset for entity in kept)])
    return stripped[lead:], tuple(replace(entity, offset=entity.offset - lead) for entity in kept)
