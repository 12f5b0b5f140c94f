"""Word files: what is text, what is named as left out, what cannot be read and is named."""

from __future__ import annotations

import io
import zipfile

import pytest

from retrieval.reading.formats.docx.reader import read_word_file
from retrieval.reading.formats.loader import read_content
from retrieval.reading.lines import Document
from tests.retrieval.reading.formats.docx.docx_files import (
    cell,
    control,
    field,
    paragraph,
    run,
    table,
    word_file,
)


def read(body: str, **parts: str | bytes) -> Document:
    return read_word_file(word_file(body, **parts), "a.docx")


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def named(document: Document) -> dict[str, str]:
    return {entry.text: entry.reason.value for entry in document.left_out}


def note(kind: str, number: int, text: str) -> str:
    return f'<w:{kind} w:id="{number}">{paragraph(text)}</w:{kind}>'


def reference(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def test_a_note_stands_behind_the_paragraph_or_the_table_that_refers_to_it() -> None:
    document = read(
        paragraph("注册志愿者九十八万人", reference("footnote", 2), "。")
        + table(cell(paragraph("培训三百人", reference("endnote", 5))) + cell("二期"))
        + paragraph("钟楼区开设邻里食堂七处。"),
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        + note("footnote", 2, "不含高校。"),
        endnotes=note("endnote", 5, "由市志愿服务联合会汇总"),
    )
    assert texts(document)[:2] == ["注册志愿者九十八万人。", "不含高校。"]
    assert texts(document)[-1] == "钟楼区开设邻里食堂七处。"
    assert "由市志愿服务联合会汇总" in " ".join(texts(document)[2:-1])


def test_comments_and_the_heads_and_feet_of_pages_are_named() -> None:
    document = read(
        paragraph("钟楼区开设邻里食堂七处。"),
        comments=f'<w:comment w:id="1">{paragraph("请核实数字")}</w:comment>',
        header1=paragraph("常州市文明简报"),
        footer1=paragraph("第1页"),
    )
    assert texts(document) == ["钟楼区开设邻里食堂七处。"]
    assert named(document) == {
        "请核实数字": "comment",
        "常州市文明简报": "repeated page head",
        "第1页": "repeated page head",
    }


@pytest.mark.parametrize("value", ["0", "false", "off"])
def test_a_property_that_is_switched_off_hides_nothing(value: str) -> None:
    document = read(
        paragraph(
            run("七处。", f'<w:vanish w:val="{value}"/>'), run("九处。", f'<w:strike w:val="{value}"/>')
        )
    )
    assert texts(document) == ["七处。九处。"]


def test_hidden_deleted_and_struck_out_text_is_named_and_not_joined_to_the_new_text() -> None:
    document = read(
        paragraph(
            "时间改为",
            f"<w:del>{run('5月20日').replace('w:t>', 'w:delText>')}</w:del>",
            f"<w:ins>{run('5月27日')}</w:ins>",
            run("上午", "<w:strike/>"),
            run("下午", "<w:dstrike w:val='0'/>"),
            run("（内部）", "<w:vanish/>"),
            "举行。",
        )
    )
    assert texts(document) == ["时间改为5月27日下午举行。"]
    assert named(document) == {"5月20日": "struck out", "上午": "struck out", "（内部）": "hidden"}


def test_content_controls_and_custom_xml_around_anything_are_transparent() -> None:
    custom = "<w:customXml>{}</w:customXml>".format
    document = read(
        control(paragraph("甲区七处。"))
        + custom(control(paragraph("乙区八处。")))
        + paragraph("丙区", control(run("九处")), custom(run("。")))
        + table(
            cell("区") + cell("处数"),
            control(f"<w:tr>{cell('丁区') + cell('10')}</w:tr>"),
            custom(f"<w:tr>{control(cell('戊区')) + custom(cell('11'))}</w:tr>"),
        )
    )
    assert texts(document) == [
        "甲区七处。",
        "乙区八处。",
        "丙区九处。",
        "区：丁区；处数：10",
        "区：戊区；处数：11",
    ]


def test_the_prompt_of_a_form_that_nobody_filled_in_is_named() -> None:
    document = read(
        paragraph("联系人：", control(run("单击此处输入文字"), "<w:showingPlcHdr/>"), "周科长。")
        + control(paragraph("单击选择日期"), "<w:showingPlcHdr/>")
    )
    assert texts(document) == ["联系人：周科长。"]
    assert set(named(document)) == {"单击此处输入文字", "单击选择日期"}


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<m:r><m:t>96.5%</m:t></m:r>", "96.5%"),
        ("<m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f>", "3/4"),
        (
            "<m:f><m:num><m:r><m:t>3+1</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f>",
            "(3+1)/4",
        ),
        ("<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup>", "10⁴"),
        ("<m:rad><m:deg/><m:e><m:r><m:t>2</m:t></m:r></m:e></m:rad>", "√2"),
        ("<m:d><m:dPr/><m:e><m:r><m:t>5</m:t></m:r></m:e></m:d>", "(5)"),
    ],
)
def test_an_equation_is_text_of_its_sentence(inside: str, shown: str) -> None:
    assert texts(read(paragraph("比率为", f"<m:oMath>{inside}</m:oMath>", "。"))) == [f"比率为{shown}。"]
    assert texts(read(paragraph(f"<m:oMathPara><m:oMath>{inside}</m:oMath></m:oMathPara>"))) == [shown]


