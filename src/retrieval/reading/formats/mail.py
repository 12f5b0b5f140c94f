"""E-mails (.eml): the message, and its attachments as files of their own."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from retrieval.reading import sandbox
from retrieval.reading.formats.archives import Budget, Member
from retrieval.reading.formats.web_archive import readable_content
from retrieval.reading.lines import Document, encodings, unread

_NAMING = ("content-disposition", "content-type")
_SECONDS = 20
_MOST_ATTACHMENTS = 200
_TEXTS = ("text/html", "text/plain")
_RAW_NAME = re.compile(r'(?:file)?name="?([^";\r\n]+)')
_ENDINGS = {"text/html": ".html", "text/plain": ".txt", "message/rfc822": ".eml"}


def mail_files(content: bytes, name: str, budget: Budget) -> Iterator[Member | Document]:
    """The message as a member named as the mail, then its attachments below that name; one document if it is damaged.

    The budget is that of all archives and e-mails around it.
    """
    try:
        output = sandbox.run(parts_as_json, content, sandbox.Limits(_SECONDS))
    except sandbox.UnreadableFileError as error:
        yield unread(name, f"{error}; skipped")
        return
    parts = [(inner, base64.b64decode(encoded)) for inner, encoded in json.loads(output)]
    if not parts:
        yield unread(name, "an e-mail without text and attachments; skipped")
    for inner, part in parts:
        if reason := budget.take(len(part)):
            yield unread(f"{name}/{inner}", f"{reason}; skipped with all after it")
            return
        yield Member(f"{name}/{inner}", part)


def parts_as_json(content: bytes) -> bytes:
    """The sandbox's job: a pair of file name and content (base64) for the message and each attachment."""
    try:
        parts = [*_parts(message_from_bytes(content.lstrip()))]
    except (RecursionError, ValueError, LookupError) as error:
        raise sandbox.UnreadableFileError("a damaged e-mail: save it again from the mail program") from error
    if len(parts) > _MOST_ATTACHMENTS:
        raise sandbox.UnreadableFileError(f"an e-mail with more than {_MOST_ATTACHMENTS} attachments")
    return json.dumps([(name, base64.b64encode(part).decode()) for name, part in parts]).encode()


def _parts(message: Message) -> Iterator[tuple[str, bytes]]:
    """The texts of the message in their order, then the attachments; pictures that a text shows are left out."""
    leaves = [*_leaves(message)]
    subject = _decoded(message.get("Subject", "")).strip()
    bodies = [part for part in leaves if not _is_attachment(part) and part.get_content_type() in _TEXTS]
    for number, body in enumerate((body for body in bodies if _content(body).strip()), start=1):
        ending = _ENDINGS[body.get_content_type()]
        content = readable_content(body)
        if number == 1 and subject and ending == ".txt":
            content = subject.encode() + b"\n\n" + content if _is_utf8(content) else content
        yield f"message{f' {number}' if number > 1 else ''}{ending}", content
    for number, part in enumerate(filter(_is_attachment, leaves), start=1):
        ending = _ENDINGS.get(part.get_content_type(), "")
        yield _file_name(part) or f"attachment {number}{ending}", _content(part)


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold no parts; a forwarded mail is one. Of alternatives only the best has its text here."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    children = [[*_leaves(part)] for part in message.get_payload() if isinstance(part, Message)]
    best = _best(children) if message.get_content_type() == "multipart/alternative" else None
    for child in children:
        yield from (leaf for leaf in child if best is None or child is best or _is_attachment(leaf))


def _best(alternatives: list[list[Message]]) -> list[Message] | None:
    """The alternative with the web page of a message, else that with its plain text."""
    for kind in _TEXTS:
        for leaves in alternatives:
            if any(leaf.get_content_type() == kind and _content(leaf).strip() for leaf in leaves):
                return leaves
    return None


def _is_attachment(part: Message) -> bool:
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment" or kind == "message/rfc822":
        return True
    is_shown = part.get_content_maintype() == "image" and part.get("Content-ID") is not None
    return bool(part.get_filename()) and not is_shown and kind not in _TEXTS


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return b"\n".join(inner.as_bytes() for inner in part.get_payload() if isinstance(inner, Message))
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _file_name(part: Message) -> str:
    name = _decoded(part.get_filename() or "")
    if "\ufffd" in name:
        # Bytes that were not encoded as a header has to be: the parser keeps them in the header alone.
        raw = _RAW_NAME.search(
            "".join(str(value) for key, value in part.raw_items() if key.lower() in _NAMING)
        )
        name = raw[1] if raw else name
    name = name.replace("/", "_").replace("\\", "_").strip(". ")
    return encodings.readable_name(name)


def _decoded(header: str) -> str:
    """A header with its encoded words decoded; raw bytes by what they are."""
    try:
        return str(make_header(decode_header(str(header))))
    except (HeaderParseError, LookupError, UnicodeDecodeError, ValueError):
        return str(header)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
