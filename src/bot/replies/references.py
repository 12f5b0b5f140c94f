"""Formal reference of a quote for a report, copied to the clipboard by a button."""

from __future__ import annotations

from collections.abc import Sequence

from bot.locales import ZH_HANT
from bot.replies.markup import citation_path, clip, recognition_mark
from bot.replies.message_length import utf16_units
from retrieval.types import Passage, Quote

MOST_COPIED = 255
"""UTF-16 units; Telegram accepts up to 256 (https://core.telegram.org/bots/api#copytextbutton)."""

_LONGEST_TITLE = 60
_LONGEST_PATH = 90


def formal_reference(quotes: Sequence[Quote]) -> str:
    """The first quote with its source, or the source alone if both together exceed `MOST_COPIED`."""
    source = passage_reference(quotes[0].passage)
    reference = f"「{quotes[0].text}」{source}"
    return reference if utf16_units(reference) <= MOST_COPIED else source


def passage_reference(passage: Passage) -> str:
    """The source of a passage, in Traditional Chinese: （《精神文明建設工作簡報 篇3》，北京・二、把好“三關”…）."""
    title = clip(passage.bulletin_title or passage.bulletin, _LONGEST_TITLE)
    parts = clip("・".join(part for part in (passage.place_name, *_sections(passage)) if part), _LONGEST_PATH)
    path = "・".join(filter(None, (parts, recognition_mark(passage, ZH_HANT))))
    source = ZH_HANT.reference.format(bulletin=title, path=path)
    return source if utf16_units(source) <= MOST_COPIED else clip(citation_path(passage, ZH_HANT), 120)


def _sections(passage: Passage) -> list[str]:
    return [section.full for section in passage.section_path] or [ZH_HANT.lead]
