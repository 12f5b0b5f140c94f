"""URLs that Telegram accepts in links and buttons (`check_link` of TDLib's LinkManager.cpp)."""

from __future__ import annotations

import re

_PROTOCOL = re.compile(r"([^:/?#@\[\]]*)://")
_HOST_CHARACTERS = re.compile(r"(?:[A-Za-z0-9._!$,~*'();&+=-]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*\Z")
_USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)\Z", re.IGNORECASE)
_TELEGRAM_LINK = re.compile(r"tg:(?://)?(?P<host>[A-Za-z0-9_-]+)(?P<rest>[/?#].*)?\Z", re.IGNORECASE)
_LARGEST_PORT = 65535


class InvalidLinkError(ValueError):
    """A URL Telegram would not make a link of; the message is Telegram's reason."""


def mentioned_user_id(link: str) -> int:
    """Return the user a `tg://user?id=…` link names, or 0."""
    found = _USER_LINK.match(link)
    return int(found[1]) if found else 0


def checked_link(link: str) -> str:
    """Return a URL as Telegram normalises it (protocol added, host in lower case, a path at least `/`)."""
    telegram = _TELEGRAM_LINK.match(link)
    if telegram:
        return f"tg://{telegram['host'].lower()}{telegram['rest'] or '/'}"
    protocol, rest = _split_protocol(link)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    userinfo, host, port = _split_authority(authority)
    _check_host(host)
    query = rest[len(authority) :].rstrip(" \t\r\n\0\v") or "/"
    query = query if query.startswith("/") else f"/{query}"
    return f"{protocol}://{userinfo}{host}{port}{_escaped(query)}"


def _split_protocol(link: str) -> tuple[str, str]:
    found = _PROTOCOL.match(link)
    if not found:
        return "http", link
    protocol = found[1].lower()
    if protocol not in {"http", "https"}:
        raise InvalidLinkError("Unsupported URL protocol")
    return protocol, link[found.end() :]


def _split_authority(authority: str) -> tuple[str, str, str]:
    before, colon, digits = authority.rpartition(":")
    has_port = bool(before) and bool(colon) and not re.search(r"[\]@]", digits)
    if has_port and not (re.fullmatch(r"\d{1,9}", digits) and 0 < int(digits) <= _LARGEST_PORT):
        raise InvalidLinkError("Wrong port number specified in the URL")
    userinfo, at, host = (before if has_port else authority).rpartition("@")
    return userinfo + at, host.lower(), f":{int(digits)}" if has_port else ""


def _check_host(host: str) -> None:
    if not host:
        raise InvalidLinkError("URL host is empty")
    if host == ".":
        raise InvalidLinkError("Host is invalid")
    if not _HOST_CHARACTERS.match(host):
        raise InvalidLinkError("Disallowed character in URL host")
    if "." not in host:
        raise InvalidLinkError("Wrong HTTP URL")


def _escaped(query: str) -> str:
    return re.sub(r"[\x00-\x20]", lambda found: f"%{ord(found[0]):02X}", query)
