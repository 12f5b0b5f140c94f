"""Runs a format reader on an untrusted file in a child process with limits; it answers with the document as JSON."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import asdict

from retrieval.reading import sandbox
from retrieval.reading.lines import Document, Line, LineKind, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

SECONDS = 30
"""Of processor time for one file; the largest file of the tests takes 3."""

Reader = Callable[[bytes, str], Document]
"""A module-level function from the bytes of a file and its cited name to its document."""


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
        reason = f"cannot be read ({type(error).__name__}: {str(error)[:80]})"
        raise sandbox.UnreadableFileError(reason) from error
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
    return Line(**{**fields, "kind": LineKind(fields["kind"])})  # type: ignore[arg-type]
