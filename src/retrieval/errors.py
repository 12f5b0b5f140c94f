"""Errors whose text tells the person at the keyboard what to correct."""

from __future__ import annotations


class BulletinBotError(Exception):
    """Something the person at the keyboard can mend; its text is one sentence that says what and how."""


class DamagedIndexError(BulletinBotError):
    """A file of the index is missing or not as it was written; an earlier generation may be whole."""
