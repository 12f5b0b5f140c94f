"""Every character that another extraction finds in a file is in a line or in the ledger, as often as there."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from retrieval.reading.formats.loader import read_contents
from tests.retrieval.reading.formats.ofd.ofd_file import Text, lines, ofd
from tests.retrieval.reading.formats.scans.recorded_scan import RECORDED, SCAN, keep_recorded
from tests.retrieval.reading.formats.sheets.test_workbook import saved, statistics
from tests.retrieval.reading.formats.slides.pptx_file import Slide, paragraph, pptx, shape, table
from tests.retrieval.reading.formats.test_ebook import ebook
from tests.retrieval.reading.formats.test_mail import mail

HANDED = Path(__file__).parent / "handed"
OFD = ofd(
    [
        [*lines("江蘇無錫市開展活動,", "全年上門1.2萬次。"), Text("內部", 26, 200, is_visible=False)],
        lines("　　附件另發,請查收。"),
    ],
    [Text("無錫文明簡報", 80, 20)],
    annotation="已核",
)


def characters(texts: Iterable[str]) -> Counter[str]:
    """The letters, digits and Chinese characters, each as often as it stands there."""
    return Counter(character for text in texts for character in text if character.isalnum())


def lost(content: bytes, name: str, texts: Iterable[str]) -> Counter[str]:
    """What the other extraction has and neither lines nor ledger hold."""
    held: list[str] = []
    for document in read_contents(content, name):
        held += [line.text for line in document.lines]
        held += [entry.text for entry in document.left_out]
    return characters(texts) - characters(held)


def ofd_texts(content: bytes) -> list[str]:
    """The text codes of all pages, templates and annotations by a regular expression; a template once."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = [
        archive.read(name).decode()
        for name in archive.namelist()
        if re.search("Content|Annotation.xml", name)
    ]
    return re.findall(r"<ofd:TextCode[^>]*>([^<]*)<", "".join(parts))


def workbook_texts(content: bytes) -> list[str]:
    """The texts and the numbers of a workbook, from its XML."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = [name for name in archive.namelist() if re.search(r"sharedStrings|worksheets/.*\.xml$", name)]
    xml = "".join(archive.read(name).decode() for name in parts)
    return [html.unescape(text) for text in re.findall(r"<t(?: [^>]*)?>([^<]*)</t>", xml)]


@pytest.mark.parametrize("content", [OFD, (HANDED / "suzhou.ofd").read_bytes()], ids=["made", "handed"])
def test_nothing_of_an_ofd_file_is_lost(content: bytes) -> None:
    texts = ofd_texts(content)
    assert len(texts) > 4
    assert not lost(content, "a.ofd", texts)


def test_nothing_of_a_workbook_is_lost() -> None:
    workbook = statistics()
    hidden = workbook.create_sheet("原始數據")
    hidden.append(["內部數字", "勿外傳"])
    hidden.sheet_state = "hidden"
    content = saved(workbook)
    texts = workbook_texts(content)
    assert len(texts) > 8
    assert not lost(content, "a.xlsx", texts)


def packed_texts(content: bytes, parts: str, pattern: str) -> list[str]:
    """What the pattern finds in those parts of an archive."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    xml = "".join(archive.read(name).decode() for name in archive.namelist() if re.search(parts, name))
    return [text for text in re.findall(pattern, xml) if text.strip()]


def test_nothing_of_a_presentation_is_lost() -> None:
    rows = [["城市", "志願者", "<"], ["^", "男", "女"], ["南京", "35", "42"]]
    shapes = [
        table(rows),
        shape(paragraph("頁腳"), kind="ftr"),
        shape(paragraph("藏"), hidden=True),
        shape(paragraph("甲", run='strike="dblStrike"'), paragraph("乙")),
    ]
    content = pptx(Slide(shapes, notes="講稿"), Slide(shapes[:1], is_hidden=True))
    texts = packed_texts(content, r"slides/slide|notesSlide\d+\.xml", "<a:t>([^<]*)</a:t>")
    texts.remove("7")  # the number of the page of notes
    assert len(texts) > 15
    assert not lost(content, "a.pptx", texts)


def test_nothing_of_an_e_book_is_lost() -> None:
    texts = packed_texts(ebook(), "xhtml", ">([^<>]*)<")
    assert len(texts) > 12
    assert not lost(ebook(), "a.epub", texts)


def test_nothing_of_a_delimited_table_is_lost() -> None:
    text = "城市,活動場次,說明\n南京,12,照常\n蘇州,8,延期\n"
    assert not lost(text.encode("gb18030"), "a.csv", [text])


def test_nothing_of_a_mail_is_lost() -> None:
    content = bytes(mail(("表.csv", "城市,場次\n南京,12\n".encode())))
    parts = message_from_bytes(content, policy=policy.default).walk()
    texts = [part.get_content() for part in parts if part.get_content_maintype() == "text"]
    assert texts
    assert not lost(content, "a.eml", [*texts, "城市南京場次12"])


def test_nothing_of_a_scan_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVERSION_CACHE", str(tmp_path))
    keep_recorded(tmp_path)
    recognized = [text for text, _, _ in json.loads(RECORDED.read_bytes())[2]]
    assert not lost(SCAN.read_bytes(), "a.pdf", recognized)
