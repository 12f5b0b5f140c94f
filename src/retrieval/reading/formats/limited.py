"""Reads large files of formats whose libraries may not end, in a process with limits of time and memory."""

from __future__ import annotations

import importlib
import io
import zipfile
from collections.abc import Callable

from retrieval.reading import sandbox
from retrieval.reading.formats.signatures import Format
from retrieval.reading.lines import Document, unread

Reader = Callable[[bytes, str], Document]

SECONDS = 60
"""Of processor time; a web page or a Word file of 20 MB takes under 30."""
# Bytes, unpacked. A smaller file is read at once in this process: starting another takes 0.3 s, and whatever is in so small a
# one, its reader ends within seconds.
_SMALL = 512 * 1024
# Plain text is read by code of our own in linear time; PDFs always have a process of their own.
_TRUSTED = frozenset({Format.TEXT, Format.PDF})
_END_OF_FIELD = b"\x00"


def read_within_limits(reader: Reader, content: bytes, name: str, form: Format) -> Document:
    """The document in the bytes; one that says why if its reader reaches a limit. Raises whatever the reader raises."""
    if form in _TRUSTED or unpacked_size(content) <= _SMALL:
        return reader(content, name)
    from pydantic import TypeAdapter  # takes 0.1 s to import, and most files are small

    named = f"{reader.__module__}:{reader.__qualname__}"
    fields = (named.encode(), name.encode("utf-8", "surrogatepass"), content)
    try:
        output = sandbox.run(document_as_json, _END_OF_FIELD.join(fields), sandbox.Limits(SECONDS))
    except sandbox.UnreadableFileError as error:
        return unread(name, f"{error}; skipped")
    return TypeAdapter(Document).validate_json(output)


def document_as_json(fields: bytes) -> bytes:
    """The sandbox's job: a `Document` as JSON, read by the reader that the input names."""
    from pydantic import TypeAdapter

    reader, name, content = fields.split(_END_OF_FIELD, 2)
    module, _, function = reader.decode().partition(":")
    read: Reader = getattr(importlib.import_module(module), function)
    try:
        document = read(content, name.decode("utf-8", "surrogatepass"))
    except MemoryError:
        raise
    except Exception as error:
        raise sandbox.UnreadableFileError(
            f"cannot be read ({type(error).__name__}: {str(error)[:80]})"
        ) from error
    return TypeAdapter(Document).dump_json(document)


def unpacked_size(content: bytes) -> int:
    """The size of the bytes or, for an archive such as a .docx, of what they unpack to."""
    if not content.startswith(b"PK"):
        return len(content)
    try:
        infos = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except Exception:  # noqa: BLE001 - the reader says what is wrong with a damaged archive
        return len(content)
    return max(len(content), sum(info.file_size for info in infos if info.filename.endswith(".xml")))
