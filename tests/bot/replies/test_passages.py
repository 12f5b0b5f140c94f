from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.locales import ZH_HANS, ZH_HANT
from bot.replies.markup import citation_path
from bot.replies.passages import (
    converted_answer_reply,
    converted_passage_reply,
    gone_reply,
    passage_reply,
    section_reply,
)
from bot.serving.catalogs import Catalog, CatalogPosition
from retrieval.types import Hit, Passage, Section
from tests.chatting import a_passage, link, utf16_length
from tests.doubles import SMALL_PASSAGES
from tests.e2e.bot_api.formatting import parse_html


def _spot(passage: Passage, *others: Passage) -> CatalogPosition:
    spot = Catalog([passage, *others]).locate(passage.passage_id)
    assert spot is not None
    return spot


def _labels(rows: tuple[tuple[object, ...], ...]) -> list[list[str]]:
    return [[getattr(button, "label") for button in row] for row in rows]  # noqa: B009


def test_a_paragraph_is_shown_whole_under_its_path_with_the_quote_underlined() -> None:
    reply = passage_reply(_spot(a_passage()), ZH_HANT, (4, 7))
    assert reply.messages == ("<b>北京・篇3・二、把好“三關”</b>\n\n每月發佈<u>10名</u>月榜人物。",)


def test_the_buttons_lead_only_where_there_is_something() -> None:
    spot = Catalog(SMALL_PASSAGES).locate("00000000000000a1")
    assert spot is not None
    reply = passage_reply(spot, ZH_HANT)
    assert _labels(reply.rows) == [
        ["下一段 ›"],
        ["全節", "本篇目錄", "複製引文"],
        ["本地其他簡報", "🧺 收進籃子"],
    ]
    assert reply.rows[0][0].data == "p:00000000000000a2:0"


def test_a_paragraph_about_no_place_leads_to_its_bulletin() -> None:
    spot = Catalog(SMALL_PASSAGES).locate("00000000000000d1")
    assert spot is not None
    assert _labels(passage_reply(spot, ZH_HANT).rows)[-1] == [
        ZH_HANT.browse_bulletins,
        ZH_HANT.basket.collect,
    ]


def test_a_lead_paragraph_is_cited_as_one() -> None:
    lead = Passage("0" * 16, "a.txt", 1, "", "篇3", "", None, (), "", "導語。")
    assert citation_path(lead, ZH_HANT) == "篇3・導語"


@given(
    text=st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20_000
    ),
    start=st.integers(0, 20_000),
)
def test_a_paragraph_of_any_length_is_shown_whole_page_by_page(text: str, start: int) -> None:
    spot = _spot(a_passage(text))
    quoted = min(start, len(text) - 1)
    opened = passage_reply(spot, ZH_HANT, (quoted, quoted + 1)).messages[0]
    assert "<u>" in opened
    pages = [passage_reply(spot, ZH_HANT, page=page).messages for page in range(12)]
    shown = [parse_html(page)[0] for (page,) in dict.fromkeys(pages)]
    assert all(utf16_length(page) <= 4096 for page in shown)
    assert "".join(page.split("\n\n", 1)[1] for page in shown) == text


def test_a_conversion_says_that_it_is_one_and_leads_back() -> None:
    reply = converted_passage_reply(_spot(a_passage("發佈月榜。")), ZH_HANS)
    assert ZH_HANS.converted in reply.messages[0]
    assert reply.messages[0].endswith("发布月榜。")
    assert "原文" in _labels(reply.rows)[-2]


def test_converted_quotes_carry_no_citation() -> None:
    (message,) = converted_answer_reply(["發佈<10>名"], ZH_HANS).messages
    assert message == f"<i>{ZH_HANS.converted}</i>\n\n发布&lt;10&gt;名"


def test_a_section_shows_all_its_paragraphs_with_the_headings_inside_it() -> None:
    first = a_passage("總說。")
    inner = replace(
        first, passage_id="1" * 16, text="細說。", section_path=(*first.section_path, Section("(一)", "海選"))
    )
    reply = section_reply(_spot(inner, first), ZH_HANT)
    (message,) = section_reply(_spot(first, inner), ZH_HANT, (0, 2)).messages
    assert message == "<b>北京・篇3・二、把好“三關”</b>\n\n<u>總說</u>。\n\n<b>(一)海選</b>\n\n細說。"
    assert _labels(reply.rows)[-1] == ["本地其他簡報"]


def test_of_a_paragraph_that_is_gone_the_nearest_are_offered_or_else_the_ways_to_browse() -> None:
    reply = gone_reply([Hit(a_passage(), 0.5, 1)], ZH_HANT, link)
    assert ZH_HANT.nearest in reply.messages[0]
    assert reply.rows[0][0].data == "p:0123456789abcdef:0"
    assert gone_reply([], ZH_HANT, link).messages == (ZH_HANT.unknown_passage,)
    assert gone_reply([], ZH_HANT, link).rows
