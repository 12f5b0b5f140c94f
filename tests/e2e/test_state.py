"""State that outlives the process, and the commands of admins on it: the real bot, killed and started again."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from bot.locales import ZH_HANT
from bot.state.schema import APPLICATION_ID
from retrieval.index.generations import current_folder
from tests.conftest import BULLETINS
from tests.e2e.bot_api import Emulator
from tests.e2e.conftest import StartBot
from tests.e2e.test_rebuild import waits_until

FIRST_REPLY_SECONDS = 90.0  # the process starts and loads its model first
SAID = ZH_HANT.admin
NEW = "工作簡報 篇9\n\n【深圳】\n\n深圳市文明辦設立88個志願服務站,方便市民就近參加。\n"


def test_a_bot_that_is_killed_remembers_the_question_the_answer_and_the_language(
    telegram: Emulator, start_bot: StartBot
) -> None:
    first = start_bot()
    person = telegram.person(7)
    person.says("/lang")
    languages = person.waits_for_message(timeout=FIRST_REPLY_SECONDS)
    person.presses(languages, "English")
    person.says("重慶有多少志願者?")
    answer = person.waits_for_message()
    person.says("/help")  # handled once the question is done with
    person.waits_for_message()
    first.kill_if_running()

    second = start_bot()
    person.says("那江蘇呢?")
    # The help may come again: whether it had arrived, the bot that was killed just then could not tell.
    follow_up = person.waits_for_message(timeout=FIRST_REPLY_SECONDS, containing="Read as")
    assert follow_up.text.startswith("Read as: 江蘇・多少志願者")
    person.replies(answer, "那江蘇呢?")
    assert "江蘇" in person.waits_for_message().text.splitlines()[0]
    assert person.presses(answer, "👍").text
    assert telegram.refused == []
    assert second.terminate() == 0


def test_an_admin_adds_a_bulletin_by_sending_it_and_rebuilds_from_the_chat(
    telegram: Emulator, start_bot: StartBot, seed_index: Path, tmp_path: Path
) -> None:
    index, bulletins = tmp_path / "index", tmp_path / "bulletins"
    shutil.copytree(seed_index, index)
    shutil.copytree(BULLETINS, bulletins)
    bot = start_bot(ADMIN_IDS="7", INDEX_DIR=str(index), BULLETINS_DIR=str(bulletins))
    admin, stranger = telegram.person(7), telegram.person(8)
    admin.sends_file("huge.pdf", b"x", size=21 * 1024 * 1024)
    assert "20 MB" in admin.waits_for_message(timeout=FIRST_REPLY_SECONDS).text
    stranger.sends_file("new.txt", NEW.encode())
    assert "文字" in stranger.waits_for_message().text
    admin.sends_file("new.txt", NEW.encode())
    preview = admin.waits_for_message()
    assert "讀到 1 篇簡報、1 個地方、1 段" in preview.text
    admin.presses(preview, SAID.add)
    placed = admin.waits_for_edit(preview)
    assert (bulletins / "new.txt").read_text(encoding="utf-8") == NEW

    admin.presses(placed, SAID.rebuild_now)
    progress = admin.waits_for_message()
    done = admin.waits_for_edit(progress, timeout=FIRST_REPLY_SECONDS, containing="70 段")
    assert current_folder(index).name in done.text
    assert "+1 ~0 -0" in done.text
    waits_until(bot, lambda output: f"The generation {current_folder(index).name} is in service" in output)
    stranger.says("深圳設立了多少個志願服務站?")
    assert "設立88個志願服務站" in stranger.waits_for_message().text
    admin.says("/rollback")
    asked = admin.waits_for_message(containing="會消失的簡報（1）")
    admin.presses(asked, SAID.rollback.confirm)
    assert current_folder(seed_index).name in admin.waits_for_edit(asked).text
    admin.says("/rollback")
    assert admin.waits_for_message().text == SAID.rollback.nothing_older
    assert telegram.refused == []
    assert bot.terminate() == 0


def test_a_state_of_a_newer_program_is_one_sentence(start_bot: StartBot, tmp_path: Path) -> None:
    path = tmp_path / "newer.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 99")
    bot = start_bot(STATE_DB=str(path))
    assert bot.wait() == 1
    last = bot.output.strip().splitlines()[-1]
    assert "has schema 99" in last
    assert "Traceback" not in bot.output
