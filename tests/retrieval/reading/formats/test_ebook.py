"""E-books: chapters in the order of the book, its list of contents apart; protected and damaged ones named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.reading import read_files
from retrieval.reading.formats.loader import read_content, read_contents
from retrieval.reading.lines import Document
from retrieval.types import LeftOutReason

FIRST = (
    "<title/><script src='http://127.0.0.1:9/x.js'/></head><body><h1>第7期</h1><h2>江蘇蘇州：深化文明實踐</h2>"
    "<p>江蘇蘇州市文明辦堅持“街道點單”的做法，惠及羣眾26萬人次。</p><h3>一、着力建好實踐陣地</h3>"
    "<p>全市建成新時代文明實踐所98個。</p><table><tr><th>區縣</th><th>場次</th></tr><tr><td>吳中區</td><td>12</td></tr></table>"
)
SECOND = "</head><body><h1>第8期</h1><h2>浙江湖州：鄰里食堂</h2><p>浙江湖州市文明辦深化“鄰里食堂”建設，惠及老人3.2萬名。</p>"
CONTENTS = (
    "</head><body><ol><li><a href='z.xhtml'>第7期</a></li><li><a href='b%20c.xhtml'>第8期</a></li></ol>"
)
TEXTS = [
    "第7期",
    "江蘇蘇州：深化文明實踐",
    "江蘇蘇州市文明辦堅持“街道點單”的做法，惠及羣眾26萬人次。",
    "一、着力建好實踐陣地",
    "全市建成新時代文明實踐所98個。",
    "區縣：吳中區；場次：12",
    "第8期",
    "浙江湖州：鄰里食堂",
    "浙江湖州市文明辦深化“鄰里食堂”建設，惠及老人3.2萬名。",
]
ENCRYPTION = (
    '<encryption><x:CipherReference xmlns:x="http://www.w3.org/2001/04/xmlenc#" URI="{}"/></encryption>'
)


def ebook(extra: Mapping[str, str | None] | None = None) -> bytes:
    """A book of two chapters, whose files are named against their order; `extra` replaces parts, None takes one away."""
    item = '<item id="{}" href="{}" media-type="application/xhtml+xml" properties="{}"/>'
    items = [
        item.format(*each)
        for each in (("b", "b%20c.xhtml", ""), ("n", "nav.xhtml", "nav"), ("z", "z.xhtml", ""))
    ]
    order = "".join(f'<itemref idref="{key}"/>' for key in "nzb")
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>簡報彙編</dc:title><dc:date>2023-05-06</dc:date></metadata>"
        f"<manifest>{''.join(items)}</manifest><spine>{order}</spine></package>"
    )
    page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>{}</body></html>'
    parts: dict[str, str | None] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": package,
        "OPS/b c.xhtml": page.format(SECOND),
        "OPS/z.xhtml": page.format(FIRST),
        "OPS/nav.xhtml": page.format(CONTENTS),
        **(extra or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return stream.getvalue()


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


@pytest.mark.parametrize("name", ["a.epub", "a.zip.epub", "a.docx.pdf"])
def test_chapters_come_in_the_order_of_the_book(name: str) -> None:
    document = read_content(ebook(), name)
    assert texts(document) == TEXTS
    assert (document.title, document.about) == ("簡報彙編", "2023-05-06")
    held = {entry.text for entry in document.left_out}
    assert any("第7期" in text for text in held)


def test_a_book_has_bulletins_places_and_sections(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(ebook())
    passages = read_files([tmp_path / "a.epub"], tmp_path).passages
    assert [(p.bulletin[:3], p.place_name, p.section) for p in passages if "區縣" not in p.text] == [
        ("第7期", "江蘇蘇州", None),
        ("第7期", "江蘇蘇州", "一"),
        ("第8期", "浙江湖州", None),
    ]


def test_a_protected_chapter_is_named_and_encrypted_fonts_are_no_matter() -> None:
    document = read_content(ebook({"META-INF/encryption.xml": ENCRYPTION.format("OPS/z.xhtml")}), "a.epub")
    assert texts(document) == TEXTS[6:]
    assert "protected against copying" in document.findings[0].message
    fonts = read_content(ebook({"META-INF/encryption.xml": ENCRYPTION.format("OPS/font.otf")}), "a.epub")
    assert texts(fonts) == TEXTS


def test_a_missing_chapter_and_a_missing_package_are_named() -> None:
    document = read_content(ebook({"OPS/z.xhtml": None}), "a.epub")
    assert texts(document) == TEXTS[6:]
    assert "OPS/z.xhtml is missing" in document.findings[0].message
    assert "damaged e-book" in read_content(ebook({"OPS/book.opf": None}), "a.epub").findings[0].message


def test_entities_of_the_package_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("機密內容", encoding="utf-8")
    package = f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]><package><title>&x;</title><manifest/></package>'
    document = read_content(ebook({"OPS/book.opf": package}), "a.epub")
    assert not document.lines
    assert "機密" not in repr(document)


def test_a_bomb_is_named() -> None:
    assert "times its size" in read_content(ebook({"OPS/x": "0" * 30 * 2**20}), "a.epub").findings[0].message


def test_the_list_of_contents_is_in_the_ledger_once_it_reads_as_text() -> None:
    contents = "</head><body><nav/><p>本期要目：江蘇蘇州深化文明實踐，惠及羣眾二十六萬人次。</p>"
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{contents}</body></html>'
    document = read_content(ebook({"OPS/nav.xhtml": page}), "a.epub")
    assert texts(document) == TEXTS
    assert [e.text[:4] for e in document.left_out if e.reason is LeftOutReason.CONTENTS] == ["本期要目"]


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_never_raises(changes: list[tuple[int, int]]) -> None:
    content = bytearray(ebook())
    for position, value in changes:
        content[position % len(content)] = value
    assert [*read_contents(bytes(content), "a.epub")]
