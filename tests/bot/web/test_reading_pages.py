from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.locales import ZH_HANT
from bot.serving.answerer import Answerer
from bot.web import bulletin_book, doors, endpoints
from retrieval.building.builder import build_generation, write_generation
from retrieval.storage.earlier_ids import EarlierId, EarlierIds
from retrieval.types import Passage, Recognition, Section
from tests.bot.web.conftest import MakeReader, Reader, answerer_of, make_passage
from tests.doubles import SMALL_PASSAGES, HashEncoder

JPEG = b"\xff\xd8\xff"
SENTENCE = "每月發佈10名月榜人物。"


@pytest.mark.parametrize(
    ("pattern", "example", "counterexample"),
    [*bulletin_book.PATTERN_EXAMPLES, *endpoints.PATTERN_EXAMPLES, *doors.PATTERN_EXAMPLES],
)
def test_each_pattern_matches_its_example_only(
    pattern: re.Pattern[str], example: str, counterexample: str
) -> None:
    assert pattern.fullmatch(example)
    assert not pattern.fullmatch(counterexample)


async def test_the_index_links_every_bulletin(reader: Reader) -> None:
    page = (await reader.get("/")).text
    for label in ("篇1", "篇2", "篇3"):
        assert f"工作簡報 {label}" in page
    links = re.findall(r'href="(/b/[^"]+)"', page)
    assert len(links) == 3
    for link in links:
        assert (await reader.get(link)).status_code == 200


async def test_every_passage_id_leads_to_a_page_with_its_anchor_and_its_text(reader: Reader) -> None:
    for passage in SMALL_PASSAGES:
        found = await reader.get(f"/p/{passage.passage_id}")
        assert found.status_code == 302
        address, _, anchor = found.headers["location"].partition("#")
        assert anchor == f"p_{passage.passage_id}"
        page = (await reader.get(address)).text
        assert page.count(f'id="{anchor}"') == 1
        assert html.escape(passage.text) in page


async def test_the_quoted_words_are_marked_and_carry_the_anchor(reader: Reader) -> None:
    text = SMALL_PASSAGES[0].text
    start = text.index(SENTENCE)
    found = await reader.get(f"/p/00000000000000a1?q={start}-{start + len(SENTENCE)}", follow_redirects=True)
    assert f'<mark id="p_00000000000000a1">{SENTENCE}</mark>' in found.text
    assert found.text.count('id="p_00000000000000a1"') == 1
    assert found.text.count("<mark") == 1


@pytest.mark.parametrize("span", ["5-5", "6-5", "0-1000", "x-y", "-1-5", "0-99999999", "", "1"])
async def test_a_span_that_is_none_of_the_passage_marks_nothing(reader: Reader, span: str) -> None:
    found = await reader.get("/p/00000000000000a1", params={"q": span}, follow_redirects=True)
    assert found.status_code == 200
    assert "<mark" not in found.text
    typed = await reader.get("/b/篇1", params={"p": "00000000000000a1", "q": span})
    assert "<mark" not in typed.text


async def test_the_quoted_words_of_a_converted_page_are_marked_too(reader: Reader) -> None:
    page = await reader.get("/p/00000000000000a1?q=0-10&script=hans", follow_redirects=True)
    assert re.search(r"<mark[^>]*>北京市评选身边好人", page.text)
    assert "由機器轉寫，不是原文" in page.text
    assert 'lang="zh-Hans"' in page.text


async def test_the_original_says_nothing_of_a_conversion_and_links_both_scripts(reader: Reader) -> None:
    page = (await reader.get("/b/篇1")).text
    assert "由機器轉寫" not in page
    assert "script=hans" in page
    assert "script=hant" in page


async def test_the_contents_link_places_and_sections_by_passages(reader: Reader) -> None:
    page = (await reader.get("/b/篇2")).text
    contents = page[page.index("<details") : page.index("</details>")]
    assert re.findall(r'href="#(p_\w+)">([^<]+)', contents) == [
        ("p_00000000000000b1", "上海"),
        ("p_00000000000000b2", "一、讀物"),
        ("p_00000000000000c1", "江蘇南京"),
    ]


async def test_bulletins_link_the_ones_before_and_after(reader: Reader) -> None:
    page = (await reader.get("/b/篇2")).text
    assert "‹ 上一篇：篇1" in page
    assert "下一篇：篇3 ›" in page
    assert "上一篇" not in (await reader.get("/b/篇1")).text


@pytest.mark.parametrize(
    "path",
    ["/b/篇9", "/b/篇1/1", "/b/篇1/0", "/b/..%2f..%2fetc%2fpasswd", "/c/00000000", "/p/zz", "/?page=9", "/?page=x",
     "/static/../site.py", "/static/..%2fsite.py", "/picture/00000000000000a1.jpg", "/nothing"],
)  # fmt: skip
async def test_what_is_not_there_is_a_page_that_says_so(reader: Reader, path: str) -> None:
    found = await reader.get(path)
    assert found.status_code == 404
    assert "沒有這一頁" in found.text


