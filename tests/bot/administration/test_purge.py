"""`/purge` in the chat: chosen from the list or by name, shown, confirmed, done, and told what is out of reach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.locales import EN, LANGUAGES, ZH_HANT
from bot.operations import purging
from bot.serving.answerer import Answerer
from bot.settings import Settings
from retrieval.building import checkpoint
from retrieval.index import generations, index_files
from retrieval.storage.lock import only_builder
from tests.admins import pressed, talking
from tests.bot.administration.test_rollback import FIRST, SECOND, built
from tests.doubles import HashEncoder
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import SentMessage

SAID = ZH_HANT.admin.purge
BOTH = f"{FIRST}\n{SECOND.removeprefix('工作簡報')}"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "bulletins").mkdir()
    return Settings(
        bulletins_dir=tmp_path / "bulletins",
        index_dir=tmp_path / "index",
        development_questions=tmp_path / "none",
        state_db=tmp_path / "state.sqlite3",
    )


@pytest.fixture
async def admin(settings: Settings) -> AsyncIterator[Telegram]:
    """An admin of a bot that serves the two bulletins."""
    built(settings, first=FIRST, second=SECOND)
    encoder = HashEncoder()
    answerer = Answerer(generations.load_current(settings.index_dir, encoder.name), encoder)
    async with talking(settings, answerer, admin=7) as telegram:
        yield telegram
    answerer.close()


async def confirmed(admin: Telegram, shown: SentMessage) -> SentMessage:
    """The message once the purge has ended."""
    await pressed(admin, shown, SAID.confirm)
    await admin.application.bot_data.rebuild.wait()
    await admin.application.bot_data.transport.background_tasks.close(5.0)
    return admin.sees(shown)


def labels_in_service(settings: Settings) -> list[str]:
    return [
        each.label
        for each in index_files.load_index(generations.current_folder(settings.index_dir)).passages.bulletins
    ]


async def test_a_bulletin_is_chosen_shown_and_taken_out_and_nothing_older_is_left(
    admin: Telegram, settings: Settings
) -> None:
    (listed,) = await admin.says("/purge")
    assert [row[0].split("・")[0] for row in listed.labels[:-1]] == ["篇1", "篇2"]
    _, shown = await pressed(admin, listed, listed.labels[1][0])
    assert "篇2" in shown.text
    assert "1 段，1 個地方：江蘇南京" in shown.text
    assert "second.txt 會從簡報資料夾刪除" in shown.text
    assert labels_in_service(settings) == ["篇1", "篇2"]
    assert (settings.bulletins_dir / "second.txt").exists()
    done = await confirmed(admin, shown)
    assert labels_in_service(settings) == ["篇1"]
    assert not (settings.bulletins_dir / "second.txt").exists()
    assert SAID.nothing_older in done.text
    assert "刪除了 1 代舊索引" in done.text
    (nothing,) = await admin.says("/rollback")
    assert nothing.text == ZH_HANT.admin.rollback.nothing_older


async def test_a_bulletin_is_named_and_a_name_that_none_has_is_told_so_above_the_list(
    admin: Telegram,
) -> None:
    (shown,) = await admin.says("/purge 篇2")
    assert SAID.confirm in shown.labels[0]
    (unknown,) = await admin.says("/purge 篇9")
    assert unknown.text.startswith(SAID.unknown.format(name="篇9"))
    assert len(unknown.labels) == 3


async def test_the_stored_answers_that_quote_it_go_and_are_counted(admin: Telegram) -> None:
    await admin.says("南京的圖書館延長開放時間")
    database = admin.application.bot_data.database
    quoting = database.number("SELECT count(*) FROM answers WHERE quotes != '[]'")
    (shown,) = await admin.says("/purge 篇2")
    done = await confirmed(admin, shown)
    assert f"{quoting} 筆引用它的回答" in done.text
    assert database.number("SELECT count(*) FROM answers WHERE quotes != '[]'") == 0


async def test_of_a_file_with_others_it_is_said_before_that_the_file_stays_and_after_that_it_is_out_of_reach(
    admin: Telegram, settings: Settings
) -> None:
    built(settings, both=BOTH)
    (shown,) = await admin.says("/purge 篇2")
    assert "留著不動" in shown.text
    done = await confirmed(admin, shown)
    assert str(settings.bulletins_dir / "both.txt") in done.text.split("這裡刪不到的")[1]
    assert (settings.bulletins_dir / "both.txt").read_text(encoding="utf-8") == BOTH
    assert labels_in_service(settings) == ["篇1"]


async def test_what_changed_since_it_was_shown_is_shown_again_and_a_cancelled_one_stays(
    admin: Telegram, settings: Settings
) -> None:
    (shown,) = await admin.says("/purge 篇2")
    built(settings, first=FIRST, second=SECOND.replace("延長", "縮短"))
    notice, again = await pressed(admin, shown, SAID.confirm)
    assert notice == SAID.changed
    assert SAID.confirm in again.labels[0]
    _, kept = await pressed(admin, again, ZH_HANT.admin.cancel)
    assert kept.text == SAID.cancelled
    assert labels_in_service(settings) == ["篇1", "篇2"]


async def test_the_only_bulletin_is_not_offered_for_removal(admin: Telegram, settings: Settings) -> None:
    built(settings, first=FIRST)
    (shown,) = await admin.says("/purge 篇1")
    assert SAID.only_one in shown.text
    assert SAID.confirm not in [label for row in shown.labels for label in row]


async def test_a_build_of_another_process_is_told_and_nothing_is_changed(
    admin: Telegram, settings: Settings
) -> None:
    (shown,) = await admin.says("/purge 篇2")
    with only_builder(settings.index_dir, "rebuild"):
        busy = await confirmed(admin, shown)
    assert busy.text == SAID.busy
    assert labels_in_service(settings) == ["篇1", "篇2"]


async def test_a_fault_in_the_middle_is_told_without_its_inside_and_the_next_start_finishes(
    admin: Telegram, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = await admin.says("/purge 篇2")
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "remove_checkpoints", lambda _: 1 / 0)
        failed = await confirmed(admin, shown)
    assert "下次啟動時會接著做完" in failed.text
    assert "division" not in failed.text
    assert purging.finish_purge(settings, HashEncoder()) is not None
    assert labels_in_service(settings) == ["篇1"]


async def test_a_long_list_is_turned_page_by_page(admin: Telegram, settings: Settings) -> None:
    built(settings, **{f"file{number:02}": FIRST.replace("篇1", f"篇{number}") for number in range(1, 12)})
    (listed,) = await admin.says("/purge")
    assert len(listed.labels) == 10
    _, turned = await pressed(admin, listed, ZH_HANT.next_page)
    assert len(turned.labels) == 5
    _, back = await pressed(admin, turned, ZH_HANT.previous_page)
    assert back.labels == listed.labels


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_word_is_in_the_language_of_the_admin(admin: Telegram, language: str) -> None:
    admin.application.bot_data.conversations.save_language(7, language)
    texts = LANGUAGES[language].admin.purge
    (shown,) = await admin.says("/purge 篇2")
    assert texts.final in shown.text
    assert shown.labels[0] == [texts.confirm, LANGUAGES[language].admin.cancel]
    await pressed(admin, shown, texts.confirm)
    await asyncio.wait_for(admin.application.bot_data.rebuild.wait(), 30)
    done = admin.sees(shown)
    assert texts.nothing_older in done.text
    assert (language == "en") == (EN.admin.purge.nothing_older in done.text)
