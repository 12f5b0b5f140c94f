"""Small files of kinds that offices really send, each with the result that a reader of it expects.

`cases/` holds the files. A test names what must be read; what stands in no passage and no heading must be named as left out.
"""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from retrieval.reading import read_files
from retrieval.types import Passage, Reading

CASES = Path(__file__).parent / "cases"


@functools.cache
def reading(name: str) -> Reading:
    return read_files([CASES / name], CASES)


def texts(name: str) -> list[str]:
    return [passage.text for passage in reading(name).passages]


def holding(name: str, words: str) -> list[Passage]:
    """The passages of the file whose text holds the words, white space aside."""
    plain = "".join(words.split())
    return [passage for passage in reading(name).passages if plain in "".join(passage.text.split())]


def titles(passage: Passage) -> list[str]:
    return [section.title or section.label for section in passage.section_path]


def is_named(name: str) -> bool:
    """A file without any passage says why."""
    return not reading(name).passages and bool(reading(name).findings)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("content_control_row.docx", "村歌比赛"),
        ("hidden_off.docx", "钟楼区开设邻里食堂七处。"),
        ("footnotes.docx", "数据截至2023年12月31日，不含高校志愿者。"),
        ("footnotes.docx", "资料由市志愿服务联合会汇总。"),
        ("equation.docx", "知晓率为96.5%,比上年提高"),
        ("linked_paragraphs.html", "三百份午餐"),
        ("linked_paragraphs.html", "隐患四十处"),
        ("one_paragraph.html", "钟楼区七处"),
        ("one_paragraph.html", "天宁区五处"),
        ("one_paragraph.html", "武进区九处"),
        ("one_paragraph.html", "便民中心二楼"),
        ("body_copy.html", "钟楼区开设邻里食堂，每天供应三百份午餐。"),
        ("body_copy.html", "天宁区组织夜跑护河，上报隐患四十处。"),
        ("body_copy.html", "武进区举办村歌比赛四场，观众八千人。"),
        ("notes_in_brackets.md", "数据截至2023年12月31日"),
        ("notes_in_brackets.md", "统计口径为常住人口"),
        ("linked_headings.md", "武进区举办村歌比赛"),
        ("linked_headings.md", "新北区建成口袋公园"),
        ("notice.docx", "时间：5月20日至6月20日"),
        ("notice_fields.txt", "时间：5月20日上午9点至11点"),
        ("notice_fields.txt", "地点：滨河公园北广场"),
        ("notice_fields.txt", "主办单位：常州市文明办"),
        ("notice_fields.txt", "承办单位：钟楼区文化馆"),
        ("notice_fields.txt", "联系人：创建科 周科长"),
        ("notice_fields.txt", "联系电话：创建科值班电话"),
        ("names_by_spaces.txt", "周海宁"),
        ("names_by_spaces.txt", "吴晓岚"),
        ("names_by_spaces.txt", "孙立群"),
        ("names_by_spaces.txt", "邵敏"),
        ("names_by_spaces.txt", "天宁区"),
        ("network_rules.txt", "一是落实ICP备案和实名登记制度，常州市清理失联网站四十六家。"),
        ("network_rules.txt", "二是开展版权所有者维权宣传，组织讲座八场。"),
        ("network_rules.txt", "三是规范转载时的来源标注，抽查自媒体账号二百一十个。"),
        ("rtf_as.txt", "常州市文明办组织二十支志愿服务队走进老旧小区，为居民修理家电一百四十件。"),
        ("reading_list.txt", "《常州古桥》"),
        ("reading_list.txt", "《运河边的手艺人》"),
        ("reading_list.txt", "《邻里故事集》"),
        ("reading_list.txt", "社区晨读角"),
        ("reading_list.txt", "企业职工书屋"),
        ("reading_list.txt", "农家书屋延时开放"),
        ("br_paragraphs.html", "组织志愿服务队走进老旧小区,修理家电一百四十件。"),
    ],
)
def test_what_a_reader_sees_is_in_a_passage(name: str, words: str) -> None:
    assert holding(name, words), texts(name)


@pytest.mark.parametrize("name", ["pictures_only.docx", "script_page.html", "scan_with_stamp.pdf"])
def test_a_file_without_text_is_named_with_why(name: str) -> None:
    assert is_named(name), texts(name)


def test_an_embedded_part_is_read_or_named() -> None:
    named = [finding.message for finding in reading("embedded_html.docx").findings]
    assert holding("embedded_html.docx", "三百份午餐") or any("embedded" in message for message in named), (
        named
    )


def test_a_web_archive_under_another_ending_is_read_or_named_and_never_its_codes() -> None:
    assert holding("mht_as.html", "走进老旧小区") or is_named("mht_as.html")
    assert not any("=E5" in text or "MIME" in text for text in texts("mht_as.html"))


def test_hidden_text_is_no_passage() -> None:
    assert not holding("hidden_off.docx", "此句为隐藏批注。")


@pytest.mark.parametrize("name", ["equal_numbers.html", "two_heading_rows.docx"])
def test_equal_numbers_of_a_row_are_both_kept_and_told_apart(name: str) -> None:
    (row,) = [text for text in texts(name) if "钟楼" in text]
    assert row.count("1200") == 2
    assert "男" in row
    assert "女" in row
    assert not any("男" in text and not any(map(str.isdigit, text)) for text in texts(name))


