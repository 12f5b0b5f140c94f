"""A quote with its source as it stands in a report: what the copy button puts on the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from bot.locales import ZH_HANT
from bot.replies.markup import citation_path, clip
from bot.replies.message_length import utf16_units
from retrieval.types import Passage, Quote

MOST_COPIED = 255
"""UTF-16 units; Telegram takes 256 (https://core.telegram.org/bots/api#copytextbutton)."""

_LONGEST_TITLE = 60
_LONGEST_PATH = 90


def formal_reference(quotes: Sequence[Quote]) -> str:
    """The first quote with its source; the source alone where both are too long for the clipboard."""
    source = passage_reference(quotes[0].passage)
    whole = f"「{quotes[0].text}」{source}"
    return whole if utf16_units(whole) <= MOST_COPIED else source


def passage_reference(passage: Passage) -> str:
    """The source alone: （《精神文明建設工作簡報 篇3》，北京・二、把好“三關”…）, in the script of the bulletins."""
    title = clip(passage.bulletin_title or passage.bulletin, _LONGEST_TITLE)
    path = "・".join(part for part in (passage.place_name, *_sections(passage)) if part)
    source = ZH_HANT.reference.format(bulletin=title, path=clip(path, _LONGEST_PATH))
    return source if utf16_units(source) <= MOST_COPIED else clip(citation_path(passage, ZH_HANT), 120)


def _sections(passage: Passage) -> list[str]:
    return [section.full for section in passage.section_path] or [ZH_HANT.lead]