def test_raised_digits_are_not_read_as_part_of_a_figure() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    document = read(paragraph("面积10", run("4", raised), "平方米，志愿者98万", run("[1]", raised), "人。"))
    assert texts(document) == ["面积10⁴平方米，志愿者98万[1]人。"]


def test_the_entries_of_a_list_of_contents_by_fields_are_named() -> None:
    entry = '<w:hyperlink w:anchor="_Toc1">' + run("一、邻里食堂") + "</w:hyperlink>"
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
    )
    document = read(
        paragraph(
            begin + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
            entry,
            "<w:r><w:tab/></w:r>",
            field("PAGEREF _Toc1", run("2")),
        )
        + paragraph("二、夜跑护河", "<w:r><w:tab/></w:r>", run("3"))
        + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        + paragraph("一、邻里食堂")
        + paragraph("详见第", field("PAGEREF _Ref9", run("5")), "页。")
        + paragraph("本期共", field("DOCPROPERTY n", run("四十")), "条。")
    )
    assert texts(document) == ["一、邻里食堂", "详见第5页。", "本期共四十条。"]
    assert named(document) == {"一、邻里食堂 2": "list of contents", "二、夜跑护河 3": "list of contents"}


def test_readings_are_put_aside_and_named_once() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('huà')}</w:rt><w:rubyBase>{run('桦')}</w:rubyBase></w:ruby></w:r>"
    old = field("EQ \\* jc2 \\* hps10 \\o\\ad(\\s\\up 9(chén),谌)", "")
    document = read(paragraph(ruby, "川县民警", old, "某建成博物馆", field("EQ \\f(1,2)", ""), "。"))
    assert texts(document) == ["桦川县民警谌某建成博物馆1/2。"]
    assert [finding.message for finding in document.findings] == [
        "2 readings beside characters (ruby) are not part of the text"
    ]
    assert named(document) == {"huà": "reading", "chén": "reading"}


def test_a_surname_with_a_reading_stands_with_its_name() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('ㄔㄣˊ')}</w:rt><w:rubyBase>{run('諶')}</w:rubyBase></w:ruby></w:r>"
    document = read(paragraph("民警", ruby, "某入戶走訪。"))
    assert texts(document) == ["民警諶某入戶走訪。"]
    assert named(document) == {"ㄔㄣˊ": "reading"}


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("html", "<html><body><p>钟楼区开设邻里食堂七处。</p></body></html>"),
        ("txt", "钟楼区开设邻里食堂七处。\n"),
        ("mht", "Content-Type: text/html; charset=utf-8\n\n<p>钟楼区开设邻里食堂七处。</p>"),
    ],
)
def test_an_embedded_page_or_text_is_read_in_its_place(ending: str, content: str) -> None:
    chunk = f'<w:altChunk r:id="chunk_{ending}"/>'
    document = read(paragraph("常州简报") + chunk + paragraph("完毕。"), **{f"chunk_{ending}": content})
    assert texts(document) == ["常州简报", "钟楼区开设邻里食堂七处。", "完毕。"]


def test_an_embedded_part_of_another_kind_is_named() -> None:
    document = read('<w:altChunk r:id="chunk_rtf"/>', chunk_rtf="{\\rtf1}")
    assert [finding.message for finding in document.findings] == [
        "the embedded part /word/chunk.rtf is not read"
    ]


