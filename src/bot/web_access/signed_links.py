"""Signed tokens that expire: in the links that the bot gives, and in the cookie of a reader who came by one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]
"""Seconds since 1970."""

_TOKEN = re.compile(
    r"(?P<subject>[ck]-?[A-Za-z0-9_-]{1,40})\.(?P<expires>[0-9]{1,12})\.(?P<mac>[A-Za-z0-9_-]{43})"
)
PATTERN_EXAMPLES = ((_TOKEN, "c-1001.1800000000." + "a" * 43, "x1.1." + "a" * 43),)
"""For each pattern, a text that it must match as a whole and one that it must not."""

_PURPOSE = b"bulletin-bot reader page"


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Makes and checks tokens (HMAC-SHA256). A subject is `c` and the id of a chat, or `k` and the name of a key."""

    secret: bytes = field(repr=False)
    seconds: int
    """The time for which a token is accepted."""
    clock: Clock

    @classmethod
    def of_secret(cls, secret: str, seconds: int, clock: Clock) -> LinkSigner:
        """The signer whose key is derived from a secret, such as the token of the bot: every process with it agrees."""
        return cls(hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256), seconds, clock)

    def token(self, subject: str) -> str:
        """A token for the subject that expires after `seconds`."""
        expires = f"{int(self.clock()) + self.seconds}"
        return f"{subject}.{expires}.{self._mac(subject, expires)}"

    def subject_of(self, token: str) -> str | None:
        """The subject of a token; None for one that is malformed, forged or expired."""
        match = _TOKEN.fullmatch(token)
        if match is None or not hmac.compare_digest(
            match["mac"], self._mac(match["subject"], match["expires"])
        ):
            return None
        return match["subject"] if int(match["expires"]) > self.clock() else None

    def _mac(self, subject: str, expires: str) -> str:
        signature = hmac.digest(self.secret, f"{subject}.{expires}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
