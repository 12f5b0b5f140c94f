"""What admins may and others may not: through the real Application, against the strict emulator in this process."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.application import build_application
from bot.desk import ReadingDesk
from bot.handlers import rebuilding
from bot.rebuild_process import BuildSummary, Watcher
from bot.settings import Settings, load_settings
from bot.texts import ZH_HANT
from bot.texts.admin import ADMIN_TEXTS
from bot.uploads import INCOMING
from retrieval.changes import PlaceChanges
from retrieval.documents import find_files
from retrieval.generations import current_folder
from retrieval.types import BulletinBotError
from tests.conftest import BULLETINS
from tests.e2e.bot_api.emulator import DEFAULT_TOKEN
from tests.e2e.bot_api.in_process import EmulatedRequest, Telegram, new_state
from tests.e2e.bot_api.sent_message import SentMessage

ADMIN, STRANGER = 7, 8
SAID = ADMIN_TEXTS["zh-hant"]
NEW = "工作簡報 篇9\n\n【深圳】\n\n深圳市文明辦設立88個志願服務站,方便市民就近參加。\n"
SUMMARY = BuildSummary("20260101T000000.000000Z", 70, (PlaceChanges("深圳", 1, 1, 0, 0),), 2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "bulletins").mkdir()
    return load_settings(
        admin_ids={ADMIN}, bulletins_dir=tmp_path / "bulletins", index_dir=tmp_path / "index"
    )


@asynccontextmanager
async def _talking(settings: Settings, desk: ReadingDesk) -> AsyncIterator[Telegram]:
    state = new_state()
    request = EmulatedRequest(state)
    application = build_application(settings, desk, DEFAULT_TOKEN, request)
    async with application:
        telegram = Telegram(state, application)
        yield telegram
        assert request.refused == []
        await rebuilding.stop_rebuild(application)


@pytest.fixture
async def admin(settings: Settings, desk: ReadingDesk) -> AsyncIterator[Telegram]:
    async with _talking(settings, desk) as telegram:
        yield telegram


@pytest.fixture
async def stranger(settings: Settings, desk: ReadingDesk) -> AsyncIterator[Telegram]:
    """A person who is no admin."""
    async with _talking(settings.model_copy(update={"admin_ids": frozenset({STRANGER})}), desk) as telegram:
        yield telegram


async def _pressed(telegram: Telegram, message: SentMessage, label: str) -> tuple[str, SentMessage]:
    """The notice that a press brought, and its message afterwards."""
    stored = telegram.chat.messages[message.message_id]
    question, _ = await telegram.presses(stored, message.button(label))
    assert question.answer is not None
    return question.answer["text"], telegram.sees(message)


@pytest.mark.parametrize("command", ["/rebuild", "/rollback", "/stats"])
async def test_a_stranger_is_refused_whatever_the_command(stranger: Telegram, command: str) -> None:
    (reply,) = await stranger.says(command)
    assert reply.text == SAID.admins_only


@pytest.mark.parametrize("data", ["rebuild", "u:p:0123456789abcdef"])
async def test_a_stranger_is_refused_whatever_the_button(stranger: Telegram, data: str) -> None:
    (message,) = await stranger.says("/help")
    stored = stranger.chat.messages[message.message_id]
    button = message.buttons[0][0]
    question, sent = await stranger.presses(stored, type(button)(button.label, callback_data=data))
    assert question.answer is not None
    assert (question.answer["text"], question.answer["show_alert"]) == (SAID.admins_only, True)
    assert sent == []


async def test_a_strangers_file_is_not_even_looked_at(stranger: Telegram, settings: Settings) -> None:
    (reply,) = await stranger.sends_file("new.txt", NEW.encode())
    assert reply.text == ZH_HANT.only_text
    assert list(settings.bulletins_dir.iterdir()) == []


async def test_only_admins_see_the_commands_for_admins(admin: Telegram) -> None:
    assert "rebuild" not in _listed(admin)
    await admin.says("/start")
    assert _listed(admin)[-3:] == ["rebuild", "rollback", "stats"]
    assert _listed(admin)[:1] == ["ask"]


async def test_a_stranger_gets_no_list_of_their_own(stranger: Telegram) -> None:
    await stranger.says("/start")
    assert _listed(stranger) == []


def _listed(telegram: Telegram) -> list[str]:
    """The names of the commands in the person's own chat."""
    lists = (
        commands for (scope, _), commands in telegram.state.commands.items() if str(telegram.user.id) in scope
    )
    return [str(command["command"]) for command in next(lists, [])]


def _replace_child(monkeypatch: pytest.MonkeyPatch, child: object) -> None:
    monkeypatch.setattr(rebuilding, "rebuild_in_child", child)
    monkeypatch.setattr(rebuilding, "SECONDS_BETWEEN_EDITS", 0.01)


async def _until(telegram: Telegram, words: str) -> SentMessage:
    """The last message, once it says so."""
    for _ in range(500):
        messages = telegram.history()
        if messages and words in messages[-1].text:
            return messages[-1]
        await asyncio.sleep(0.01)
    raise AssertionError([message.text for message in telegram.history()])


