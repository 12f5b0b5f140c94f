from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bot.operations.uploads import (
    INCOMING,
    Placing,
    discard,
    is_same,
    place,
    rival_of,
    safe_name,
    set_aside,
    upload_of_id,
)
from retrieval.errors import BulletinBotError
from retrieval.reading.formats.loader import find_files


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("簡報 第12期.txt", "簡報 第12期.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a\\簡報.DOCX", "簡報.docx"),
        ("..txt", "bulletin.txt"),
        (".htaccess.txt", "htaccess.txt"),
        ("~$簡報.docx", "簡報.docx"),
        ("a\x00b\n<c>:|?*.txt", "abc.txt"),
        ("cod\u202etxt.exe.txt", "codtxt.exe.txt"),
        ("\ud800.txt", "bulletin.txt"),
        ("", "bulletin"),
        ("/", "bulletin"),
    ],
)
def test_a_name_is_made_safe_and_stays_recognisable(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_a_name_of_any_length_fits_a_file_system() -> None:
    name = safe_name("簡" * 500 + ".txt")
    assert name.endswith("簡.txt")
    assert len(name.encode()) <= 255


def test_what_is_set_aside_is_no_bulletin_yet_and_is_found_by_its_id(tmp_path: Path) -> None:
    upload = set_aside(tmp_path, "簡報.txt", b"one")
    assert find_files(tmp_path) == []
    assert upload_of_id(tmp_path, upload.upload_id) == upload
    assert upload.path.read_bytes() == b"one"


@pytest.mark.parametrize("upload_id", ["", "..", "0" * 16, "../../etc", "0" * 15 + "/"])
def test_an_unknown_id_names_no_upload(tmp_path: Path, upload_id: str) -> None:
    set_aside(tmp_path, "簡報.txt", b"one")
    assert upload_of_id(tmp_path, upload_id) is None


def test_a_new_file_is_placed_and_leaves_nothing_behind(tmp_path: Path) -> None:
    upload = set_aside(tmp_path, "簡報.txt", b"one")
    assert rival_of(tmp_path, upload) is None
    assert place(tmp_path, upload, Placing.NEW) == tmp_path / "簡報.txt"
    assert find_files(tmp_path) == [tmp_path / "簡報.txt"]
    assert list((tmp_path / INCOMING).iterdir()) == []
    assert upload_of_id(tmp_path, upload.upload_id) is None


def test_nothing_is_overwritten_unless_that_was_said(tmp_path: Path) -> None:
    (tmp_path / "簡報.txt").write_bytes(b"old")
    upload = set_aside(tmp_path, "簡報.txt", b"new")
    assert rival_of(tmp_path, upload) == tmp_path / "簡報.txt"
    assert place(tmp_path, upload, Placing.NEW) is None
    assert (tmp_path / "簡報.txt").read_bytes() == b"old"
    assert place(tmp_path, upload, Placing.REPLACE) == tmp_path / "簡報.txt"
    assert (tmp_path / "簡報.txt").read_bytes() == b"new"


def test_a_file_beside_another_gets_the_next_free_number(tmp_path: Path) -> None:
    (tmp_path / "簡報.txt").write_bytes(b"old")
    for number in (2, 3):
        upload = set_aside(tmp_path, "簡報.txt", b"new")
        assert place(tmp_path, upload, Placing.BESIDE) == tmp_path / f"簡報 ({number}).txt"
    assert (tmp_path / "簡報.txt").read_bytes() == b"old"


def test_the_same_bytes_are_known_as_such(tmp_path: Path) -> None:
    rival = tmp_path / "簡報.txt"
    rival.write_bytes(b"one")
    assert is_same(set_aside(tmp_path, "簡報.txt", b"one"), rival)
    assert not is_same(set_aside(tmp_path, "簡報.txt", b"two"), rival)


def test_a_cancelled_or_forgotten_upload_goes(tmp_path: Path) -> None:
    cancelled, forgotten = (set_aside(tmp_path, "簡報.txt", b"one") for _ in range(2))
    discard(cancelled)
    assert upload_of_id(tmp_path, cancelled.upload_id) is None
    os.utime(forgotten.path.parent, (0, 0))
    set_aside(tmp_path, "another.txt", b"two")
    assert upload_of_id(tmp_path, forgotten.upload_id) is None


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.write_bytes(b"")
    with pytest.raises(BulletinBotError, match="cannot be written"):
        set_aside(no_folder, "簡報.txt", b"one")


@pytest.mark.parametrize("placing", [Placing.NEW, Placing.BESIDE])
def test_a_file_system_without_hard_links_takes_uploads_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, placing: Placing
) -> None:
    def no_links(_target: Path, _source: Path) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    first, second = (set_aside(tmp_path, "a.txt", content) for content in (b"1", b"2"))
    assert place(tmp_path, first, Placing.NEW) == tmp_path / "a.txt"
    placed = place(tmp_path, second, placing)
    assert (tmp_path / "a.txt").read_bytes() == b"1"
    assert placed == (None if placing is Placing.NEW else tmp_path / "a (2).txt")
    if placed:
        assert placed.read_bytes() == b"2"
