"""The positions from which on a line closes the open sections."""

from __future__ import annotations

from retrieval.reading.lines import Line, LineKind
from retrieval.reading.lines.section_marks import Mark, opening_mark
from retrieval.reading.structure.mark_hierarchy import mark_lines
from retrieval.reading.structure.open_sections import TITLE, OpenSection, OpenSections, is_conclusion
from retrieval.types import Section


def mark_of(text: str) -> Mark:
    mark = opening_mark(text)
    assert mark is not None
    return mark


def opened(*texts: str, is_heading: bool = True) -> OpenSections:
    """The stack with a section for each text: of its mark, or a title without one."""
    stack = OpenSections(mark_lines([Line(1, text) for text in texts]))
    for depth, text in enumerate(texts, start=1):
        mark = opening_mark(text)
        kind, number = (mark.kind, mark.number) if mark else (TITLE, 0)
        level = 0 if mark else depth
        stack.sections.append(OpenSection(Section("", text), kind, number, is_heading, Line(1, text), level))
    return stack


def test_a_mark_takes_the_position_of_the_open_section_of_its_kind() -> None:
    assert opened("一、甲", "(一)乙", "1.丙").position_for_mark(mark_of("二、丁"), Line(2, "二、丁")) == 0
    assert opened("一、甲", "(一)乙", "1.丙").position_for_mark(mark_of("(二)丁"), Line(2, "(二)丁")) == 1


def test_a_mark_of_a_kind_that_is_not_open_goes_inside_those_that_rank_above_it() -> None:
    assert opened("一、甲", "1.乙").position_for_mark(mark_of("(一)丙"), Line(2, "(一)丙")) == 1
    assert opened("一、甲").position_for_mark(mark_of("(一)丙"), Line(2, "(一)丙")) == 1


def test_a_heading_stays_inside_headings_of_outer_levels() -> None:
    stack = opened("甲", "乙", "丙")
    assert [stack.position_for_title(level) for level in (0, 1, 2, 4)] == [0, 0, 1, 3]


def test_a_paragraph_closes_what_a_paragraph_opened_unless_its_series_goes_on() -> None:
    stack = opened("一是甲", is_heading=False)
    assert stack.position_for_paragraph("正文。", mark_of("二是乙")) == 1
    assert stack.position_for_paragraph("正文。", None) == 0
    assert opened("一、甲").position_for_paragraph("正文。", None) == 1


def test_a_styled_heading_closes_titles_of_its_own_level() -> None:
    line = Line(2, "一、丁", LineKind.HEADING, level=2)
    assert opened("甲", "乙").position_for_mark(mark_of("一、丁"), line) == 1


def test_a_conclusion_is_known_by_its_first_words() -> None:
    assert is_conclusion("下一步,我市將繼續推進")
    assert not is_conclusion("推進下一步工作")