def test_text_boxes_and_drawn_text_are_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('天宁区夜跑护河四十次。')}</w:txbxContent>"
    choice = f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
    fallback = f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
    other = f"<mc:Fallback><w:pict>{box.replace('天宁', '武进')}</w:pict></mc:Fallback>"
    only = f"<mc:AlternateContent><mc:Choice Requires='x'/>{other}</mc:AlternateContent>"
    drawn = "<w:drawing><a:p><a:r><a:t>新北区</a:t></a:r><a:r><a:t>九处</a:t></a:r></a:p></w:drawing>"
    document = read(
        paragraph(f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>", "钟楼区七处。")
        + paragraph(f"<w:r>{only}</w:r>")
        + paragraph(f"<w:r>{drawn}</w:r>")
    )
    assert texts(document) == [
        "钟楼区七处。",
        "天宁区夜跑护河四十次。",
        "武进区夜跑护河四十次。",
        "新北区九处",
    ]


def test_a_line_break_divides_lines_unless_it_wraps_a_sentence() -> None:
    break_ = "<w:r><w:br/></w:r>"
    document = read(
        paragraph(
            "时间：5月20日",
            break_,
            "地点：滨河公园",
            break_,
            "组织志愿服务队走进老旧小区，",
            break_,
            "修理家电一百四十件。",
        )
    )
    assert texts(document) == [
        "时间：5月20日",
        "地点：滨河公园",
        "组织志愿服务队走进老旧小区，修理家电一百四十件。",
    ]


def test_merged_cells_name_their_values_and_equal_values_are_all_kept() -> None:
    down, below, two = "<w:vMerge w:val='restart'/>", "<w:vMerge/>", "<w:gridSpan w:val='2'/>"
    document = read(
        table(
            cell("区", down) + cell("志愿者", two) + cell("备注", down),
            cell("", below) + cell("男") + cell("女") + cell("", below),
            cell("钟楼区", down) + cell("1200") + cell("1200") + cell(""),
            cell("", below) + cell("未统计", two) + cell(""),
        )
    )
    assert texts(document) == [
        "区：钟楼区；志愿者·男：1200；志愿者·女：1200；备注：",
        "区：钟楼区；志愿者·男、志愿者·女：未统计",
    ]


def test_pictures_with_a_title_only_are_named_too() -> None:
    picture = "<w:r><w:pict><v:imagedata r:id='x'/></w:pict></w:r>"
    (finding,) = read(paragraph("附件1") + paragraph(picture)).findings
    assert finding.message == "little text beside 1 picture(s), which are not read"
    (finding,) = read(paragraph(picture)).findings
    assert "a scan" in finding.message
    (finding,) = read("<w:p/>").findings
    assert finding.message == "the file holds no text; skipped"


@pytest.mark.parametrize("mark", ["w:del", "w:moveFrom"])
def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next(mark: str) -> None:
    document = read(
        paragraph(f"<w:pPr><w:rPr><{mark}/></w:rPr></w:pPr>", "钟楼区开设邻里食堂七处，")
        + paragraph("天宁区开设九处。")
        + paragraph(f"<w:pPr><w:rPr><{mark}/></w:rPr></w:pPr>", "武进区")
        + table(cell("区") + cell("处数"), cell("新北区") + cell("8"))
    )
    assert texts(document)[:2] == ["钟楼区开设邻里食堂七处，天宁区开设九处。", "武进区"]


def test_a_deleted_row_of_a_table_is_named() -> None:
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('天宁区') + cell('9')}</w:tr>"
    document = read(table(cell("区") + cell("处数"), deleted, cell("钟楼区") + cell("7")))
    assert named(document) == {"天宁区9": "struck out"}


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_files_with_macros_and_templates_are_read(kind: str) -> None:
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    source, stream = zipfile.ZipFile(io.BytesIO(word_file(paragraph("南京市開展活動。")))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(plain.encode(), kind.encode()))
    assert texts(read_content(stream.getvalue(), "a.docm")) == ["南京市開展活動。"]


def test_a_tick_that_another_program_writes_in_a_symbol_font_is_a_tick() -> None:
    fonts = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    body = paragraph(run("\uf0fc", fonts), run("已辦結"), run("\uf0d8", fonts), run("待辦"), run("\uf0fc"))
    assert texts(read(body)) == ["✓已辦結待辦\uf0fc"]
