"""Reads web archives (MHT): the page inside, as a browser or Word has saved it."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

from retrieval.reading.formats.html import read_web_page
from retrieval.reading.formats.plain_text import read_text
from retrieval.reading.lines import Document, unread


def read_web_archive(content: bytes, name: str) -> Document:
    """The document of the archive's page, else of its plain text; its pictures and frames are not read."""
    parts = [part for part in message_from_bytes(content.lstrip()).walk() if not part.is_multipart()]
    for kind, reader in (("text/html", read_web_page), ("text/plain", read_text)):
        for part in parts:
            if part.get_content_type() == kind and (text := _decoded(part)).strip():
                return reader(text, name)
    return unread(name, "a web archive without a page; skipped")


def _decoded(part: Message) -> bytes:
    """The content of a part in UTF-8 where its encoding is named and known, else its bytes."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8").encode()
    except (LookupError, UnicodeDecodeError):
        return content
