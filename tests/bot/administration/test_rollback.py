"""`/rollback` in the chat: it shows the difference and asks; only the generation shown is gone back to."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.locales import EN, LANGUAGES, ZH_HANT
from bot.operations.rebuilding import build
from bot.serving.answerer import Answerer
from bot.settings import Settings
from retrieval.index import generations
from retrieval.storage.lock import only_builder
from tests.admins import pressed, talking
from tests.doubles import HashEncoder
from tests.e2e.bot_api.in_process import Telegram

SAID = ZH_HANT.admin.rollback
FIRST = "工作簡報\n篇1\n上海\n一、市民修身\n上海開展市民修身行動,發放手冊五萬冊。\n"
SECOND = "工作簡報\n篇2\n江蘇南京\n一、圖書館\n南京的圖書館延長開放時間。\n"


def built(settings: Settings, **files: str) -> str:
    """The name of a generation of these files alone."""
    for path in settings.bulletins_dir.iterdir():
        path.unlink()
    for name, text in files.items():
        (settings.bulletins_dir / f"{name}.txt").write_text(text, encoding="utf-8")
    return build(settings, encoder=HashEncoder(), force=True).generation


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "bulletins").mkdir()
    return Settings(
        bulletins_dir=tmp_path / "bulletins",
        index_dir=tmp_path / "index",
        development_questions=tmp_path / "none",
    )


async def test_what_goes_and_what_comes_back_is_shown_before_it_is_done(
    admin: Telegram, settings: Settings
) -> None:
    then = built(settings, first=FIRST)
    now = built(settings, second=SECOND)
    (asked,) = await admin.says("/rollback")
    assert asked.text.index(now) < asked.text.index(then)
    assert "會消失的簡報（1）\n• 篇2" in asked.text
    assert "會回來的簡報（1）\n• 篇1" in asked.text
    assert "段落：少 1，多 1" in asked.text
    assert generations.current_folder(settings.index_dir).name == now
    _, done = await pressed(admin, asked, SAID.confirm)
    assert done.text.endswith(then)
    assert generations.current_folder(settings.index_dir).name == then
    (nothing,) = await admin.says("/rollback")
    assert (nothing.text, nothing.buttons) == (SAID.nothing_older, ())


async def test_what_is_not_confirmed_stays_and_another_generation_meanwhile_is_shown_first(
    admin: Telegram, settings: Settings
) -> None:
    built(settings, first=FIRST)
    built(settings, first=FIRST.replace("五萬", "六萬"))
    (asked,) = await admin.says("/rollback")
    assert SAID.same.format(lost=1, back=1) in asked.text
    newest = built(settings, first=FIRST, second=SECOND)
    notice, again = await pressed(admin, asked, SAID.confirm)
    assert notice == SAID.changed
    assert newest in again.text
    assert generations.current_folder(settings.index_dir).name == newest
    _, kept = await pressed(admin, again, ZH_HANT.admin.cancel)
    assert kept.text == SAID.cancelled


async def test_while_the_index_is_rebuilt_it_waits(admin: Telegram, settings: Settings) -> None:
    built(settings, first=FIRST)
    built(settings, second=SECOND)
    (asked,) = await admin.says("/rollback")
    with only_builder(settings.index_dir, "rebuild"):
        _, busy = await pressed(admin, asked, SAID.confirm)
    assert busy.text == SAID.busy


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_word_is_in_the_language_of_the_admin(
    answerer: Answerer, settings: Settings, language: str
) -> None:
    built(settings, first=FIRST)
    texts = LANGUAGES[language].admin.rollback
    async with talking(settings, answerer, admin=7) as admin:
        admin.application.bot_data.conversations.save_language(7, language)
        (nothing,) = await admin.says("/rollback")
        built(settings, second=SECOND)
        (asked,) = await admin.says("/rollback")
    assert nothing.text == texts.nothing_older
    assert asked.labels[0][0] == texts.confirm
    assert texts.lost.format(count=1) in asked.html
    assert (language == "en") == ("Bulletins that go" in asked.text)
    assert EN.admin.rollback.confirm