async def test_a_rebuild_shows_its_progress_in_one_message_and_questions_are_answered_meanwhile(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = asyncio.Event()

    async def child(_: Settings, watch: Watcher) -> BuildSummary:
        watch("embedding", 32, 70)
        await may_end.wait()
        return SUMMARY

    _replace_child(monkeypatch, child)
    await admin.says("/rebuild")
    progress = await _until(admin, "編碼段落 ▓▓▓▓░░░░░░ 32/70")
    (answer,) = await admin.says("北京榜樣每個月評出多少人?")
    assert "10名" in answer.text
    (again,) = await admin.says("/rebuild")
    assert again.text == SAID.rebuild_running
    may_end.set()
    await admin.application.bot_data["rebuild"]
    done = admin.sees(progress)
    assert "新的一代索引已經啟用：70 段" in done.text
    assert "• 深圳 +1 ~0 -0" in done.text
    assert "2 處待看" in done.text


async def test_a_rebuild_that_fails_says_why_and_can_be_tried_again(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def child(_: Settings, __: Watcher) -> BuildSummary:
        raise BulletinBotError("Nothing to index in <data>: put bulletins there.")

    _replace_child(monkeypatch, child)
    for _ in range(2):
        await admin.says("/rebuild")
        failed = await _until(admin, "原來的索引照常使用")
        assert failed.text.endswith("Nothing to index in <data>: put bulletins there.")
        await admin.application.bot_data["rebuild"]


async def test_a_rebuild_under_way_when_the_bot_stops_is_ended_and_says_so(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()

    async def child(_: Settings, watch: Watcher) -> BuildSummary:
        watch("embedding", 1, 2)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return SUMMARY

    _replace_child(monkeypatch, child)
    await admin.says("/rebuild")
    message = await _until(admin, "1/2")
    await rebuilding.stop_rebuild(admin.application)
    assert ended.is_set()
    assert admin.sees(message).text == SAID.rebuild_stopped


async def test_a_rollback_names_the_generation_that_serves_again(
    admin: Telegram, settings: Settings, seed_index: Path
) -> None:
    shutil.copytree(seed_index, settings.index_dir)
    (refused,) = await admin.says("/rollback")
    assert "no generation before" in refused.text
    current = current_folder(settings.index_dir)
    shutil.copytree(current, settings.index_dir / "20200101T000000.000000Z")
    (done,) = await admin.says("/rollback")
    assert done.text.endswith("20200101T000000.000000Z")
    assert current_folder(settings.index_dir).name == "20200101T000000.000000Z"


async def test_statistics_count_questions_refusals_times_and_verdicts(
    admin: Telegram, desk: ReadingDesk
) -> None:
    (before,) = await admin.says("/stats")
    assert "問題 0 個\n—\n等候時間：一半在 — 內" in before.text
    (answer,) = await admin.says("北京榜樣每個月評出多少人?")
    await admin.says("深圳垃圾分类不扔对会罚多少钱")
    await admin.says("謝謝")
    await _pressed(admin, answer, "👍")
    (stats,) = await admin.says("/stats")
    assert "問題 2 個\n" in stats.text
    assert "• 回答 1 (50%)" in stats.text
    assert "• 地方未收錄 1 (50%)" in stats.text
    assert "👍 1　👎 0　引用有誤 0" in stats.text
    assert desk.generation.name in stats.text
    assert " MB" in stats.text


async def test_a_file_is_shown_before_it_is_added_and_added_by_a_button(
    admin: Telegram, settings: Settings
) -> None:
    (preview,) = await admin.sends_file("../new<b>.TXT", NEW.encode())
    assert preview.text.startswith("newb.txt\n讀到 1 篇簡報、1 個地方、1 段")
    assert "• 廣東深圳" in preview.text or "• 深圳" in preview.text
    assert find_files(settings.bulletins_dir) == []
    assert preview.labels == [[SAID.add], [SAID.cancel]]
    _, placed = await _pressed(admin, preview, SAID.add)
    assert placed.text.startswith("✅ 已放進簡報資料夾：newb.txt")
    assert placed.labels == [[SAID.rebuild_now]]
    assert find_files(settings.bulletins_dir) == [settings.bulletins_dir / "newb.txt"]
    notice, _ = await _pressed(admin, preview, SAID.add)
    assert notice == SAID.upload_gone


async def test_a_cancelled_file_leaves_no_trace(admin: Telegram, settings: Settings) -> None:
    (preview,) = await admin.sends_file("new.txt", NEW.encode())
    _, cancelled = await _pressed(admin, preview, SAID.cancel)
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
    _, both = await _pressed(admin, preview, SAID.keep_both)
    assert "new (2).txt" in both.text
    assert old.read_text(encoding="utf-8") == "old"
    (preview,) = await admin.sends_file("new.txt", NEW.encode())
    await _pressed(admin, preview, SAID.replace)
    assert old.read_text(encoding="utf-8") == NEW
    (same,) = await admin.sends_file("new.txt", NEW.encode())
    assert SAID.upload_same in same.text
    assert same.labels == []


async def test_a_name_taken_between_preview_and_button_is_asked_about_again(
    admin: Telegram, settings: Settings
) -> None:
    (preview,) = await admin.sends_file("new.txt", NEW.encode())
    (settings.bulletins_dir / "new.txt").write_text("faster", encoding="utf-8")
    notice, again = await _pressed(admin, preview, SAID.add)
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
