"""News: one message for what a rebuild adds or changes, once, by day, and none for what is no news."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.locales import ZH_HANT
from bot.subscriptions import Notifier, store
from bot.subscriptions.notifier import is_quiet
from tests.bot.subscriptions.conftest import HOUR, NOON, World
from tests.chatting import new_chat
from tests.doubles import HashEncoder
from tests.e2e.bot_api.sent_message import SentMessage

NEW = "重慶組建了志願者隊伍,共有300名志願者。"


def _counted(message: SentMessage) -> int:
    (count,) = [int(word) for word in message.text.split("\n")[0].split() if word.isdecimal()]
    return count


@pytest.mark.parametrize("words", ["重慶", "重庆", "志願者", "志愿者 300名", "重慶 志願者"])
async def test_a_rebuild_that_adds_a_passage_is_told_in_one_message_with_a_link_once(
    world: World, words: str
) -> None:
    await world.chat.person.says(f"/follow {words}")
    world.write(3, NEW)
    world.rebuild()
    (told,) = await world.looks()
    assert _counted(told) == 1
    assert words in told.text
    ((label, url),) = told.links
    assert "重慶" in label
    (opened,) = await world.chat.person.says(f"/start {url.partition('start=')[2]}")
    assert NEW in opened.text
    assert await world.looks() == []


async def test_a_changed_passage_is_told_and_those_of_other_places_are_not(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(1, "上海新增了一段。")
    world.rebuild()
    assert await world.looks() == []
    world.write(3, NEW)
    world.rebuild()
    assert len(await world.looks()) == 1
    world.write(3, NEW.replace("300", "400"))
    world.rebuild()
    (told,) = await world.looks()
    assert _counted(told) == 1


async def test_a_place_that_no_bulletin_is_about_yet_can_be_followed(world: World) -> None:
    await world.chat.person.says("/follow 杭州")
    path = world.settings.bulletins_dir / "4.txt"
    path.write_text("精神文明建設工作簡報 篇4\n\n浙江杭州開展市民修身行動。\n", encoding="utf-8")
    world.rebuild()
    assert len(await world.looks()) == 1


async def test_more_than_five_passages_are_five_links_and_a_count_and_several_subscriptions_one_message(
    world: World,
) -> None:
    for words in ("重慶", "志願者"):
        await world.chat.person.says(f"/follow {words}")
    world.write(3, *(f"{NEW}第{number}隊。" for number in range(8)))
    world.rebuild()
    (told,) = await world.looks()
    assert _counted(told) == 8
    assert len(told.links) == 5
    assert ZH_HANT.following.more.format(count=3) in told.text


async def test_several_rebuilds_while_the_bot_was_down_are_one_message_also_when_their_generations_are_gone(
    world: World, tmp_path: Path
) -> None:
    await world.chat.person.says("/follow 重慶")
    for count in range(1, 6):
        world.write(3, *(f"{NEW}第{number}隊。" for number in range(count)))
        world.rebuild()
    (told,) = await world.looks()
    assert _counted(told) == 5


async def test_what_was_told_before_a_restart_is_not_told_after_it(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(3, NEW)
    world.rebuild()
    assert len(await world.looks()) == 1
    again = new_chat(world.chat.answerer, settings=world.settings)
    async with again.application:
        again.services.database.now = lambda: NOON
        await Notifier(again.application).look()
    assert again.person.shown() == []


async def test_a_message_whose_process_dies_while_it_is_sent_is_not_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(3, NEW)
    world.rebuild()

    async def dies(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Notifier, "_call", dies)
        with pytest.raises(KeyboardInterrupt):
            await world.notifier.look()
    assert await world.looks() == []


@pytest.mark.parametrize(
    ("error", "comes_later"),
    [
        (RetryAfter(0), True),
        (NetworkError("ClientConnectorError"), True),
        (NetworkError("Bad Gateway"), True),
        (NetworkError("ServerDisconnectedError"), False),
        (TimedOut(), False),
    ],
)
async def test_what_telegram_certainly_did_not_take_comes_later_and_what_it_may_have_taken_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch, error: NetworkError, comes_later: bool
) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(3, NEW)
    world.rebuild()

    async def fails(*_: object, **__: object) -> int:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Notifier, "_call", fails)
        assert await world.looks() == []
    monkeypatch.setattr(world.notifier, "_not_before", 0.0)
    assert len(await world.looks()) == comes_later


async def test_telegrams_wish_to_wait_is_granted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(3, NEW)
    world.rebuild()

    async def fails(*_: object, **__: object) -> int:
        raise RetryAfter(60)

    with monkeypatch.context() as patched:
        patched.setattr(Notifier, "_call", fails)
        await world.looks()
    assert await world.looks() == []


async def test_a_person_who_blocked_the_bot_is_no_subscriber_any_more(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    world.chat.person.chat.blocked = True
    world.write(3, NEW)
    world.rebuild()
    assert await world.looks() == []
    assert store.of_chat(world.chat.services.database, 7) == []
    assert len(world.chat.request.refused) == 1
    world.chat.request.refused.clear()


async def test_a_full_rebuild_and_one_with_another_encoder_tell_nothing(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(3, NEW)
    world.rebuild(full=True)
    assert await world.looks() == []
    world.write(3, NEW, "重慶又新增了一段。")
    world.rebuild(HashEncoder("test/another"))
    assert await world.looks() == []


async def test_what_came_before_a_full_rebuild_is_told_after_it(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(3, NEW)
    world.rebuild()
    world.rebuild(full=True)
    (told,) = await world.looks()
    assert _counted(told) == 1


async def test_a_first_build_tells_nothing(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    for path in sorted(world.settings.index_dir.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    world.write(3, NEW)
    world.rebuild()
    assert await world.looks() == []


async def test_a_rollback_tells_nothing_nor_does_what_comes_back_after_it(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(3, NEW)
    world.rebuild()
    assert len(await world.looks()) == 1
    world.roll_back()
    assert await world.looks() == []
    world.write(3, NEW, "重慶又新增了一段。")
    world.rebuild()
    (told,) = await world.looks()
    assert _counted(told) == 1


async def test_at_night_nothing_is_told_but_to_those_who_asked_for_it_and_by_day_all_in_one_message(
    world: World,
) -> None:
    await world.chat.person.says("/follow 重慶")
    world.now = NOON + 11 * HOUR
    for count in (1, 2):
        world.write(3, *(f"{NEW}第{number}隊。" for number in range(count)))
        world.rebuild()
        assert await world.looks() == []
    await world.chat.person.says("/follow 上海 anytime")
    world.write(1, "上海新增了一段。")
    world.rebuild()
    (told,) = await world.looks()
    assert "上海" in told.text
    assert "重慶" not in told.text
    world.now = NOON + 20 * HOUR
    (told,) = await world.looks()
    assert _counted(told) == 2


async def test_a_subscription_is_of_the_collection_of_its_chat(world: World) -> None:
    other = world.settings.bulletins_dir / "others"
    other.mkdir()
    (other / "collection.toml").write_text('name = "旬報"', encoding="utf-8")
    (other / "9.txt").write_text("工作簡報 篇9\n\n重慶開展另一個行動。\n", encoding="utf-8")
    world.rebuild()
    await world.chat.person.says("/follow 重慶")
    (other / "9.txt").write_text("工作簡報 篇9\n\n重慶開展第三個行動。\n", encoding="utf-8")
    world.rebuild()
    assert await world.looks() == []
    await world.chat.person.says("/collection 旬報")
    await world.chat.person.says("/follow 重慶")
    (other / "9.txt").write_text("工作簡報 篇9\n\n重慶開展第四個行動。\n", encoding="utf-8")
    world.rebuild()
    assert len(await world.looks()) == 1


async def test_a_chat_that_is_no_longer_served_is_told_nothing(world: World) -> None:
    await world.chat.person.says("/follow 重慶")
    world.write(3, NEW)
    world.rebuild()
    settings = world.settings.model_copy(update={"allowed_chats": frozenset({8})})
    other = new_chat(world.chat.answerer, settings=settings)
    async with other.application:
        other.services.database.now = lambda: NOON
        await Notifier(other.application).look()
    assert other.person.shown() == []


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_it_is_quiet_from_22_to_8_oclock(moment: datetime) -> None:
    seconds = moment.replace(tzinfo=UTC).timestamp()
    assert is_quiet(seconds, "UTC") == (moment.hour >= 22 or moment.hour < 8)
    assert is_quiet(seconds, "Asia/Shanghai") == ((moment.hour + 8) % 24 >= 22 or (moment.hour + 8) % 24 < 8)
