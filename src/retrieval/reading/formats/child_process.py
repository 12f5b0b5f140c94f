"""Runs a format reader on an untrusted file in a child process with limits; it answers with the document as JSON."""

from __future__ import annotations

import importlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict

from retrieval.reading import sandbox
from retrieval.reading.lines import Document, Line, LineKind, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

SECONDS = 60
"""Of processor time for one file; a web page or a Word file of 20 MB takes under 30."""
# Bytes, unpacked. A smaller file is read at once in this process: starting another takes 0.3 s, and whatever is in so small a
# one, its reader ends within seconds.
_SMALL = 512 * 1024

Reader = Callable[[bytes, str], Document]
"""A module-level function from the bytes of a file and its cited name to its document."""


def read_within_limits(reader: Reader, content: bytes, name: str) -> Document:
    """As `read_in_child` for a large file; a small one is read in this process, and the reader's errors are raised."""
    return (
        reader(content, name) if _unpacked_size(content) <= _SMALL else read_in_child(reader, content, name)
    )


def read_in_child(reader: Reader, content: bytes, name: str) -> Document:
    """The document as the reader gives it in the child; one that says why if it rejects the file or reaches a limit."""
    header = json.dumps([reader.__module__, reader.__qualname__, name]).encode()
    try:
        output = sandbox.run(document_as_json, header + b"\n" + content, sandbox.Limits(SECONDS))
    except sandbox.UnreadableFileError as error:
        return unread(name, f"{error}; skipped")
    return _document_of(output)


def document_as_json(request: bytes) -> bytes:
    """The sandbox's job: a line of JSON that names the reader and the file, then the file."""
    header, _, content = request.partition(b"\n")
    module, function, name = json.loads(header)
    reader: Reader = getattr(importlib.import_module(module), function)
    try:
        document = reader(content, name)
    except (sandbox.UnreadableFileError, MemoryError):
        raise
    except Exception as error:  # libraries raise whatever they meet in a damaged file
        raise sandbox.UnreadableFileError(sandbox.DAMAGED) from error
    # With escapes: unpaired surrogates survive them, and UTF-8 has none.
    return json.dumps(asdict(document)).encode()


def _document_of(output: bytes) -> Document:
    fields = json.loads(output)
    return Document(
        file=fields["file"],
        lines=tuple(_line_of(line) for line in fields["lines"]),
        findings=tuple(Finding(**finding) for finding in fields["findings"]),
        title=fields["title"],
        about=fields["about"],
        left_out=tuple(
            LeftOut(**{**entry, "reason": LeftOutReason(entry["reason"])}) for entry in fields["left_out"]
        ),
    )


def _line_of(fields: dict[str, object]) -> Line:
    """The line; no reader recognises pictures in a child, so `recognized` is None, or sets notes apart, which comes later."""
    return Line(**{**fields, "kind": LineKind(fields["kind"]), "notes": ()})  # type: ignore[arg-type]


def _unpacked_size(content: bytes) -> int:
    """The size of the bytes or, for an archive such as a .docx, of what they unpack to."""
    if not content.startswith(b"PK"):
        return len(content)
    try:
        infos = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except Exception:  # noqa: BLE001 - the reader says what is wrong with a damaged archive
        return len(content)
    return max(len(content), sum(info.file_size for info in infos if info.filename.endswith(".xml")))
