"""Message entities, and how Telegram repairs a set of them that breaks its nesting rules.

The rules are those of `fix_entities` in TDLib's MessageEntity.cpp, which every message of a bot passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .wire import JsonObject

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
BLOCKQUOTES = frozenset({"blockquote", "expandable_blockquote"})
PREFORMATTED = frozenset({"pre", "code"})

# Which of two entities over the same characters comes first, and so survives: lower is stronger.
_PRIORITY = {"blockquote": 0, "expandable_blockquote": 0, "pre": 10, "code": 20, "text_link": 49}
_PRIORITY |= {"text_mention": 49, "custom_emoji": 99}
_PRIORITY |= {kind: 90 + position for position, kind in enumerate(SPLITTABLE)}
_DETECTED_PRIORITY = 50


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted span; `offset` and `length` count UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    custom_emoji_id: str = ""
    user_id: int = 0

    @property
    def end(self) -> int:
        """Return the offset just after the span."""
        return self.offset + self.length

    def as_json(self) -> JsonObject:
        """Return the entity as the Bot API shows it."""
        shown: JsonObject = {"type": self.type, "offset": self.offset, "length": self.length}
        for name in ("url", "language", "custom_emoji_id"):
            if getattr(self, name):
                shown[name] = getattr(self, name)
        if self.user_id:
            shown["user"] = {"id": self.user_id, "is_bot": False, "first_name": f"User {self.user_id}"}
        return shown


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, which is how Telegram counts offsets."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Return the characters between two UTF-16 offsets."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Return entities by offset, the longer first, the stronger first."""
    return sorted(entities, key=lambda entity: (entity.offset, -entity.length, _priority(entity)))


def repaired(entities: Sequence[Entity]) -> tuple[tuple[Entity, ...], tuple[Entity, ...]]:
    """Return what Telegram keeps of some entities, and what it drops without a word."""
    quotes = _apart(entity for entity in entities if entity.type in BLOCKQUOTES)
    others = [
        entity for entity in entities if entity.type not in BLOCKQUOTES and entity.type not in SPLITTABLE
    ]
    whole = [entity for entity in _apart(others) if not any(_crosses(entity, quote) for quote in quotes)]
    fixed = in_order([*quotes, *whole])
    styles = [entity for entity in entities if entity.type in SPLITTABLE]
    kept = in_order([*fixed, *_split(styles, fixed)])
    lost = [entity for entity in entities if not _is_kept(entity, kept)]
    return tuple(kept), tuple(lost)


def with_detected(entities: Sequence[Entity], detected: Iterable[Entity]) -> tuple[Entity, ...]:
    """Return entities together with those Telegram finds by itself, which give way to the former."""
    solid = [
        entity for entity in entities if entity.type not in SPLITTABLE and entity.type not in BLOCKQUOTES
    ]
    new = [found for found in detected if not any(_overlap(found, entity) for entity in solid)]
    return repaired([*entities, *new])[0]


def _priority(entity: Entity) -> int:
    return _PRIORITY.get(entity.type, _DETECTED_PRIORITY)


def _apart(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities that do not overlap an earlier one."""
    kept: list[Entity] = []
    for entity in in_order(entities):
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def _crosses(entity: Entity, quote: Entity) -> bool:
    """Return whether an entity overlaps a block quotation without lying inside it."""
    return _overlap(entity, quote) and not (quote.offset <= entity.offset and entity.end <= quote.end)


def _split(styles: Sequence[Entity], others: Sequence[Entity]) -> list[Entity]:
    """Return styles joined where they touch, cut at the edges of other entities, and none inside code."""
    joined = [part for kind in SPLITTABLE for part in _joined(kind, styles)]
    cuts = {edge for other in others for edge in (other.offset, other.end)}
    cuts |= {style.offset for style in joined}
    pieces = [piece for style in joined for piece in _cut(style, cuts)]
    code = [other for other in others if other.type in PREFORMATTED]
    return [piece for piece in pieces if not any(_overlap(piece, block) for block in code)]


def _joined(kind: str, styles: Sequence[Entity]) -> list[Entity]:
    joined: list[Entity] = []
    for style in in_order(entity for entity in styles if entity.type == kind):
        if joined and style.offset <= joined[-1].end:
            end = max(joined[-1].end, style.end)
            joined[-1] = replace(joined[-1], length=end - joined[-1].offset)
        else:
            joined.append(style)
    return joined


def _cut(style: Entity, cuts: set[int]) -> list[Entity]:
    edges = [style.offset, *sorted(cut for cut in cuts if style.offset < cut < style.end), style.end]
    return [replace(style, offset=start, length=end - start) for start, end in pairwise(edges)]


def _is_kept(entity: Entity, kept: Sequence[Entity]) -> bool:
    """Return whether some part of an entity survived; a style may have been cut in pieces."""
    if entity.type in SPLITTABLE:
        return any(other.type == entity.type and _overlap(other, entity) for other in kept)
    return entity in kept
