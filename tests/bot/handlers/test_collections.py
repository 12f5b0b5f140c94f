"""Chats tied to collections: what is answered, listed and opened there, and who may choose."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.locales import LANGUAGES, ZH_HANT
from bot.serving.answerer import Answerer
from bot.settings import load_settings
from retrieval.building.builder import build_generation
from retrieval.types import DEFAULT_COLLECTION, Encoder
from tests.chatting import Chat, a_group, new_chat
from tests.doubles import loaded, make_passage

SHARED = "志願者每月到社區服務老人,教他們使用手機。"
PASSAGES = (
    replace(make_passage("00000000000000a1", SHARED, bulletin="篇1"), collection=DEFAULT_COLLECTION),
    replace(
        make_passage("00000000000000a2", "北京每年評選好人10名。", bulletin="篇1"),
        collection=DEFAULT_COLLECTION,
    ),
    replace(
        make_passage("00000000000000b1", SHARED + "上海也是。", place="上海", bulletin="第1期"),
        collection="市政簡報",
    ),
    replace(
        make_passage("00000000000000c1", SHARED + "南京也是。", place="江蘇南京", bulletin="甲"),
        collection="旬報",
    ),
)
FILES = {DEFAULT_COLLECTION: "a.txt", "市政簡報": "市政/b.txt", "旬報": "旬/c.txt"}


@pytest.fixture(scope="module")
def several(encoder: Encoder) -> Iterator[Answerer]:
    """An answerer of three collections that say much the same."""
    passages = [replace(passage, file=FILES[str(passage.collection)]) for passage in PASSAGES]
    answerer = Answerer(loaded(build_generation(passages, encoder), encoder), encoder)
    yield answerer
    answerer.close()


@pytest.fixture
async def chat(several: Answerer, tmp_path: Path) -> AsyncIterator[Chat]:
    (tmp_path / "旬").mkdir()
    (tmp_path / "旬" / "collection.toml").write_text(
        'name = "旬報"\ndescription = "十天一期"', encoding="utf-8"
    )
    made = new_chat(several, settings=load_settings(bulletins_dir=tmp_path))
    async with made.application:
        yield made
    assert made.request.refused == []


async def _said(chat: Chat, text: str) -> str:
    return "\n".join(message.text for message in await chat.person.says(text))


async def test_a_chat_that_chose_nothing_is_answered_from_the_default_collection(chat: Chat) -> None:
    answer = await _said(chat, "志願者教老人使用什麼?")
    assert "一般簡報・北京・篇1" in answer
    assert "市政簡報" not in answer
    assert "旬報" not in answer


async def test_a_chat_tied_to_one_is_answered_listed_and_searched_from_it_alone(chat: Chat) -> None:
    assert "✓ 旬報　十天一期" in await _said(chat, "/collection 旬报")
    for asked in ("志願者教老人使用什麼?", "/search 志願者", "/bulletins", "/places", "/about", "/start"):
        said = await _said(chat, asked)
        assert "北京" not in said.replace("北京榜樣", ""), asked
        assert "上海" not in said, asked
    assert "旬報・江蘇南京・甲" in await _said(chat, "志願者教老人使用什麼?")
    assert "「北京」" in await _said(chat, "北京的好人評選多少名?")


async def test_buttons_choose_one_alone_or_several_together(chat: Chat) -> None:
    (choice,) = await chat.person.says("/collection")
    assert choice.labels == [["✓ 一般簡報"], ["市政簡報", "＋ 加上"], ["旬報", "＋ 加上"], ["🏠 首頁"]]
    await chat.person.presses(chat.person.stored(choice), choice.button("市政簡報"))
    choice = chat.person.sees(choice)
    assert choice.labels == [["一般簡報", "＋ 加上"], ["✓ 市政簡報"], ["旬報", "＋ 加上"], ["🏠 首頁"]]
    add_third = next(row for row in choice.buttons if row[0].label == "旬報")[1]
    await chat.person.presses(chat.person.stored(choice), add_third)
    assert chat.services.conversations.collections_of(7) == ("市政簡報", "旬報")
    said = await _said(chat, "/search 志願者")
    assert "上海" in said
    assert "南京" in said
    assert "北京" not in said
    choice = chat.person.sees(choice)
    remove_third = next(row for row in choice.buttons if row[0].label == "✓ 旬報")[1]
    await chat.person.presses(chat.person.stored(choice), remove_third)
    assert chat.services.conversations.collections_of(7) == ("市政簡報",)


async def test_a_link_opens_its_paragraph_in_whichever_collection_it_is(chat: Chat) -> None:
    (paragraph,) = await chat.person.says("/start p_00000000000000b1")
    assert paragraph.text.startswith("市政簡報・上海・第1期")
    _, sent = await chat.person.presses(chat.person.stored(paragraph), paragraph.button("本地其他簡報"))
    assert "第1期" in chat.person.sees(paragraph).text + "".join(message.text for message in sent)


async def test_an_unknown_name_is_told_the_names(chat: Chat) -> None:
    said = await _said(chat, "/collection 年報")
    assert "年報" in said
    assert all(name in said for name in ("一般簡報", "市政簡報", "旬報"))
    assert chat.services.conversations.collections_of(7) == ()


async def test_a_choice_is_forgotten_with_the_person(chat: Chat) -> None:
    await chat.person.says("/collection 旬報、市政簡報")
    assert chat.services.conversations.collections_of(7) == ("市政簡報", "旬報")
    (asked,) = await chat.person.says("/forget")
    await chat.person.presses(chat.person.stored(asked), asked.button(ZH_HANT.about.forget_yes))
    assert chat.services.conversations.collections_of(7) == ()


async def test_a_collection_that_is_gone_gives_way_to_the_default_one(chat: Chat) -> None:
    chat.services.conversations.save_collections(7, ("年報",))
    assert "一般簡報・北京・篇1" in await _said(chat, "志願者教老人使用什麼?")


async def test_inline_queries_offer_from_the_collections_of_the_persons_own_chat(chat: Chat) -> None:
    await chat.person.says("/collection 旬報")
    question = await chat.person.inline("志願者")
    assert question.answer is not None
    assert "南京" in str(question.answer)
    assert "上海" not in str(question.answer)


async def test_in_a_group_its_admins_choose_and_nobody_else(chat: Chat) -> None:
    group, bot = a_group(), chat.application.bot.username
    group.members[7] = "member"
    (refused,) = await chat.person.says_in(group, f"/collection@{bot} 旬報")
    assert "只有群組的管理員" in refused.text
    assert refused.labels == [["🏠 首頁"]]
    assert chat.services.conversations.collections_of(group.id) == ()
    group.members[7] = "administrator"
    (choice,) = await chat.person.says_in(group, f"/collection@{bot} 旬報")
    assert chat.services.conversations.collections_of(group.id) == ("旬報",)
    (answer,) = await chat.person.says_in(group, f"@{bot} 志願者教老人使用什麼?")
    assert "旬報・江蘇南京" in answer.text
    group.members[7] = "member"
    shown = group.messages[choice.message_id]
    pressed, _ = await chat.person.presses(shown, choice.button("市政簡報"))
    assert "只有群組的管理員" in str(pressed.answer)
    assert chat.services.conversations.collections_of(group.id) == ("旬報",)
    assert chat.services.conversations.collections_of(7) == ()


async def test_another_index_is_asked_in_the_collections_that_a_chat_is_tied_to(
    several: Answerer, encoder: Encoder
) -> None:
    before = several.whole
    made = new_chat(several)
    async with made.application:
        await made.person.says("/collection 旬報、市政簡報")
        passages = [replace(passage, file=FILES[str(passage.collection)]) for passage in PASSAGES[1:]]
        several.serve(loaded(build_generation(passages, encoder), encoder, "second"))
        said = "\n".join(message.text for message in await made.person.says("/search 志願者"))
        several.serve(before)
    assert "上海" in said
    assert "南京" in said
    assert "北京" not in said


async def test_with_one_collection_there_is_nothing_to_choose(answerer: Answerer) -> None:
    made = new_chat(answerer)
    async with made.application:
        (said,) = await made.person.says("/collection 旬報")
    assert said.text == LANGUAGES["zh-hant"].one_collection


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_command_is_in_the_menu_and_in_the_help_of_every_language(language: str) -> None:
    texts = LANGUAGES[language]
    assert "collection" in dict(texts.commands)
    assert "/collection" in texts.help
    assert len(texts.collection_admins_only) <= 200
