"""Checks what Telegram tells a Mini App about the person who opened it (`initData`).

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qsl

LONGEST_INIT_DATA = 8192
_OLDEST_SECONDS = 3600.0
# A phone whose Telegram server is a little ahead of this machine's clock.
_CLOCK_SKEW_SECONDS = 60.0
_MOST_FIELDS = 32


def person_of_init_data(init_data: str, token: str, now: float) -> int | None:
    """The id of the person in data that the bot's own token signs and that is at most an hour old; else None."""
    fields = _fields(init_data)
    given = fields.pop("hash", "")
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    expected = hmac.new(secret, lines.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode()):
        return None
    return _person(fields.get("user", "")) if _is_fresh(fields.get("auth_date", ""), now) else None


def _fields(init_data: str) -> dict[str, str]:
    """The fields; none if the data is too long, malformed, or names a field twice."""
    if len(init_data) > LONGEST_INIT_DATA:
        return {}
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return dict(pairs) if len(dict(pairs)) == len(pairs) else {}


def _is_fresh(auth_date: str, now: float) -> bool:
    if not (auth_date.isascii() and auth_date.isdigit() and len(auth_date) <= 12):
        return False
    return -_CLOCK_SKEW_SECONDS <= now - int(auth_date) <= _OLDEST_SECONDS


def _person(user: str) -> int | None:
    try:
        person = json.loads(user)
    except (ValueError, RecursionError):
        return None
    number = person.get("id") if isinstance(person, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None
