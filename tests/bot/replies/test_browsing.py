from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.locales import ZH_HANT
from bot.replies.browsing import (
    bulletin_reply,
    bulletins_reply,
    item_reply,
    place_reply,
    province_reply,
    provinces_reply,
)
from bot.replies.markup import Reply
from bot.serving.catalogs import Catalog
from retrieval.types import Passage, Place
from tests.chatting import link, utf16_length
from tests.doubles import SMALL_PASSAGES, make_passage
from tests.e2e.bot_api.formatting import parse_html


def _labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.rows]


def _many(count: int) -> Sequence[Passage]:
    return [
        Passage(f"{number:016x}", "a.txt", 1, "", f"篇{number}", "", Place(f"第{number}縣"), (), "", "導語。")
        for number in range(count)
    ]


def test_provinces_come_as_buttons_and_places_as_links() -> None:
    reply = provinces_reply(Catalog(SMALL_PASSAGES), ZH_HANT, link)
    assert "• 江蘇南京" in parse_html(reply.messages[0])[0]
    assert _labels(reply) == [["北京", "上海", "江蘇南京"], [ZH_HANT.home]]


@pytest.mark.parametrize("count", [1, 24, 25, 400])
def test_long_lists_are_turned_page_by_page_until_everything_was_seen(count: int) -> None:
    catalog = Catalog(_many(count))
    pages: list[Callable[[int], Reply]] = [
        lambda page: provinces_reply(catalog, ZH_HANT, link, page),
        lambda page: bulletins_reply(catalog, ZH_HANT, page),
    ]
    for listed in pages:
        seen: dict[str, None] = {}
        for page in range(count):
            reply = listed(page)
            assert utf16_length(parse_html(reply.messages[0])[0]) <= 4096
            assert sum(map(len, reply.rows)) <= 30
            seen.update((button.data, None) for row in reply.rows for button in row if button.data[1] == ":")
            if ZH_HANT.next_page not in [button.label for row in reply.rows for button in row]:
                break
        assert len(seen) == count


def test_a_place_with_one_item_opens_it_and_says_that_it_is_the_only_one() -> None:
    (province,) = Catalog(SMALL_PASSAGES[:2]).provinces
    reply = province_reply(province, ZH_HANT)
    assert "關於北京\uff0c目前只收錄了這一篇" in reply.messages[0]
    assert _labels(reply)[:2] == [["二、每月評選"], ["三、志願服務"]]


def test_a_place_with_several_bulletins_lists_them() -> None:
    passages = [
        make_passage("00000000000000a1", "甲。", bulletin="篇1"),
        make_passage("00000000000000a2", "乙。", bulletin="篇2"),
    ]
    reply = place_reply(Catalog(passages).places[0], ZH_HANT)
    assert _labels(reply)[0] == ["篇1", "篇2"]


def test_a_place_leads_to_the_others_of_its_province() -> None:
    inside = [
        Passage("0" * 16, "a.txt", 1, "", "篇1", "", Place("江蘇", "江蘇省"), (), "", "甲。"),
        Passage("1" * 16, "a.txt", 1, "", "篇1", "", Place("江蘇南京", "江蘇省"), (), "", "乙。"),
    ]
    (province,) = Catalog(inside).provinces
    assert _labels(province_reply(province, ZH_HANT))[0] == ["江蘇", "江蘇南京"]
    reply = place_reply(province.places[0], ZH_HANT, 0, province)
    assert ["江蘇省 2"] in _labels(reply)


def test_an_item_shows_its_lead_and_a_button_a_section() -> None:
    item = Catalog(SMALL_PASSAGES).bulletins[1].items[0]
    reply = item_reply(item, ZH_HANT)
    assert "上海開展市民修身行動。" in reply.messages[0]
    assert _labels(reply)[:2] == [["導語"], ["一、讀物"]]


def test_a_bulletin_lists_its_places() -> None:
    catalog = Catalog(SMALL_PASSAGES)
    reply = bulletin_reply(catalog.bulletins[1], ZH_HANT)
    assert _labels(reply)[0] == ["上海", "江蘇南京"]
    assert "• 篇2\u3000上海、江蘇南京" in bulletins_reply(catalog, ZH_HANT).messages[0]
