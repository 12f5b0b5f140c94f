"""Callback data of the buttons of admins: ids and digests only, at most 64 bytes, made and parsed here."""

from __future__ import annotations

import re

_DIGITS = r"[0-9a-f]"

ROLLBACK = re.compile(r"rb:(?P<generation>[0-9TZ.]{8,40}|-)\Z")
PURGE_LIST = re.compile(r"pl:(?P<page>[0-9]{1,5})\Z")
PURGE_SHOWN = re.compile(rf"ps:(?P<id>{_DIGITS}{{12}})\Z")
PURGE_SURE = re.compile(rf"py:(?P<id>{_DIGITS}{{12}}):(?P<digest>{_DIGITS}{{8}})\Z")
PURGE_NOT = re.compile(r"pn\Z")

PATTERN_EXAMPLES = (
    (ROLLBACK, "rb:20260101T000000.000000Z", "rb:"),
    (PURGE_LIST, "pl:0", "pl:x"),
    (PURGE_SHOWN, "ps:00112233aabb", "ps:00112233"),
    (PURGE_SURE, "py:00112233aabb:00112233", "py:00112233aabb"),
    (PURGE_NOT, "pn", "pn:0"),
)
"""For each pattern, data that it must match from the start and data that it must not."""

KEEPS_INDEX = "rb:-"
"""Data that leaves the index as it is."""
TAKES_NOTHING_OUT = "pn"
"""Data that takes no bulletin out."""


def rolls_back(generation: str) -> str:
    """Data that puts the generation of that name into service again."""
    return f"rb:{generation}"


def lists_bulletins(page: int = 0) -> str:
    """Data that lists the bulletins to take one out."""
    return f"pl:{page}"


def shows_removal(bulletin_id: str) -> str:
    """Data that shows what taking the bulletin out would remove."""
    return f"ps:{bulletin_id}"


def takes_out(bulletin_id: str, digest: str) -> str:
    """Data that takes the bulletin out, if what would go is still what the digest is of."""
    return f"py:{bulletin_id}:{digest}"
