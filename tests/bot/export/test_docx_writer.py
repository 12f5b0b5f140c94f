"""A Word file with real footnotes, which python-docx, LibreOffice and the product's own reader read back."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import hypothesis.strategies as st
import pypdfium2
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from lxml import etree

from bot.export import document_of
from bot.export.docx_writer import write_docx
from bot.locales import ZH_HANS, ZH_HANT
from retrieval.reading.formats.docx.reader import read_word_file
from retrieval.reading.structure import outline_document
from retrieval.reading.structure.bulletin_parser import paragraphs_of
from tests.bot.export.quoted import DAY, HOSTILE, a_document, passage_of, quote_of

MONTHLY = "每月發佈10名月榜人物，每週發佈5名周榜人物。"
GOOD_PEOPLE = "南京每年評選好人100名，並為他們辦理保險。"


def missing() -> str:
    """What the page that LibreOffice draws lacks here; empty where nothing does."""
    if shutil.which("soffice") is None:
        return "LibreOffice is missing: make test-office"
    fonts = shutil.which("fc-list")
    listed = subprocess.run([fonts, ":lang=zh"], capture_output=True, check=False).stdout if fonts else b""
    return "" if listed else "no Chinese font: apt-get install fonts-noto-cjk"


needs_program = pytest.mark.skipif(bool(missing()), reason=missing())


def notes_of(content: bytes) -> dict[str, str]:
    """The texts of the notes by id, without the two separators."""
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/footnotes.xml"))
    return {
        str(note.get(qn("w:id"))): "".join(text.text or "" for text in note.iter(qn("w:t"))).strip()
        for note in root
        if note.get(qn("w:type")) is None
    }


def quoted_with_notes(content: bytes) -> list[tuple[str, str]]:
    """The text of each paragraph that refers to a note, and the text of that note."""
    notes = notes_of(content)
    return [
        (paragraph.text, notes[str(reference.get(qn("w:id")))])
        for paragraph in docx.Document(io.BytesIO(content)).paragraphs
        for reference in paragraph._p.iter(qn("w:footnoteReference"))
    ]


def test_each_quote_has_a_footnote_with_its_source() -> None:
    document = a_document("每月發佈10名月榜人物。", "每週發佈5名周榜人物。")
    quotes = [quote for group in document.groups for quote in group.quotes]
    assert quoted_with_notes(write_docx(document)) == [
        (f"「{quote.text}」", quote.source) for quote in quotes
    ]


def test_hostile_text_is_text_and_what_xml_cannot_hold_is_replaced() -> None:
    document = a_document(HOSTILE, title=HOSTILE)
    content = write_docx(document)
    ((text, note),) = quoted_with_notes(content)
    shown = "甲<b>乙</b> & \ufffd\ufffd[31m\ufffd\ufffd *丙* [丁](http://x) `戊`\n- 己\n1. 庚 #辛 ]]> &lt;"
    assert text == f"「{shown}」"
    assert note == document.groups[0].quotes[0].source


@settings(max_examples=40)
@given(st.text(alphabet=st.characters(codec=None), min_size=1, max_size=60))
def test_any_text_makes_a_file_that_opens(text: str) -> None:
    assert len(quoted_with_notes(write_docx(a_document(text, title=text)))) == 1


def test_the_same_document_is_the_same_text_and_notes_again() -> None:
    document = a_document("甲。", "乙。")
    first, second = (zipfile.ZipFile(io.BytesIO(write_docx(document))) for _ in range(2))
    for name in ("word/document.xml", "word/footnotes.xml", "word/styles.xml"):
        assert first.read(name) == second.read(name)


@pytest.mark.parametrize(
    ("text", "font", "language"), [("榜樣", "PMingLiU", "zh-TW"), ("榜样", "SimSun", "zh-CN")]
)
def test_fonts_are_those_of_the_script(text: str, font: str, language: str) -> None:
    style = docx.Document(io.BytesIO(write_docx(a_document(text)))).styles["Normal"].element
    assert style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) == font
    assert style.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:eastAsia")) == language


def test_the_products_own_reader_finds_quotes_and_notes() -> None:
    document = a_document("每月發佈10名月榜人物。", "每週發佈5名周榜人物。")
    read = read_word_file(write_docx(document), "export.docx")
    lines = [line.text for line in read.lines]
    for quote in document.groups[0].quotes:
        assert f"「{quote.text}」" in lines
        assert quote.source in lines


def test_read_as_a_bulletin_its_notes_stand_below_the_quotes_and_begin_nothing() -> None:
    quotes = [
        quote_of(passage_of(text, place)) for text, place in ((MONTHLY, "北京"), (GOOD_PEOPLE, "江蘇南京"))
    ]
    document = document_of("哪些地方評選好人？", quotes, ZH_HANT, DAY)
    outline = outline_document(read_word_file(write_docx(document), "export.docx"))
    assert not outline.left_out
    placed = [(p.place.name if p.place else None, p.line.text) for _, p in paragraphs_of(outline)]
    for place, group in zip(("北京", "江蘇南京"), document.groups, strict=True):
        (quote,) = group.quotes
        position = placed.index((place, f"「{quote.text}」"))
        assert placed[position + 1] == (place, quote.source)


def pdf_text(content: bytes, folder: Path) -> str:
    """The text of the PDF that LibreOffice makes of a Word file, without white space."""
    (folder / "export.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "export.docx")], check=True, capture_output=True, timeout=120)
    pages = pypdfium2.PdfDocument(folder / "export.pdf")
    return "".join("".join(page.get_textpage().get_text_range() for page in pages).split())


@needs_program
def test_libreoffice_shows_each_quote_and_at_the_foot_its_note(tmp_path: Path) -> None:
    texts = ["每月發佈10名月榜人物。", "每周发布5名人物<&>。", HOSTILE]
    document = a_document(*texts, language=ZH_HANS)
    shown = pdf_text(write_docx(document), tmp_path)
    body, foot = shown.split("导出日期", 1)
    for number, quote in enumerate(document.groups[0].quotes[:2], start=1):
        assert f"「{''.join(quote.text.split())}」{number}" in body
        assert f"{number}{''.join(quote.source.split())}" in foot
    assert "庚#辛]]>&lt;」3" in body


def test_no_picture_of_an_empty_page_is_in_the_file() -> None:
    names = zipfile.ZipFile(io.BytesIO(write_docx(a_document("甲")))).namelist()
    assert not [name for name in names if "thumb" in name]
