"""`/follow` and `/following`: who may, what is answered, how it ends, and that `/forget` ends it too."""

from __future__ import annotations

import pytest

from bot.locales import LANGUAGES, ZH_HANT, Texts
from bot.state import users
from bot.subscriptions import commands, store
from bot.subscriptions.subscription import Subscription
from tests.bot.subscriptions.conftest import World
from tests.chatting import a_group
from tests.e2e.bot_api.delivery import Draft, post
from tests.e2e.bot_api.sent_message import SentMessage
from tests.e2e.bot_api.state import Chat

FOLLOWING = ZH_HANT.following


def _followed(world: World, chat: int = 7) -> list[Subscription]:
    return store.of_chat(world.chat.services.database, chat)


async def _presses(world: World, message: SentMessage, label: str) -> str:
    stored = world.chat.person.stored(message)
    question, _ = await world.chat.person.presses(stored, message.button(label))
    assert question.answer is not None
    return str(question.answer["text"])


@pytest.mark.parametrize("asked", ["", " ", " anytime", " ?!", " " + "長" * 61])
async def test_without_a_place_or_a_topic_the_command_says_how_it_is_used(world: World, asked: str) -> None:
    (reply,) = await world.chat.person.says(f"/follow{asked}")
    assert reply.text == FOLLOWING.usage
    assert _followed(world) == []


@pytest.mark.parametrize(
    ("typed", "words", "is_anytime"),
    [
        ("重慶", "重慶", False),
        ("重慶  志願者", "重慶 志願者", False),
        ("重慶 anytime", "重慶", True),
        ("重慶 隨時", "重慶", True),
        ("重慶 随时", "重慶", True),
    ],
)
async def test_the_reply_says_what_is_followed_and_when_the_chat_is_told(
    world: World, typed: str, words: str, is_anytime: bool
) -> None:
    (reply,) = await world.chat.person.says(f"/follow {typed}")
    when = FOLLOWING.anytime if is_anytime else FOLLOWING.by_day
    assert reply.text == f"{FOLLOWING.followed.format(words=words)}\n{when}"
    (subscription,) = _followed(world)
    assert (subscription.words, subscription.is_anytime) == (words, is_anytime)


async def test_what_is_followed_already_is_said_to_be_so_and_kept_once(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    (reply,) = await world.chat.person.says("/follow 重慶 anytime")
    assert reply.text == f"{FOLLOWING.known.format(words='重慶')}\n{FOLLOWING.anytime}"
    assert [each.is_anytime for each in _followed(world)] == [True]


async def test_words_that_match_everything_are_not_followed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.subscriptions.matches.MOST_MATCHES", 1)
    (reply,) = await world.chat.person.says("/follow 行動")
    assert reply.text == FOLLOWING.too_many
    assert _followed(world) == []


async def test_of_too_many_subscriptions_the_list_is_shown_instead_of_one_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_MOST_OF_A_CHAT", 1)
    await world.chat.person.says("/follow 重慶")
    (reply,) = await world.chat.person.says("/follow 上海")
    assert reply.text == FOLLOWING.list
    assert len(_followed(world)) == 1


async def test_the_list_ends_subscriptions_and_chooses_their_time(world: World) -> None:
    for words in ("重慶", "志願者"):
        await world.chat.person.says(f"/follow {words}")
    (shown,) = await world.chat.person.says("/following")
    assert shown.labels == [
        ["✕ 重慶", FOLLOWING.button_anytime],
        ["✕ 志願者", FOLLOWING.button_anytime],
    ]
    assert await _presses(world, shown, FOLLOWING.button_anytime) == FOLLOWING.anytime
    shown = world.chat.person.sees(shown)
    assert shown.labels[0] == ["✕ 重慶", FOLLOWING.button_by_day]
    for words in ("重慶", "志願者"):
        assert await _presses(world, shown, f"✕ {words}") == FOLLOWING.ended.format(words=words)
    assert world.chat.person.sees(shown).text == FOLLOWING.none
    assert _followed(world) == []


async def test_a_button_of_a_subscription_that_has_ended_says_so(world: World) -> None:
    (shown,) = await world.chat.person.says("/follow 重慶")
    store.end_all(world.chat.services.database, 7)
    assert await _presses(world, shown, "✕ 重慶") == FOLLOWING.gone


async def test_in_a_group_its_admins_follow_and_nobody_else(world: World) -> None:
    group, bot = a_group(), world.chat.application.bot.username
    group.members[7] = "member"
    (refused,) = await world.chat.person.says_in(group, f"/follow@{bot} 重慶")
    assert refused.text == FOLLOWING.admins_only
    group.members[7] = "administrator"
    (reply,) = await world.chat.person.says_in(group, f"/follow@{bot} 重慶")
    assert len(_followed(world, group.id)) == 1
    group.members[7] = "member"
    stored = group.messages[reply.message_id]
    question, _ = await world.chat.person.presses(stored, reply.button("✕ 重慶"))
    assert question.answer is not None
    assert question.answer["text"] == FOLLOWING.admins_only
    assert len(_followed(world, group.id)) == 1
    world.write(3, "重慶又新增了一段。")
    world.rebuild()
    await world.notifier.look()
    assert "重慶" in group.messages[max(group.messages)].text.text


async def test_in_a_forum_the_news_come_in_the_topic_and_in_the_chat_once_it_is_gone(world: World) -> None:
    group = Chat(-1002, title="論壇", is_forum=True, members={7: "creator"}, threads={5})
    world.chat.person.state.chats[group.id] = group
    draft = Draft(f"/follow@{world.chat.application.bot.username} 重慶", group.id, 5)
    post(world.chat.person.state, world.chat.person.user, draft)
    await world.chat.person.says("/following")
    threads = []
    for text in ("重慶新增了一段。", "重慶又新增了一段。"):
        world.write(3, text)
        world.rebuild()
        await world.notifier.look()
        threads.append(group.messages[group.last_message_id].thread_id)
        group.threads.clear()
    assert threads == [5, 0]
    assert len(_followed(world, group.id)) == 1
    world.chat.request.refused.clear()  # the try in the topic that is gone


async def test_to_forget_a_person_ends_what_they_follow_in_groups_too(world: World) -> None:
    group, bot = a_group(), world.chat.application.bot.username
    group.members[7] = "creator"
    await world.chat.person.says("/follow 重慶")
    await world.chat.person.says_in(group, f"/follow@{bot} 上海")
    users.forget_person(world.chat.services.database, 7)
    assert _followed(world) == _followed(world, group.id) == []


@pytest.mark.parametrize("texts", list(LANGUAGES.values()), ids=list(LANGUAGES))
def test_notices_fit_an_alert_and_the_menu_names_the_commands(texts: Texts) -> None:
    notices = (texts.following.admins_only, texts.following.by_day, texts.following.anytime)
    assert all(len(notice) <= 200 for notice in notices)
    assert {"follow", "following"} <= {name for name, _ in texts.commands}
