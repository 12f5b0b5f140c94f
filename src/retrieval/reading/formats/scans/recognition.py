"""The recognised lines of pages: from the cache, else from the OCR engine in a child process, some pages a call."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from retrieval.reading import sandbox
from retrieval.reading.formats.conversion import Tool, entry_folder, report_progress, source_of
from retrieval.reading.formats.scans.engine import ocr_tool, page_part, recognize_into_folder

# A page takes 2 to 5 s of processor time, a start 1 s; a page that takes more than a minute is given up.
_SECONDS_A_PAGE, _PAGES_A_CALL = 60, 4
MOST_PAGES = 500

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class RecognizedLine:
    """A printed line with its score (0 to 1) and its corners, from the upper left one clockwise, in pixels."""

    text: str
    score: float
    corners: Corners


@dataclass(frozen=True, slots=True)
class RecognizedPage:
    """A page as recognised; its number counts from 0, sizes are pixels."""

    number: int
    width: int
    height: int
    lines: tuple[RecognizedLine, ...]


def recognized_pages(content: bytes, name: str, numbers: Sequence[int]) -> dict[int, RecognizedPage]:
    """The pages that could be recognised, by number; those that are not yet kept are recognised now.

    A killed call goes on at the page where it ended. Progress goes to `reporting_progress`.
    """
    tool, wanted = ocr_tool(), [*numbers[:MOST_PAGES]]
    with _folder(source_of(content), tool) as folder:
        waiting = [number for number in wanted if not (folder / page_part(number)).is_file()]
        for start in range(0, len(waiting), _PAGES_A_CALL) if tool.version else ():
            report_progress(name, len(wanted) - len(waiting) + start, len(wanted))
            _recognize(content, folder, waiting[start : start + _PAGES_A_CALL])
        report_progress(name, len(wanted), len(wanted)) if waiting and tool.version else None
        pages = (_kept(folder, number) for number in wanted)
        return {page.number: page for page in pages if page is not None}


@contextmanager
def _folder(source: str, tool: Tool) -> Iterator[Path]:
    """The folder in which the pages of a file are kept; one for this call alone where the cache cannot be written."""
    folder = entry_folder(source, tool)
    try:
        if folder is None:
            raise FileNotFoundError
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        with tempfile.TemporaryDirectory(prefix="bulletin-scan-") as name:
            yield Path(name)
        return
    yield folder


def _recognize(content: bytes, folder: Path, numbers: Sequence[int]) -> None:
    """Recognise pages together; after a failure those that are not done each alone, so that one does not stop the others."""
    for batch in ([*numbers], *([number] for number in numbers)):
        open_pages = [number for number in batch if not (folder / page_part(number)).is_file()]
        if open_pages:
            request = json.dumps([str(folder), open_pages]).encode() + b"\n" + content
            try:
                sandbox.run(recognize_into_folder, request, sandbox.Limits(_SECONDS_A_PAGE * len(open_pages)))
            except sandbox.UnreadableFileError:
                continue


def _kept(folder: Path, number: int) -> RecognizedPage | None:
    try:
        width, height, lines = json.loads((folder / page_part(number)).read_bytes())
    except (OSError, ValueError):
        return None
    recognized = (RecognizedLine(text, score, tuple((x, y) for x, y in box)) for text, score, box in lines)
    return RecognizedPage(number, width, height, tuple(recognized))
