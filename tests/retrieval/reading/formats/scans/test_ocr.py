"""Pages through the real engine: at most one character in a hundred wrong. Skipped where the extra `ocr` is missing."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from retrieval.reading.formats.loader import read_content
from retrieval.reading.formats.scans.engine import ocr_tool
from tests.retrieval.reading.formats.scans.recorded_scan import HANDED, SCAN, expected, folded

pytestmark = pytest.mark.skipif(ocr_tool().version is None, reason="the extra `ocr` is missing: make ocr")
MOST_WRONG = 0.01


def distance(left: str, right: str) -> int:
    """The edit distance of two texts."""
    row = list(range(len(right) + 1))
    for number, character in enumerate(left, start=1):
        before, row[0] = row[0], number
        for column, other in enumerate(right, start=1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (character != other)),
            )
    return row[-1]


def scanned(source: bytes) -> bytes:
    """A PDF with a text layer as a scan of its first page at 200 dpi: skew, noise, no text."""
    page = pypdfium2.PdfDocument(source)[0].render(scale=200 / 72).to_pil().convert("L")
    skew = page.rotate(0.5, fillcolor=255, resample=Image.Resampling.BICUBIC)
    noise = np.random.default_rng(7).normal(0, 8, (skew.height, skew.width))
    pixels = np.clip(np.asarray(skew, float) + noise, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PDF", resolution=200)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [SCAN.read_bytes(), scanned((HANDED / "suzhou_libreoffice.pdf").read_bytes())],
    ids=["handed", "scanned"],
)
def test_at_most_one_character_in_a_hundred_is_wrong(content: bytes, cache: Path) -> None:
    document = read_content(content, "a.pdf")
    read, right = folded("".join(line.text for line in document.lines)), "".join(expected())
    assert distance(read, right) <= MOST_WRONG * len(right)
    assert len(document.lines) == len(expected())
    assert [*cache.rglob("page-0001.jpg")]
