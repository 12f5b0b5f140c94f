"""Errors whose text tells the person at the keyboard what to correct."""

from __future__ import annotations

from collections.abc import Sequence


class BulletinBotError(Exception):
    """An error that the person at the keyboard can correct; its text is one sentence that says how."""


class DamagedIndexError(BulletinBotError):
    """A file of the index is missing or altered; an earlier generation may be intact."""


class UnknownCollectionError(BulletinBotError):
    """A name that no collection has; the message lists the names that there are."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no collection {name!r}: there are {'、'.join(known)}.")
