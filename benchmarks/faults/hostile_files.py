"""Files of an attacker: archives and documents that unpack to too much, nest, loop, lie about sizes or escape the folder."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from benchmarks.faults.fuzz_reader import mutated, samples

_NOTE = "工作簡報 篇9\n\n【深圳】\n\n深圳市文明辦設立88個志願服務站,方便市民就近參加。\n".encode()
_MB = 2**20
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def _zip(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression, compresslevel=9 if compression else None) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return packed.getvalue()


def word_file(body: str, *, before: str = "", attributes: str = "") -> bytes:
    """A .docx file with the body."""
    document = (
        f'<?xml version="1.0"?>{before}<w:document {_W} {attributes}><w:body>{body}</w:body></w:document>'
    )
    return _zip(("[Content_Types].xml", _TYPES.encode()), ("_rels/.rels", _RELATIONS.encode()),
                ("word/document.xml", document.encode()))  # fmt: skip


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _nested_zip(levels: int) -> bytes:
    content = _zip(("zeros.txt", bytes(10 * _MB)))
    for level in range(levels):
        content = _zip(*((f"{level}-{number}.zip", content) for number in range(8)))
    return content


def _lying_zip(declared: int) -> bytes:
    """An archive whose entry states a wrong size in both of its headers."""
    packed = bytearray(_zip(("a.txt", bytes(30 * _MB))))
    packed[22:26] = struct.pack("<I", declared)
    central = packed.rindex(b"PK\x01\x02")
    packed[central + 24 : central + 28] = struct.pack("<I", declared)
    return bytes(packed)


def _overlapping_zip(entries: int) -> bytes:
    """An archive with many directory entries for the same content."""
    one = _zip(("a.txt", bytes(20 * _MB)))
    central, end = one.rindex(b"PK\x01\x02"), one.rindex(b"PK\x05\x06")
    directory = one[central:end] * entries
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), central, 0)
    return one[:central] + directory + tail


def _symlink_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return packed.getvalue()


def _encrypted_zip() -> bytes:
    packed = bytearray(_zip(("a.txt", _NOTE)))
    packed[6] |= 1
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def _laughs(levels: int, name: str = "lol") -> str:
    entities = f'<!ENTITY {name}0 "{"哈" * 100}">' + "".join(
        f'<!ENTITY {name}{level} "{f"&{name}{level - 1};" * 10}">' for level in range(1, levels)
    )
    return f"<!DOCTYPE w:document [{entities}]>"


def pdf(*objects: bytes, trailer: bytes = b"<< /Root 1 0 R /Size 9 >>") -> bytes:
    """A PDF of the objects, numbered from 1, with a correct cross-reference table."""
    written, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)
    return bytes(written)


def _stream(content: bytes, *filters: bytes) -> bytes:
    named = b"/Filter [%s]" % b" ".join(filters) if filters else b""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), named, content)


def _page_pdf(content: bytes, box: bytes = b"[0 0 612 792]") -> bytes:
    resources = b"<< /Font << /F 5 0 R >> /XObject << /X 4 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources %s >>" % (box, resources)
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, content,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )  # fmt: skip


def _deflated(content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return content


_TEXT_OPERATORS = b"BT /F 12 Tf 72 700 Td (Hello) Tj ET\n"
_HTML = "<p>深圳市文明辦設立88個志願服務站,方便市民就近參加。</p>"
_LONG = "漢" * 100_000

# Each is made only when it is its turn: some weigh megabytes.
FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "flat zip bomb": ("a.zip", lambda: _zip(("zeros.txt", bytes(250 * _MB)))),
    "nested zip bomb": ("a.zip", lambda: _nested_zip(3)),
    "zip of many entries": ("a.zip", lambda: _zip(*((f"{number}.txt", b"x") for number in range(20_000)))),
    "zip of the most entries": ("a.zip", lambda: _zip(*((f"{number}.txt", _NOTE) for number in range(4_900)))),
    "zip that says less": ("a.zip", lambda: _lying_zip(100)),
    "zip that says more": ("a.zip", lambda: _lying_zip(2**32 - 2)),
    "zip of one content many times": ("a.zip", lambda: _overlapping_zip(4_000)),
    "zip with ways out": ("a.zip", lambda: _zip(
        *((path, _NOTE) for path in ("../../out.txt", "/etc/out.txt", "..\\out.txt", "C:\\out.txt", "a\x00b.txt")))),
    "zip with a link": ("a.zip", _symlink_zip),
    "encrypted zip": ("a.zip", _encrypted_zip),
    "cut zip": ("a.zip", lambda: _zip(("a.txt", _NOTE * 100))[:-40]),
    "zip of zeros at the limit of the ratio": ("a.zip", lambda: _zip(
        ("zeros.txt", bytes(60 * _MB)), ("noise.bin", random.Random(1).randbytes(200_000)))),
    "zip with a bulletin of one line": ("a.zip", lambda: _zip(("a.txt", ("漢" * 2_000_000).encode()))),
    "bzip2 bomb": ("a.zip", lambda: _zip(("zeros.txt", bytes(200 * _MB)), compression=zipfile.ZIP_BZIP2)),
    "lzma bomb": ("a.zip", lambda: _zip(("zeros.txt", bytes(100 * _MB)), compression=zipfile.ZIP_LZMA)),
    "billion laughs": ("a.docx", lambda: word_file(_paragraph("&lol9;"), before=_laughs(10))),
    "quadratic laughs": ("a.docx", lambda: word_file(
        _paragraph("&a;" * 50_000), before=f'<!DOCTYPE w:document [<!ENTITY a "{_LONG}">]>')),
    "laughs in an attribute": ("a.docx", lambda: word_file(
        '<w:p w:x="&lol6;"><w:r><w:t>x</w:t></w:r></w:p>', before=_laughs(7))),
    "external entity": ("a.docx", lambda: word_file(
        _paragraph("&out;"), before='<!DOCTYPE w:document [<!ENTITY out SYSTEM "file:///etc/passwd">]>')),
    "external document type": ("a.docx", lambda: word_file(
        _paragraph("x"), before='<!DOCTYPE w:document SYSTEM "http://127.0.0.1:9/x.dtd">')),
    "huge attribute": ("a.docx", lambda: word_file(f'<w:p w:x="{"a" * 15 * _MB}"><w:r><w:t>x</w:t></w:r></w:p>')),
    "deep docx": ("a.docx", lambda: word_file("<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000)),
    "deep tables": ("a.docx", lambda: word_file("<w:tbl><w:tr><w:tc>" * 240 + _paragraph("x") + "</w:tc></w:tr></w:tbl>" * 240)),
    "wide tables": ("a.docx", lambda: word_file(
        "<w:tbl>" + ('<w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999"/></w:tcPr><w:p/></w:tc></w:tr>' * 5_000) + "</w:tbl>")),
    "paragraphs without end": ("a.docx", lambda: word_file("<w:p/>" * 400_000)),
    "runs without end": ("a.docx", lambda: word_file(f"<w:p>{'<w:r><w:t>字</w:t></w:r>' * 100_000}</w:p>")),
    "docx without a document": ("a.docx", lambda: _zip(("[Content_Types].xml", _TYPES.encode()))),
    "docx that is a bomb": ("a.docx", lambda: _zip(("word/document.xml", bytes(200 * _MB)))),
    "pdf with a page tree that loops": ("a.pdf", lambda: pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000 >>")),
    "pdf whose page is its own parent": ("a.pdf", lambda: pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 3 0 R /Contents 3 0 R >>")),
    "pdf that says it has a million pages": ("a.pdf", lambda: pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 1000000 >>")),
    "pdf with the most pages": ("a.pdf", lambda: pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count 2000 >>" % (b"3 0 R " * 2_000),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")),
    "pdf with a huge page": ("a.pdf", lambda: _page_pdf(_stream(_TEXT_OPERATORS), b"[0 0 1e30 1e30]")),
    "pdf with a page of nothing": ("a.pdf", lambda: _page_pdf(_stream(_TEXT_OPERATORS), b"[0 0 0 0]")),
    "pdf stream bomb": ("a.pdf", lambda: _page_pdf(_stream(
        _deflated(bytes(100 * _MB), 2), b"/FlateDecode", b"/FlateDecode"))),
    "pdf text bomb": ("a.pdf", lambda: _page_pdf(_stream(_deflated(_TEXT_OPERATORS * 20_000), b"/FlateDecode"))),
    "pdf form that draws itself": ("a.pdf", lambda: _page_pdf(
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Length 11 >>"
        b"\nstream\n/X Do /X Do\nendstream")),
    "pdf whose table of objects loops": ("a.pdf", lambda: pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", trailer=b"<< /Root 1 0 R /Size 3 /Prev 9 >>")),
    "pdf without a table of objects": ("a.pdf", lambda: _page_pdf(_stream(_TEXT_OPERATORS))[:-60]),
    "pdf nested arrays": ("a.pdf", lambda: pdf(b"[" * 100_000 + b"]" * 100_000)),
    "html nested deep": ("a.html", lambda: ("<div>" * 100_000 + _HTML + "</div>" * 100_000).encode()),
    "html lists nested deep": ("a.html", lambda: ("<ul><li>" * 50_000 + _HTML).encode()),
    "html tables nested deep": ("a.html", lambda: ("<table><tr><td>" * 20_000 + _HTML).encode()),
    "html wide cells": ("a.html", lambda: ("<table>" + '<tr><td colspan="999" rowspan="999">字' * 3_000).encode()),
    "html of open tags": ("a.html", lambda: ("<b><i><a href=x>" * 60_000).encode()),
    "html of one attribute": ("a.html", lambda: f'<p class="{"a " * _MB}">{_HTML}'.encode()),
    "html entities": ("a.html", lambda: ("&#x110000;&#0;&bogus;&lt" * 100_000).encode()),
    "html with links in every block": ("a.html", lambda: (
        f"<div class=nav><a href=x>{'目' * 9}</a></div>{_HTML}" * 4_000).encode()),
    "markdown quotes": ("a.md", lambda: (("> " * 5_000) + "x").encode()),
    "markdown brackets": ("a.md", lambda: ("[" * 50_000 + "](" * 50_000).encode()),
    "markdown emphasis": ("a.md", lambda: ("*a_ " * 100_000).encode()),
    "markdown tables": ("a.md", lambda: ("|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + ("|" * 2_000 + "\n") * 200).encode()),
    "one line of a megabyte": ("a.txt", lambda: (_LONG * 4).encode()),
    "a megabyte of marks": ("a.txt", lambda: ("一、\n(一)\n1.\n" * 70_000).encode()),
    "a megabyte of places": ("a.txt", lambda: ("北京上海江蘇南京、" * 40_000).encode()),
    "a megabyte of short lines": ("a.txt", lambda: ("【深圳】\n好。\n" * 60_000).encode()),
    "a megabyte of nothing": ("a.txt", lambda: bytes(_MB)),
    "a megabyte of noise": ("a.txt", lambda: random.Random(2).randbytes(_MB)),
    "lone surrogates": ("a.txt", lambda: "漢\ud800字".encode("utf-8", "surrogatepass") * 1_000),
    "an empty file": ("a.txt", bytes),
    "an empty archive": ("a.zip", _zip),
}  # fmt: skip

NAMES = (
    "../../etc/passwd.txt", "/etc/passwd.txt", "..\\..\\x.txt", "..", ".", "", " ", ".txt", "a" * 1_000 + ".txt",
    "a." + "b" * 1_000,
    "漢" * 1_000 + ".txt", "a\x00b.txt", "a\nb.txt", "\u202egpj.txt", "a\u200f.txt", "\ud800.txt", "con.txt", "~$a.txt",
    ".incoming.txt",
    "-rf.txt", "$(reboot).txt", "<b>&amp;.txt", "a.txt/", "a.txt.", "a. txt", "a.TXT", "\U0001f600.txt", "%2e%2e%2f.txt",
    "a/../b.txt",
)  # fmt: skip


def damaged(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Small files of every format with changed bytes, under names of every kind."""
    chance = random.Random(seed)
    sources = [(name, content[:20_000]) for name, content in samples()]
    small = [(name, make()) for name, make in (FILES[key] for key in _SMALL)]
    for _ in range(count):
        name, content = chance.choice((*sources, *small, *small))
        stem = chance.choice((*NAMES, *([name] * len(NAMES))))
        yield stem, mutated(content, chance)


_SMALL = (
    "zip with ways out", "zip with a link", "encrypted zip", "cut zip", "billion laughs", "external entity",
    "pdf whose page is its own parent", "pdf with a huge page", "an empty file",
)  # fmt: skip