def test_entries_of_a_contents_field_are_no_text() -> None:
    (meals,) = holding("contents_by_fields.docx", "三百份午餐")
    assert [section.full for section in meals.section_path] == ["一、邻里食堂"]
    (river,) = holding("contents_by_fields.docx", "天宁区上报隐患四十处。")
    assert [section.full for section in river.section_path] == ["二、夜跑护河"]
    assert "一、邻里食堂 2" not in texts("contents_by_fields.docx")


@pytest.mark.parametrize("name", ["linked_headings.html", "linked_headings.md", "linked_paragraphs.html"])
def test_a_linked_heading_is_the_heading_of_its_paragraph(name: str) -> None:
    assert titles(holding(name, "三百份午餐")[0])[-1:] == ["钟楼区开设邻里食堂"]
    assert titles(holding(name, "每周两次巡查河道")[0])[-1:] == ["天宁区组织夜跑护河"]


def test_a_page_with_one_paragraph_keeps_its_heading() -> None:
    (meals,) = holding("one_paragraph.html", "统一配送食材")
    assert [section.full for section in meals.section_path] == ["一、邻里食堂"]


def test_a_struck_out_date_is_not_joined_to_the_new_one() -> None:
    assert holding("struck_out.html", "时间改为5月27日")
    assert not holding("struck_out.html", "5月20日5月27日")


def test_a_break_in_a_cell_divides_and_entities_are_characters() -> None:
    rows = texts("break_in_cell.md")
    assert not any("设立晨读角组织夜读" in row or "&nbsp;" in row for row in rows)
    assert not any("武进村歌比赛" in row for row in rows)


def test_every_attachment_of_a_pdf_is_told_apart() -> None:
    found = reading("attachments.pdf").passages
    seen = "".join([passage.bulletin + "".join(titles(passage)) + passage.text for passage in found])
    assert all(f"附件{number}" in seen.replace(" ", "") for number in (1, 2, 3))


@pytest.mark.parametrize("name", ["two_columns.pdf", "two_columns_by_rows.pdf"])
def test_two_columns_are_two_whole_passages_in_either_order_of_drawing(name: str) -> None:
    (left,), (right,) = holding(name, "钟楼区在七个社区"), holding(name, "天宁区组织夜跑护河")
    assert left.text.startswith("钟楼区")
    assert left.text.rstrip("。").endswith("两班")
    assert right.text.startswith("天宁区")
    assert "九成六" in right.text[-5:]
    assert "天宁区" not in left.text


def test_a_watermark_is_in_no_passage_and_no_heading() -> None:
    for passage in reading("watermark.pdf").passages:
        assert "请勿外传" not in passage.text + "".join(titles(passage)) + passage.bulletin
    assert holding("watermark.pdf", "七十岁以上老人凭卡半价，由区供销社统一配送食材，志愿者每日轮值两班。")


def test_a_note_between_pages_does_not_cut_the_sentence() -> None:
    assert holding("note_between_pages.pdf", "由区供销社统一配送食材")[0].text.startswith("钟楼区在七个社区")
    (note,) = holding("note_between_pages.pdf", "数据截至2023年12月31日")
    assert "钟楼区" not in note.text


def test_a_ruled_table_is_read_row_by_row_and_heads_no_paragraph() -> None:
    (row,) = [text for text in texts("table.pdf") if "1200" in text]
    assert row.count("1200") == 2
    assert "男" in row
    assert "女" in row
    (below,) = holding("table.pdf", "每周两次巡查河道")
    assert below.section_path == ()


def test_the_field_of_a_notice_heads_nothing() -> None:
    for name in ("notice.docx", "notice_fields.txt"):
        assert not any("地点" in title for passage in reading(name).passages for title in titles(passage))
    assert reading("notice.docx").passages[0].bulletin_title == "关于开展邻里节活动的通知"


@pytest.mark.parametrize(
    ("date", "event"),
    [
        ("2023年3月5日", "学雷锋志愿服务"),
        ("2023年4月23日", "首日借出图书九千册"),
        ("2023年5月", "上岗志愿者一千三百名"),
    ],
)
def test_every_date_of_a_chronicle_is_with_its_event(date: str, event: str) -> None:
    (passage,) = holding("chronicle_dates.txt", event)
    assert date in passage.text or date in "".join(titles(passage))


def test_a_heading_that_sounds_like_a_credit_is_a_heading() -> None:
    (second,) = holding("heading_reports.txt", "全年共收到信息六百条")
    assert titles(second) == ["规范信息报送"]


def test_a_text_that_was_wrapped_by_columns_is_joined() -> None:
    first, second = reading("wrapped_40.txt").passages
    assert first.text.endswith("八十六处，受到居民欢迎。")
    assert second.text.endswith("节约开支一万二千元。")
    assert (first.section, second.section) == ("一", "二")
    assert "\n" not in first.text + second.text


@pytest.mark.parametrize(
    ("area", "others"),
    [
        ("雄安新区", ("钱塘", "浦东")),
        ("西咸新区", ("钱塘", "浦东")),
        ("两江新区", ("钱塘", "浦东")),
        ("天府新区", ("钱塘", "浦东")),
        ("新疆生产建设兵团", ("钱塘", "浦东")),
        ("苏州工业园区", ("钱塘", "浦东")),
    ],
)
def test_an_area_that_the_gazetteer_does_not_know_is_never_a_namesake(
    area: str, others: tuple[str, ...]
) -> None:
    passage = next(passage for passage in reading("new_areas.txt").passages if passage.text.startswith(area))
    assert not any(other in (passage.place_name or "") for other in others)
