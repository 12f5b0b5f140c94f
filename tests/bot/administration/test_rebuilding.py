"""Commands for admins only: rebuild, roll back, statistics."""

from __future__ import annotations

import asyncio

import pytest

from bot.administration import rebuilding
from bot.operations import rebuild_subprocess
from bot.operations.rebuild_subprocess import BuildSummary, ProgressCallback
from bot.serving.answerer import Answerer
from bot.settings import Settings
from retrieval.building.diff import PlaceChanges
from retrieval.errors import BulletinBotError
from tests.admins import SAID, pressed
from tests.chatting import a_group
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import SentMessage

SUMMARY = BuildSummary("20260101T000000.000000Z", 70, (PlaceChanges("深圳", 1, 1, 0, 0),), 2)


@pytest.mark.parametrize("command", ["/rebuild", "/rollback", "/inbox", "/purge", "/stats"])
async def test_a_stranger_is_refused_whatever_the_command(stranger: Telegram, command: str) -> None:
    (reply,) = await stranger.says(command)
    assert reply.text == SAID.admins_only


@pytest.mark.parametrize("command", ["/rebuild", "/rollback", "/inbox", "/purge", "/stats"])
async def test_in_a_group_what_only_admins_may_is_answered_where_it_names_the_bot_and_never_done(
    stranger: Telegram, admin: Telegram, command: str
) -> None:
    for person, said in ((stranger, SAID.admins_only), (admin, SAID.only_in_private)):
        (reply,) = await person.says_in(a_group(), f"{command}@bulletin_test_bot")
        assert reply.text == said
        assert await person.says_in(a_group(), command) == []
        assert await person.says_in(a_group(), f"{command}@another_bot") == []


@pytest.mark.parametrize("data", ["rebuild", "u:p:0123456789abcdef"])
async def test_a_stranger_is_refused_whatever_the_button(stranger: Telegram, data: str) -> None:
    (message,) = await stranger.says("/help")
    stored = stranger.chat.messages[message.message_id]
    button = message.buttons[0][0]
    question, sent = await stranger.presses(stored, type(button)(button.label, callback_data=data))
    assert question.answer is not None
    assert (question.answer["text"], question.answer["show_alert"]) == (SAID.admins_only, True)
    assert sent == []


def _replace_child(monkeypatch: pytest.MonkeyPatch, child: object) -> None:
    monkeypatch.setattr(rebuild_subprocess, "rebuild_in_child", child)
    monkeypatch.setattr(rebuilding, "SECONDS_BETWEEN_EDITS", 0.01)


async def _until(telegram: Telegram, words: str) -> SentMessage:
    """The last message, once it says so."""
    for _ in range(500):
        messages = telegram.shown()
        if messages and words in messages[-1].text:
            return messages[-1]
        await asyncio.sleep(0.01)
    raise AssertionError([message.text for message in telegram.shown()])


async def test_a_rebuild_shows_its_progress_in_one_message_and_questions_are_answered_meanwhile(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = asyncio.Event()

    async def child(_: Settings, on_progress: ProgressCallback) -> BuildSummary:
        on_progress("embedding", 32, 70)
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
    await admin.application.bot_data.rebuild.wait()
    done = admin.sees(progress)
    assert "新的一代索引已經啟用：70 段" in done.text
    assert "• 深圳 +1 ~0 -0" in done.text
    assert "2 處待看" in done.text


async def test_a_long_stage_says_how_long_it_will_still_take(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = asyncio.Event()

    async def child(_: Settings, on_progress: ProgressCallback) -> BuildSummary:
        on_progress("embedding", 0, 70)
        await asyncio.sleep(0.02)
        on_progress("embedding", 35, 70)
        await may_end.wait()
        return SUMMARY

    _replace_child(monkeypatch, child)
    monkeypatch.setattr("retrieval.progress._MIN_ELAPSED", 0.01)
    await admin.says("/rebuild")
    await _until(admin, "35/70　大約還要 5 秒")
    may_end.set()
    await admin.application.bot_data.rebuild.wait()


async def test_a_rebuild_that_fails_says_why_and_can_be_tried_again(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def child(_: Settings, __: ProgressCallback) -> BuildSummary:
        raise BulletinBotError("Nothing to index in <data>: put bulletins there.")

    _replace_child(monkeypatch, child)
    for _ in range(2):
        await admin.says("/rebuild")
        failed = await _until(admin, "原來的索引照常使用")
        assert failed.text.endswith("Nothing to index in <data>: put bulletins there.")
        await admin.application.bot_data.rebuild.wait()


async def test_a_fault_of_ours_is_logged_and_its_inside_is_not_told(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def child(_: Settings, __: ProgressCallback) -> BuildSummary:
        raise ValueError("secret details of the inside")

    _replace_child(monkeypatch, child)
    await admin.says("/rebuild")
    failed = await _until(admin, "原來的索引照常使用")
    assert failed.text.endswith(SAID.see_log)
    assert any(record.exc_info for record in caplog.records if record.levelname == "ERROR")


async def test_a_rebuild_under_way_when_the_bot_stops_is_ended_and_says_so(
    admin: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()

    async def child(_: Settings, on_progress: ProgressCallback) -> BuildSummary:
        on_progress("embedding", 1, 2)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return SUMMARY

    _replace_child(monkeypatch, child)
    await admin.says("/rebuild")
    message = await _until(admin, "1/2")
    await admin.application.bot_data.rebuild.cancel()
    assert ended.is_set()
    assert admin.sees(message).text == SAID.rebuild_stopped


async def test_statistics_count_questions_refusals_times_and_verdicts(
    admin: Telegram, answerer: Answerer
) -> None:
    (before,) = await admin.says("/stats")
    assert "問題 0 個\n—\n等候時間：一半在 — 內" in before.text
    (answer,) = await admin.says("北京榜樣每個月評出多少人?")
    await admin.says("深圳垃圾分类不扔对会罚多少钱")
    await admin.says("謝謝")
    await pressed(admin, answer, "👍")
    (stats,) = await admin.says("/stats")
    assert "問題 2 個\n" in stats.text
    assert "• 回答 1 (50%)" in stats.text
    assert "• 地方未收錄 1 (50%)" in stats.text
    assert "👍 1　👎 0　引用有誤 0" in stats.text
    assert answerer.index.name in stats.text
    assert " MB" in stats.text
