"""Errors whose text tells the person at the keyboard what to correct."""

from __future__ import annotations


class BulletinBotError(Exception):
    """An error that the person at the keyboard can correct; its text is one sentence that says how."""


class DamagedIndexError(BulletinBotError):
    """A file of the index is missing or altered; an earlier generation may be intact."""
