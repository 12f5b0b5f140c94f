"""Slow conversions ahead of reading: office files in one call of LibreOffice, scans page by page; and their pictures."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.progress import Progress, Stage
from retrieval.reading.formats.conversion import reporting_progress
from retrieval.reading.formats.signatures import Format, format_of
from retrieval.types import Passage

# As the loader: a larger file is named and skipped.
_LARGEST_FILE = 64 * 1024 * 1024
_HEAD = 8192


@dataclass(frozen=True, slots=True)
class OptionalProgram:
    """A program or an extra without which some formats are named and skipped."""

    name: str
    formats: str
    found: str
    """Its path or its version; empty where it is missing."""
    remedy: str
    """The command that adds it."""


def optional_programs() -> tuple[OptionalProgram, ...]:
    """LibreOffice and the OCR extra as they are found on this machine; starts neither."""
    from retrieval.reading.formats import office, scans

    program, ocr = office.libreoffice(), scans.ocr_tool()
    return (
        OptionalProgram("LibreOffice", ".doc, .wps, .rtf, .odt", str(program.path or ""), office.INSTALL),
        OptionalProgram("OCR", "scans", f"{ocr.program} {ocr.version}" if ocr.version else "", scans.INSTALL),
    )


def convert_files(paths: Iterable[Path]) -> None:
    """Convert the office files among these that are not yet converted, many in one call; others are left alone.

    Reading them later finds the results. Nothing is raised for what a file holds.
    """
    waiting = [path for path in paths if _is_office(path)]
    if waiting:
        from retrieval.reading.formats.office import convert_all, libreoffice

        convert_all(_contents(waiting), libreoffice())


@contextlib.contextmanager
def reporting_pages(progress: Progress) -> Iterator[None]:
    """Within it, the pages of scans are reported as they are recognised; what `progress` raises is raised at its end.

    Reading a file turns every error into a finding, and this one is no fault of the file.
    """
    raised: list[Exception] = []

    def report(_name: str, done: int, total: int) -> None:
        try:
            progress(Stage.RECOGNIZING, done, total)
        except Exception as error:
            raised.append(error)
            raise

    with reporting_progress(report):
        yield
    if raised:
        raise raised[0]


def convert_scan(path: Path, progress: Progress) -> None:
    """Recognise the pages without text of a PDF, so that reading it later finds the results."""
    with contextlib.suppress(OSError), reporting_pages(progress):
        content = path.read_bytes()
        if len(content) <= _LARGEST_FILE and format_of(content, path.suffix.lower()) is Format.PDF:
            from retrieval.reading.formats.scans import recognize_file

            recognize_file(content, path.name)


def picture_of(passage: Passage) -> bytes | None:
    """The picture (JPEG) of a passage that was read from a scan, cut from its page; None if that is no longer kept."""
    if passage.recognized is None:
        return None
    from retrieval.reading.formats.scans import cut_picture

    return cut_picture(passage.recognized)


def _is_office(path: Path) -> bool:
    with contextlib.suppress(OSError):
        if path.stat().st_size <= _LARGEST_FILE:
            with path.open("rb") as file:
                head = file.read(_HEAD)
            content = path.read_bytes() if head.startswith(b"PK") and path.suffix.lower() == ".odt" else head
            return format_of(content, path.suffix.lower()) is Format.OFFICE
    return False


def _contents(paths: Iterable[Path]) -> Iterator[tuple[bytes, str]]:
    from retrieval.reading.formats.office import convertible

    for path in paths:
        with contextlib.suppress(OSError):
            if pair := convertible(path.read_bytes(), path.name):
                yield pair
