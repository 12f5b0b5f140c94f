"""The handed scan as RapidOCR 3.10.0 recognised it, kept where a reading finds it: no engine is needed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdfium2

from retrieval.reading.formats.conversion import source_of
from retrieval.reading.formats.scans.engine import ocr_tool, page_part, picture_part

HANDED = Path(__file__).parents[1] / "handed"
SCAN = HANDED / "suzhou_scan.pdf"
RECORDED = Path(__file__).parent / "recorded" / "page-0001.json"
Lines = list[tuple[str, float, list[list[float]]]]


def expected() -> list[str]:
    """The nine paragraphs, with half-width commas: an engine takes the one for the other."""
    return [
        folded(line) for line in (HANDED / "suzhou.expected.txt").read_text(encoding="utf-8").splitlines()
    ]


def folded(text: str) -> str:
    return text.replace("\uff0c", ",")


def recorded_lines() -> Lines:
    """Text, score and corners of each line."""
    lines: Lines = json.loads(RECORDED.read_bytes())[2]
    return lines


def keep_recorded(cache: Path, lines: Lines | None = None) -> Path:
    """Keeps the recorded page of the scan, with other lines if they are given, in the cache; returns its folder."""
    content = SCAN.read_bytes()
    folder = cache / "rapidocr" / (ocr_tool().version or "recorded") / source_of(content)
    folder.mkdir(parents=True)
    width, height, recorded = json.loads(RECORDED.read_bytes())
    (folder / page_part(0)).write_text(json.dumps([width, height, lines or recorded]), encoding="utf-8")
    stream = io.BytesIO()
    picture = pypdfium2.PdfDocument(content)[0].render(scale=1).to_pil().convert("L")
    picture.save(stream, "JPEG", quality=40)
    (folder / picture_part(0)).write_bytes(stream.getvalue())
    return folder
