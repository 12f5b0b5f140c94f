"""The font that stands in for fonts that a file does not embed."""

from __future__ import annotations

import io

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from retrieval.reading.formats.pdf.printed_text import printed_text
from retrieval.reading.formats.pdf.substitute_font import font_file

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def lines(*drawn: tuple[str, float, float]) -> list[str]:
    """The lines of a page with these texts, in a Chinese font that is not embedded."""
    content = io.BytesIO()
    canvas = Canvas(content)
    canvas.setFont("STSong-Light", 12)
    for text, left, bottom in drawn:
        canvas.drawString(left, bottom, text)
    canvas.save()
    (page,) = printed_text(content.getvalue()).pages
    return [row.text for row in page]


def test_a_single_character_is_read() -> None:
    assert lines(("滿意度達到九成六", 72, 700), ("。", 72, 680)) == ["滿意度達到九成六", "。"]
    assert lines(("男", 72, 700), ("女", 200, 700)) == ["男 女"]


def test_equal_lines_one_below_the_other_are_all_read() -> None:
    line = "鐘樓區開設鄰里食堂七處，每天供應午餐三百份，由志願者值班"
    assert lines(*((line, 72, 700 - 18 * number) for number in range(4))) == [line] * 4


def test_characters_are_as_wide_as_the_file_says() -> None:
    assert lines(("第7期2023年12月", 72, 700), ("Work Bulletin", 72, 680)) == [
        "第7期2023年12月",
        "Work Bulletin",
    ]


def test_the_font_is_small() -> None:
    assert len(font_file()) < 500
