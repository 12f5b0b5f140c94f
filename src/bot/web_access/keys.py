"""Access keys for programs and for readers without Telegram; the settings hold their hashes alone."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings import Settings

# 256 random bits: a hash without salt and stretching is enough, since nobody can guess through them.
_RANDOM_BYTES = 32
_LONGEST_KEY = 200
_BEARER = re.compile(r"[Bb]earer +(?P<key>[\x21-\x7e]+) *")

PATTERN_EXAMPLES = ((_BEARER, "Bearer abc", "Basic abc"),)
"""For each pattern, a text that it must match as a whole and one that it must not."""


@dataclass(frozen=True, slots=True)
class AccessKeys:
    """The keys that are accepted: hashes by the names of their owners."""

    hashes: Mapping[str, str]

    @classmethod
    def of(cls, settings: Settings) -> AccessKeys:
        """The keys in ACCESS_KEYS."""
        return cls({name: known.get_secret_value() for name, known in settings.access_keys.items()})

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def name_of(self, key: str) -> str | None:
        """The name of the owner of a key; None for a key that is not accepted. Every hash is compared, in constant time."""
        if not key or len(key) > _LONGEST_KEY:
            return None
        given, owner = hash_of_key(key), None
        for name, known in self.hashes.items():
            if hmac.compare_digest(known, given):
                owner = name
        return owner

    def name_of_header(self, authorization: str | None) -> str | None:
        """The name of the owner of the key in an `Authorization: Bearer KEY` header; None without one that is accepted."""
        match = _BEARER.fullmatch(authorization or "")
        return self.name_of(match["key"]) if match else None


def hash_of_key(key: str) -> str:
    """SHA-256 of a key in hexadecimal digits, as the settings hold it."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def new_key() -> str:
    """A new random key; it is shown once and not kept."""
    return secrets.token_urlsafe(_RANDOM_BYTES)