async def test_a_passage_that_is_gone_without_trace_is_said_to_be_gone(reader: Reader) -> None:
    found = await reader.get("/p/ffffffffffffffff")
    assert found.status_code == 404
    assert "這一段已經不在目前的簡報裡了" in found.text


async def test_the_interface_speaks_the_language_that_the_browser_asks_for(reader: Reader) -> None:
    english = await reader.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert '<html lang="en">' in english.text
    assert "Bulletins" in english.text
    simplified = await reader.get("/", headers={"Accept-Language": "zh-CN"})
    assert '<html lang="zh-Hans">' in simplified.text


async def test_hostile_text_is_shown_and_never_obeyed(reader_of: MakeReader) -> None:
    hostile = '<script>alert(1)</script> " onload="x" {{ 7*7 }} javascript:alert(1) &lt;b&gt; \x00\x1b[31m'
    passage = replace(
        make_passage("00000000000000e1", hostile + "\ud800", place="<img src=x>", bulletin="<b>篇"),
        section_path=(Section("一", "</h3><script>alert(2)</script>"),),
        bulletin_title="</title><script>alert(3)</script>",
    )
    answerer = answerer_of([passage])
    reader = reader_of(answerer)
    for page in (
        await reader.get("/"),
        await reader.get("/p/00000000000000e1?q=0-8", follow_redirects=True),
        await reader.post("/search", data={"words": hostile, "place": '"><script>', "bulletin": "<b>"}),
        await reader.post("/search", data={"words": "alert"}),
        await reader.post("/ask", data={"question": hostile}),
        await reader.get("/b/<script>alert(4)</script>"),
    ):
        assert "<script" not in page.text
        assert "<img src=x" not in page.text
        assert " onload=" not in page.text.replace("&#34; onload=", "")
        assert "49" not in page.text
    answerer.close()


def long_passages() -> list[Passage]:
    """Ten items of thirty paragraphs, 150,000 characters in all."""
    return [
        make_passage(
            f"{number:016x}",
            f"第{number}段。" + "志願者走進社區。" * 60,
            place=f"地方{number // 30}",
            section=f"{number}、節",
        )
        for number in range(1, 301)
    ]


async def test_a_long_bulletin_is_split_by_item_and_every_passage_stays_reachable(
    reader_of: MakeReader,
) -> None:
    passages = long_passages()
    answerer = answerer_of(passages)
    reader = reader_of(answerer)
    contents = (await reader.get("/b/篇1")).text
    assert "地方0" in contents
    assert "第1段" not in contents
    for passage in passages[::23]:
        found = await reader.get(f"/p/{passage.passage_id}")
        address, _, anchor = found.headers["location"].partition("#")
        page = (await reader.get(address)).text
        assert f'id="{anchor}"' in page
        assert passage.text in page
        assert len(page.encode()) < 300_000
        places = set(re.findall(r"<h2>(地方\d+)</h2>", page))
        assert places == {passage.place_name}
    last = found.headers["location"].partition("#")[0]
    assert "上一部分" in (await reader.get(last)).text
    answerer.close()


async def test_two_bulletins_of_one_label_have_an_address_each(reader_of: MakeReader) -> None:
    first = make_passage("00000000000000e1", "甲地開展活動。")
    second = replace(make_passage("00000000000000e2", "乙地開展活動。", place="上海"), file="另一份.txt")
    answerer = answerer_of([first, second])
    reader = reader_of(answerer)
    addresses = {(await reader.get(f"/p/{p.passage_id}")).headers["location"] for p in (first, second)}
    assert len({address.partition("#")[0] for address in addresses}) == 2
    for passage in (first, second):
        assert passage.text in (await reader.get(f"/p/{passage.passage_id}", follow_redirects=True)).text
    answerer.close()


async def test_a_thousand_bulletins_are_browsed_in_pages(reader_of: MakeReader) -> None:
    passages = [
        make_passage(f"{number:016x}", f"第{number}篇的內容。", bulletin=f"篇{number}")
        for number in range(1, 1001)
    ]
    answerer = answerer_of(passages)
    reader, seen, address = reader_of(answerer), set(), "/"
    while address:
        page = (await reader.get(address)).text
        assert len(page.encode()) < 300_000
        seen |= set(re.findall(r'href="(/b/[^"]+)"', page))
        following = re.search(r'href="([^"]+)">下一頁', page)
        address = html.unescape(following[1]) if following else ""
    assert len(seen) == 1000
    answerer.close()


