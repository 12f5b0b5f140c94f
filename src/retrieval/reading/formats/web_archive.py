"""Reads web archives (MHT): the page inside, as a browser or Word has saved it."""

from __future__ import annotations

import codecs
from email import message_from_bytes
from email.message import Message

from retrieval.reading.formats.html import read_web_page
from retrieval.reading.formats.plain_text import read_text
from retrieval.reading.lines import Document, unread

# A label of one of these names what the program that wrote it did not know better; what is there may be any encoding.
_MEANINGLESS = frozenset({"ascii", "iso8859-1", "cp1252", "latin-1"})
# What is labelled as the one is often its superset.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "big5": "big5hkscs", "cp950": "big5hkscs"}


def read_web_archive(content: bytes, name: str) -> Document:
    """The document of the archive's page, else of its plain text; its pictures and frames are not read."""
    parts = [part for part in message_from_bytes(content.lstrip()).walk() if not part.is_multipart()]
    for kind, reader in (("text/html", read_web_page), ("text/plain", read_text)):
        for part in parts:
            if part.get_content_type() == kind and (text := readable_content(part)).strip():
                return reader(text, name)
    return unread(name, "a web archive without a page; skipped")


def readable_content(part: Message) -> bytes:
    """The content of a part in UTF-8 where its label is right, else its bytes as they are.

    `get_content()` is no way: it puts U+FFFD for each character that gb2312 lacks in a part that holds GBK.
    """
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        encoding = codecs.lookup(part.get_content_charset() or "utf-8").name
        if encoding in _MEANINGLESS:
            return content
        return content.decode(_SUPERSETS.get(encoding, encoding)).encode()
    except (LookupError, UnicodeDecodeError):
        return content
