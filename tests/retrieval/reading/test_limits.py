"""Limits of reading for every format, for archives in archives, and for links."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from retrieval.reading import sandbox, source_files
from retrieval.reading.formats import archives, child_process, loader
from retrieval.reading.formats.loader import read_contents
from retrieval.reading.lines import Document, Line
from retrieval.reading.structure.passage_builder import read_collection
from retrieval.types import LeftOut, LeftOutReason
from tests.conftest import BULLETINS

HANDED = Path(__file__).parent / "formats" / "handed"
TEXT = "工作簡報 篇1\n\n上海市開展市民修身行動。\n".encode()


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in files.items():
            archive.writestr(name, inner)
    return content.getvalue()


def inner(files: int) -> bytes:
    return zipped({f"{number}.txt": TEXT for number in range(files)})


def nested(archives_inside: int, files: int) -> bytes:
    return zipped({f"{number}.zip": inner(files) for number in range(archives_inside)})


@pytest.mark.parametrize(
    ("size", "members", "reason"),
    [
        (10**9, 25, "with those of archives inside; skipped with all after it"),
        (20 * len(TEXT) + 3 * len(inner(10)), 10**6, "with what archives inside hold"),
    ],
)
def test_archives_inside_an_archive_share_its_limits(size: int, members: int, reason: str) -> None:
    budget = archives.Budget(size, members)
    found = [*archives.unpacked(nested(9, 10), "a.zip", budget=budget)]
    assert 10 < sum(isinstance(member, archives.Member) for member in found) <= 25
    last = found[-1]
    assert isinstance(last, Document)
    assert reason in last.findings[0].message


def test_an_e_mail_shares_the_limits_of_the_archive_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = EmailMessage()
    mail.set_content("附件如下。\n")
    for number in range(5):
        mail.add_attachment(TEXT, maintype="text", subtype="plain", filename=f"{number}.txt")
    monkeypatch.setattr(loader, "Budget", lambda: archives.Budget(members=9))
    documents = [*read_contents(zipped({"a.eml": bytes(mail), "b.eml": bytes(mail), "c.txt": TEXT}), "a.zip")]
    assert sum(bool(document.lines) for document in documents) == 7
    assert "with those of archives inside; skipped with all after it" in documents[-1].findings[0].message


def test_control_characters_are_dropped_with_an_entry_in_tables_and_e_mails() -> None:
    mail = EmailMessage()
    mail.set_content("上海\x1b[31m市報送簡報。\n")
    for content, name in ((b"\xe5\x9f\x8e,a\x1bb\n1,2\n", "a.csv"), (bytes(mail), "a.eml")):
        documents = [*read_contents(content, name)]
        assert not any("\x1b" in line.text for document in documents for line in document.lines)
        assert any(document.left_out for document in documents)


def test_what_the_child_process_reads_keeps_unpaired_surrogates() -> None:
    document = child_process.read_in_child(_with_surrogates, TEXT, "\udce4.html")
    assert document == _with_surrogates(TEXT, "\udce4.html")


def _with_surrogates(_content: bytes, name: str) -> Document:
    return Document(
        name, (Line(1, "上海\ud83d"),), left_out=(LeftOut(name, 2, "\udc00", LeftOutReason.HIDDEN),)
    )


def test_the_lines_of_all_files_of_an_archive_have_one_limit_and_so_have_those_of_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loader, "MOST_LINES", 7)
    documents = [*read_contents(nested(3, 3), "a.zip")]
    assert sum(len(document.lines) for document in documents) == 7
    assert "the lines after the first 7" in documents[-1].findings[-1].message
    (single,) = read_contents(TEXT + "一段。\n".encode() * 50, "a.txt")
    assert len(single.lines) == 7
    assert "the lines after the first 7" in single.findings[-1].message


def _docx() -> bytes:
    document, content = docx.Document(), io.BytesIO()
    for line in TEXT.decode().split("\n"):
        document.add_paragraph(line)
    document.save(content)
    return content.getvalue()


CONTENTS = {
    "html": b"<meta charset=utf-8><p>" + TEXT + b"</p>",
    "md": TEXT,
    "mht": b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>" + TEXT + b"</p>",
    "docx": _docx(),
}


@pytest.mark.parametrize("suffix", CONTENTS)
def test_a_large_file_of_any_format_is_read_alike_in_a_process_with_limits(
    monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    (here,) = read_contents(CONTENTS[suffix], f"公告.{suffix}")
    monkeypatch.setattr(child_process, "_SMALL", 0)
    (there,) = read_contents(CONTENTS[suffix], f"公告.{suffix}")
    assert here.lines
    assert there == here


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("城市,場次\n南京,12\n".encode(), "a.csv"),
        ((HANDED / "suzhou.ofd").read_bytes(), "a.ofd"),
        ((HANDED / "suzhou_libreoffice.pdf").read_bytes(), "a.pdf"),
        (CONTENTS["docx"], "a.docx"),
    ],
)
def test_a_file_is_read_in_one_process_of_its_own_and_no_second_one(
    monkeypatch: pytest.MonkeyPatch, content: bytes, name: str
) -> None:
    run, requests = sandbox.run, list[bytes]()

    def noted(job: sandbox.Job, content: bytes, limits: sandbox.Limits) -> bytes:
        requests.append(content.partition(b"\n")[0])
        return run(job, content, limits)

    monkeypatch.setattr(sandbox, "run", noted)
    monkeypatch.setattr(child_process, "_SMALL", 0)
    (document,) = read_contents(content, name)
    assert document.lines
    assert len(requests) == 1
    # Run in a child these would start another.
    assert not any(reader in requests[0] for reader in (b"read_delimited", b"read_ofd", b"read_pdf"))


def _endless(_content: bytes, _name: str) -> Document:
    while True:
        pass


def _greedy(_content: bytes, name: str) -> Document:
    return Document(name, (), about=" " * 2**33)


@pytest.mark.parametrize("reader", [_endless, _greedy])
def test_a_file_that_reaches_a_limit_of_time_or_memory_is_named_and_skipped(
    monkeypatch: pytest.MonkeyPatch, reader: child_process.Reader
) -> None:
    monkeypatch.setattr(child_process, "_SMALL", 0)
    monkeypatch.setattr(child_process, "SECONDS", 1)
    document = child_process.read_within_limits(reader, TEXT, "a.html")
    assert [finding.message for finding in document.findings] == [
        "takes too much time or memory to read; skipped"
    ]


def test_links_that_lead_out_of_the_folder_are_named_and_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "bulletins"
    folder.mkdir()
    (tmp_path / "outside.txt").write_bytes(TEXT)
    (folder / "inside.txt").write_bytes(TEXT)
    (folder / "alias.txt").symlink_to("inside.txt")
    (folder / "away.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "whole").symlink_to(BULLETINS, target_is_directory=True)
    (folder / "broken.txt").symlink_to("nowhere")
    reading = read_collection(folder)
    assert {passage.file for passage in reading.passages} == {"inside.txt", "alias.txt"}
    said = {finding.file: finding.message for finding in reading.findings}
    assert said["away.txt"].startswith("a link that leads out of the folder")
    assert said["whole"].startswith("a link to a folder")
    assert set(source_files(folder)) == {"inside.txt", "alias.txt"}
    (tmp_path / "other").symlink_to(folder, target_is_directory=True)
    again = read_collection(tmp_path / "other")
    assert {passage.file for passage in again.passages} == {"inside.txt", "alias.txt"}
