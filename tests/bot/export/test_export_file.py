"""Saving an export: never over a file that is there, and in whole or not at all."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from bot.export import ExportFormat, export_file, save
from bot.locales import EN, ZH_HANT
from retrieval.errors import BulletinBotError
from tests.bot.export.quoted import a_document


def test_a_file_is_named_after_what_it_is_and_its_day() -> None:
    assert export_file(a_document("甲"), ExportFormat.WORD, ZH_HANT).name == "簡報引文-2026-11-30.docx"
    assert export_file(a_document("甲"), ExportFormat.MARKDOWN, EN).name == "Bulletin quotes-2026-11-30.md"


def test_a_document_is_saved_in_utf_8(tmp_path: Path) -> None:
    save(a_document("甲乙。"), ExportFormat.MARKDOWN, tmp_path / "a.md")
    assert "「甲乙。」[^1]" in (tmp_path / "a.md").read_text(encoding="utf-8")


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("edited")
    with pytest.raises(BulletinBotError, match=r"a\.docx exists"):
        save(a_document("甲"), ExportFormat.WORD, tmp_path / "a.docx")
    assert (tmp_path / "a.docx").read_text() == "edited"


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BulletinBotError, match="cannot be written"):
        save(a_document("甲"), ExportFormat.WORD, tmp_path / "no" / "a.docx")


def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(BulletinBotError, match="cannot be written"):
            save(a_document("甲"), ExportFormat.MARKDOWN, tmp_path / "a.md")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())