async def test_collections_have_pages_of_their_own(reader_of: MakeReader) -> None:
    first = replace(make_passage("00000000000000e1", "一般簡報的內容。"), collection="default")
    second = replace(
        make_passage("00000000000000e2", "年報的內容。", bulletin="年報1"),
        collection="年報",
        file="年報/a.txt",
    )
    answerer = answerer_of([first, second])
    reader = reader_of(answerer)
    front = (await reader.get("/")).text
    assert "篇1" in front
    assert "年報1" not in front
    other = re.search(r'href="(/c/[0-9a-f]{8})">年報', front)
    assert other is not None
    page = (await reader.get(other[1])).text
    assert "年報1" in page
    assert "工作簡報 篇1" not in page
    asked = await reader.post("/search", data={"words": "內容", "collection": other[1].removeprefix("/c/")})
    assert "年報1" in asked.text
    assert "・篇1" not in asked.text
    answerer.close()


async def test_the_pages_swap_with_the_generation(reader_of: MakeReader) -> None:
    answerer = answerer_of(SMALL_PASSAGES)
    reader = reader_of(answerer)
    assert "篇3" in (await reader.get("/")).text
    other = answerer_of([make_passage("00000000000000e1", "新的一代。", bulletin="篇8")])
    answerer.serve(other.whole)
    page = (await reader.get("/")).text
    assert "篇8" in page
    assert "篇3" not in page
    other.close()
    answerer.close()


async def test_a_query_of_a_stranger_changes_no_other_page(reader: Reader, small: Answerer) -> None:
    marked = await reader.get("/b/篇1?p=00000000000000b1&q=0-3")
    assert "<mark" not in marked.text
    assert small.whole.position("00000000000000b1") is not None


async def test_an_earlier_id_of_the_same_text_leads_to_the_passage_and_its_quote(
    reader_of: MakeReader,
) -> None:
    answerer = answerer_of(SMALL_PASSAGES)
    answerer.whole.passages.earlier_ids = EarlierIds.of([EarlierId(0xE1, 0xA1, is_same_text=True)])
    found = await reader_of(answerer).get("/p/00000000000000e1?q=0-3", follow_redirects=True)
    assert '<mark id="p_00000000000000a1">北京市</mark>' in found.text
    assert ZH_HANT.web.changed not in found.text
    answerer.close()


async def test_an_earlier_id_of_a_changed_text_leads_to_what_stands_there_now_and_says_so(
    reader_of: MakeReader,
) -> None:
    answerer = answerer_of(SMALL_PASSAGES)
    answerer.whole.passages.earlier_ids = EarlierIds.of([EarlierId(0xE2, 0xA1, is_same_text=False)])
    reader = reader_of(answerer)
    found = await reader.get("/p/00000000000000e2?q=0-3")
    assert found.headers["location"].endswith("#p_00000000000000a1")
    page = (await reader.get(found.headers["location"])).text
    assert ZH_HANT.web.changed in page
    assert "<mark" not in page
    answerer.close()


async def test_a_scan_stands_beside_its_recognised_text(reader_of: MakeReader, tmp_path: Path) -> None:
    encoder = HashEncoder()
    scanned = replace(SMALL_PASSAGES[0], recognized=Recognition(0.968, "0f" * 20, ()))
    parts = build_generation((scanned, *SMALL_PASSAGES[1:]), encoder)
    index = write_generation(
        parts, encoder, tmp_path, {}, picture_of=lambda passage: JPEG if passage.recognized else None
    )
    answerer = Answerer(index, encoder)
    reader = reader_of(answerer)
    page = (await reader.get("/b/篇1")).text
    assert page.count("<img") == 1
    assert "掃描識別 97%" in page
    picture = await reader.get("/picture/00000000000000a1.jpg")
    assert (picture.headers["content-type"], picture.content) == ("image/jpeg", JPEG)
    assert (await reader.get("/picture/00000000000000a2.jpg")).status_code == 404
    answerer.close()


async def test_addresses_below_a_path_keep_it(reader_of: MakeReader, small: Answerer) -> None:
    reader = reader_of(small, web_url="https://bulletins.example/read/")
    page = (await reader.get("/b/篇1")).text
    local = list(re.findall(r'(?:href|src|action)="([^"#]+)', page))
    assert local
    assert all(address.startswith("/read/") for address in local)
    assert (await reader.get("/p/00000000000000a1")).headers["location"].startswith("/read/b/")


async def test_no_name_in_a_file_makes_a_page_too_large(reader_of: MakeReader) -> None:
    endless = "&名" * 300
    passages = [
        replace(
            make_passage(f"{number:016x}", "短。", place=f"{number}{endless}", bulletin=f"{number}{endless}"),
            section_path=(Section("一", endless),),
            date="2023-05",
            issue=endless,
        )
        for number in range(1, 121)
    ]
    answerer = answerer_of(passages)
    reader = reader_of(answerer)
    for path in ("/", "/p/0000000000000001", "/search"):
        assert len((await reader.get(path, follow_redirects=True)).content) < 300_000
    answerer.close()
