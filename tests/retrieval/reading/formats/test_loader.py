"""Files to lines: encodings decided by content, formats, limits; never an exception for what a file holds."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from benchmarks.faults.fuzz_reader import SECONDS, lost_characters, mutations, read

from retrieval.errors import BulletinBotError
from retrieval.reading.formats.loader import find_files, read_content, read_contents, read_document
from tests.bulletins.make_fixtures import RED_HEADER, widen

SIMPLIFIED = widen(RED_HEADER)
TRADITIONAL = "臺北市結合鄰里力量，推動獨居長者關懷服務，全年開班四十八期。\n高雄市營造友善街區。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_the_encoding_of_simplified_text_is_decided_by_its_content(encoding: str) -> None:
    document = read_content(SIMPLIFIED.encode(encoding), "x.txt")
    assert "".join(line.text for line in document.lines) == "".join(
        line.strip() for line in SIMPLIFIED.splitlines()
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5", "gb18030"])
def test_the_encoding_of_traditional_text_is_decided_by_its_content(encoding: str) -> None:
    document = read_content(TRADITIONAL.encode(encoding), "x.txt")
    assert [line.text for line in document.lines] == TRADITIONAL.splitlines()
    assert bool(document.findings) == (encoding != "utf-8")


def test_line_ends_of_both_kinds_count_alike() -> None:
    document = read_content("甲。\r\n乙。\n\r\n丙。".encode(), "x.txt")
    assert [(line.number, line.text) for line in document.lines] == [(1, "甲。"), (2, "乙。"), (4, "丙。")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.mp3", b"ID3", "not a format"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
        ("a.docx", b"\xd0\xcf\x11\xe0abc", "encrypted"),
        ("a.docx", b"PK broken", "cannot be read"),
        ("a.pdf", b"%PDF-1.4 broken", "damaged PDF"),
        ("a.txt", b"", "empty"),
        ("a.txt", bytes(range(256)) * 40, "not text"),
        ("a.zip", b"PK broken", "damaged archive"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_reason(name: str, content: bytes, reason: str) -> None:
    (document,) = read_contents(content, name)
    assert not document.lines
    assert reason in document.findings[0].message


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "pptx", "epub", "ofd", "zip", "pdf"])
@pytest.mark.parametrize("content", [b"hello", b"PK broken", b"PK\x05\x06" + b"\0" * 18])
def test_a_damaged_file_is_named_in_words_of_people_without_an_exception(suffix: str, content: bytes) -> None:
    findings = [
        finding for document in read_contents(content, f"a.{suffix}") for finding in document.findings
    ]
    assert all(
        not re.search(r"Error|BadZip|zip file|no item|\[Content", finding.message) for finding in findings
    )


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_zip_bomb_is_skipped() -> None:
    bomb = zipped(("a.txt", b"0" * 300_000_000))
    (document,) = read_contents(bomb, "bomb.zip")
    assert "unpacks to more than" in document.findings[0].message
    (document,) = read_contents(bomb, "bomb.docx")
    assert "unpacks to more than" in document.findings[0].message


def test_archives_inside_archives_are_read_to_a_limit() -> None:
    inner = zipped(("c.txt", "上海市开展活动。".encode()))
    twice = zipped(("b.zip", inner))
    assert [document.file for document in read_contents(twice, "a.zip")] == ["a.zip/b.zip/c.txt"]
    (document,) = read_contents(zipped(("z.zip", twice)), "a.zip")
    assert "inside an archive" in document.findings[0].message


def test_an_encrypted_pdf_and_a_scan_are_named() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    locked, scan = io.BytesIO(), io.BytesIO()
    canvas = Canvas(locked, encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 700, "text")
    canvas.save()
    canvas = Canvas(scan)
    canvas.rect(72, 72, 200, 200, fill=1)
    canvas.save()
    assert "encrypted" in read_content(locked.getvalue(), "a.pdf").findings[0].message
    assert "no text layer" in read_content(scan.getvalue(), "a.pdf").findings[0].message


def test_hidden_files_are_not_found_and_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    for name in ("b.txt", ".hidden", "~$lock.docx", "a/c.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("上海市。", encoding="utf-8")
    assert [path.name for path in find_files(tmp_path)] == ["c.md", "b.txt"]
    with pytest.raises(BulletinBotError, match="create it"):
        find_files(tmp_path / "none")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    assert "cannot be opened" in read_document(tmp_path / "none.txt", "none.txt").findings[0].message


def test_reading_a_text_loads_no_library_of_another_format() -> None:
    code = (
        "import sys; from retrieval.reading.formats.loader import read_content; read_content('上海市。'.encode(), 'a.txt');"
        "print([name for name in ('docx', 'lxml', 'pypdfium2', 'markdown_it', 'babel', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_three_hundred_mutated_files_are_read_in_time_and_lose_no_character() -> None:
    slow, lossy = [], []
    for name, content in mutations(300, 7):
        took, outlines = read(name, content)
        if took > SECONDS * 2:
            slow.append((name, took))
        if lost := lost_characters(name, content, outlines):
            lossy.append((name, "".join(lost)))
    assert (slow, lossy) == ([], [])
