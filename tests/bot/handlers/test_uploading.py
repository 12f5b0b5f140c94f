"""Files sent by admins, and by others."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.locales import ZH_HANT
from bot.operations.uploads import INCOMING
from bot.settings import Settings
from retrieval.progress import Progress, Stage
from retrieval.reading.formats import preparation
from retrieval.reading.formats.loader import find_files
from tests.admins import SAID, pressed
from tests.conftest import BULLETINS
from tests.e2e.bot_api.in_process import Telegram

NEW = "工作簡報 篇9\n\n【深圳】\n\n深圳市文明辦設立88個志願服務站,方便市民就近參加。\n"


async def test_a_strangers_file_is_not_even_looked_at(stranger: Telegram, settings: Settings) -> None:
    (reply,) = await stranger.sends_file("new.txt", NEW.encode())
    assert reply.text == ZH_HANT.only_text
    assert list(settings.bulletins_dir.iterdir()) == []


async def test_a_file_is_shown_before_it_is_added_and_added_by_a_button(
    admin: Telegram, settings: Settings
) -> None:
    (preview,) = await admin.sends_file("../new<b>.TXT", NEW.encode())
    assert preview.text.startswith("newb.txt\n讀到 1 篇簡報、1 個地方、1 段")
    assert "• 廣東深圳" in preview.text or "• 深圳" in preview.text
    assert find_files(settings.bulletins_dir) == []
    assert preview.labels == [[SAID.add], [SAID.cancel]]
    _, placed = await pressed(admin, preview, SAID.add)
    assert placed.text.startswith("✅ 已放進簡報資料夾：newb.txt")
    assert placed.labels == [[SAID.rebuild_now]]
    assert find_files(settings.bulletins_dir) == [settings.bulletins_dir / "newb.txt"]
    notice, _ = await pressed(admin, preview, SAID.add)
    assert notice == SAID.upload_gone


async def test_a_cancelled_file_leaves_no_trace(admin: Telegram, settings: Settings) -> None:
    (preview,) = await admin.sends_file("new.txt", NEW.encode())
    _, cancelled = await pressed(admin, preview, SAID.cancel)
    assert cancelled.text == "已取消，new.txt 沒有加入。"
    assert [path for path in settings.bulletins_dir.rglob("*") if path.is_file()] == []


async def test_a_file_of_the_same_name_is_replaced_or_kept_only_as_the_admin_says(
    admin: Telegram, settings: Settings
) -> None:
    old = settings.bulletins_dir / "new.txt"
    old.write_text("old", encoding="utf-8")
    (preview,) = await admin.sends_file("new.txt", NEW.encode())
    assert SAID.upload_exists in preview.text
    assert preview.labels == [[SAID.replace, SAID.keep_both], [SAID.cancel]]
    _, both = await pressed(admin, preview, SAID.keep_both)
    assert "new (2).txt" in both.text
    assert old.read_text(encoding="utf-8") == "old"
    (preview,) = await admin.sends_file("new.txt", NEW.encode())
    await pressed(admin, preview, SAID.replace)
    assert old.read_text(encoding="utf-8") == NEW
    (same,) = await admin.sends_file("new.txt", NEW.encode())
    assert SAID.upload_same in same.text
    assert same.labels == []


async def test_a_name_taken_between_preview_and_button_is_asked_about_again(
    admin: Telegram, settings: Settings
) -> None:
    (preview,) = await admin.sends_file("new.txt", NEW.encode())
    (settings.bulletins_dir / "new.txt").write_text("faster", encoding="utf-8")
    notice, again = await pressed(admin, preview, SAID.add)
    assert notice == SAID.upload_taken
    assert again.labels == [[SAID.replace, SAID.keep_both], [SAID.cancel]]


async def test_a_large_collection_is_previewed_within_telegrams_limits(admin: Telegram) -> None:
    (source,) = find_files(BULLETINS)
    (preview,) = await admin.sends_file(source.name, source.read_bytes())
    assert "讀到 7 篇簡報" in preview.text
    assert "其中 69 段已經收錄。" in preview.text
    assert "……另有" in preview.text


@pytest.mark.parametrize(
    ("name", "content", "size", "words"),
    [
        ("big.txt", b"x", 21 * 1024 * 1024, "Telegram 只讓機器人下載 20 MB 以內的檔案"),
        ("program.exe", b"MZ", None, "這種檔案讀不了"),
        ("noname", b"x", None, ".docx"),
        ("empty.txt", b" ", None, "讀不到任何段落"),
        ("broken.docx", b"PK\x03\x04 no document", None, "讀不到任何段落"),
    ],
)
async def test_what_cannot_be_added_is_said_plainly_and_not_kept(
    admin: Telegram, settings: Settings, name: str, content: bytes, size: int | None, words: str
) -> None:
    (reply,) = await admin.sends_file(name, content, size)
    assert words in reply.text
    assert reply.labels == []
    incoming = settings.bulletins_dir / INCOMING
    assert not incoming.exists() or list(incoming.iterdir()) == []


async def test_a_long_scan_shows_its_pages_and_takes_the_notice_back(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recognized(_path: Path, progress: Progress) -> None:
        for done in range(5):
            progress(Stage.RECOGNIZING, done, 4)
            time.sleep(0.05)

    monkeypatch.setattr(preparation, "convert_scan", recognized)
    before = admin.chat.last_message_id
    (preview,) = await admin.sends_file("scan.pdf", b"%PDF-1.4 broken")
    notices = [message for message in admin.chat.messages.values() if "識別掃描頁" in message.text.text]
    assert "讀不到任何段落" in preview.text
    assert notices == []
    assert preview.message_id == before + 3, "the file, the notice, the preview"
