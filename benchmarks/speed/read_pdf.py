"""Reads generated PDF files of up to a million characters: `python -m benchmarks.speed.read_pdf [CHARACTERS]`.

Shows that the time is linear in the length: microseconds per character stay the same.
"""

from __future__ import annotations

import io
import random
import sys
import time

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from retrieval.reading.formats.loader import read_content

_FONT, _SIZE, _LEADING, _TOP, _BOTTOM, _LEFT = "STSong-Light", 12, 18, 780, 60, 72
_LINE = 37
_SECONDS = 7.0
_SENTENCE = (
    "天宁区组织夜跑护河，队员每周两次巡查河道，全年上报隐患四十处，其中三十六处当周整改，群众满意度达到九成六。"
    "2023年开展活动312场次，受益群众1.2万人次。"
)


def pdf_of(characters: int) -> bytes:
    """Pages of paragraphs with so many characters in all."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    content, generator, printed = io.BytesIO(), random.Random(1), 0
    canvas = Canvas(content)
    while printed < characters:
        canvas.setFont(_FONT, _SIZE)
        for bottom in range(_TOP, _BOTTOM, -_LEADING):
            start, end = generator.randrange(len(_SENTENCE)), _LINE if generator.random() < 0.8 else 20
            canvas.drawString(_LEFT, bottom, (_SENTENCE * 2)[start : start + end])
            printed += end
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def main() -> int:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    read_content(pdf_of(100), "warm.pdf")
    for characters in (largest // 16, largest // 4, largest):
        content = pdf_of(characters)
        start = time.perf_counter()
        document = read_content(content, "large.pdf")
        took = time.perf_counter() - start
        size = sum(len(line.text) for line in document.lines)
        print(
            f"{size:9d} characters  {len(document.lines):6d} paragraphs  {took:6.2f} s  {took / size * 1e6:.1f} µs each"
        )
    return 0 if took < _SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
