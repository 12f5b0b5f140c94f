"""What an export says of each quote: its bulletin, place, sections, date and file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.export import document_of
from bot.export.cited_quotes import source_of
from bot.locales import EN, LANGUAGES, ZH_HANS, ZH_HANT, Texts
from retrieval.types import Recognition, Section
from tests.bot.export.quoted import DAY, a_document, passage_of, quote_of

RECOGNIZED = Recognition(score=0.97, source="", regions=())


def test_a_source_names_bulletin_place_section_date_and_file() -> None:
    passage = replace(passage_of("文"), date="2023-05-06", issue="第12期", file="2023/五月.docx")
    assert source_of(passage, ZH_HANT) == (
        "《精神文明建設工作簡報 篇3》，北京，二、把好“三關”，第12期 2023-05-06，檔案：2023/五月.docx"
    )


def test_a_source_says_that_the_bulletin_gives_no_date_and_that_a_lead_has_no_section() -> None:
    passage = replace(passage_of("文"), section_path=(), bulletin_title="")
    assert source_of(passage, ZH_HANS) == "《篇3》，北京，导语，未载日期，文件：a.txt"


def test_all_sections_are_named_whole_however_long() -> None:
    sections = (Section("一", "甲" * 80), Section("（二）", "乙" * 80))
    shown = source_of(replace(passage_of("文"), section_path=sections), ZH_HANT)
    assert sections[0].full in shown
    assert sections[1].full in shown


def test_the_collection_is_named_where_there_are_several() -> None:
    assert source_of(replace(passage_of("文"), collection="市政簡報"), ZH_HANT).startswith("市政簡報，《")


@pytest.mark.parametrize("texts", list(LANGUAGES.values()), ids=list(LANGUAGES))
def test_recognised_text_is_marked_in_its_source_and_below(texts: Texts) -> None:
    scanned = replace(passage_of("掃描的字。"), recognized=RECOGNIZED)
    document = document_of("問", [quote_of(scanned), quote_of(passage_of("寫的字。"))], texts, DAY)
    read, written = (quote for group in document.groups for quote in group.quotes)
    assert "97%" in read.source
    assert "97%" not in written.source
    assert texts.basket.recognized_remark in document.remarks
    assert texts.basket.recognized_remark not in a_document("寫的字。", language=texts).remarks


def test_quotes_of_several_places_stand_below_their_places_in_the_given_order() -> None:
    quotes = [
        quote_of(passage_of(text, place)) for text, place in (("一", "北京"), ("二", "北京"), ("三", "重慶"))
    ]
    document = document_of("比較", quotes, EN, DAY)
    assert [(group.heading, [quote.text for quote in group.quotes]) for group in document.groups] == [
        ("Beijing 北京", ["一", "二"]),
        ("Chongqing 重慶", ["三"]),
    ]


def test_quotes_of_one_place_need_no_heading() -> None:
    assert [group.heading for group in a_document("一", "二").groups] == [""]


def test_what_is_gone_is_named() -> None:
    document = document_of("問", [], ZH_HANT, DAY, gone=["北京・篇9", "上海・篇8"])
    assert "北京・篇9、上海・篇8" in document.remarks[-1]


def test_a_question_over_several_lines_becomes_a_title_of_one() -> None:
    assert a_document(title="  甲\n乙\t丙 ").title == "甲 乙 丙"
    assert len(a_document(title="長" * 4000).title) == 200
    assert a_document(title=" \n").title == ZH_HANT.basket.document_title


def test_the_script_of_the_quotes_is_told() -> None:
    assert a_document("北京榜样").is_simplified
    assert not a_document("北京榜樣").is_simplified
