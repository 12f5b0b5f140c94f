"""Markdown whose quotes are shown as they are written."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import example, given
from markdown_it import MarkdownIt

from bot.export.markdown_writer import write_markdown
from tests.bot.export.quoted import HOSTILE, a_document


def shown(markdown: str) -> str:
    """The text that a reader of CommonMark with tables and strikethrough sees, without white space."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "softbreak", "hardbreak", "text_special"}
    return "".join("".join(child.content for child in inline).split())


def test_each_quote_refers_to_a_footnote_with_its_source() -> None:
    document = a_document("每月發佈10名。", "每週發佈5名。")
    first, second = document.groups[0].quotes
    assert write_markdown(document) == (
        f"# 北京榜樣每個月評出多少人？\n\n「每月發佈10名。」[^1]\n\n「每週發佈5名。」[^2]\n\n"
        f"{document.remarks[0]}\n\n[^1]: {first.source}\n\n[^2]: {second.source}\n"
    )


def test_hostile_text_is_shown_as_text() -> None:
    document = a_document(HOSTILE)
    quote, *_ = write_markdown(document).split("\n\n")[1:]
    assert quote == (
        "「甲\\<b\\>乙\\</b\\> \\& \ufffd\ufffd\\[31m\ufffd\ufffd \\*丙\\* \\[丁\\](http://x) \\`戊\\`\\\n"
        "\\- 己\\\n1\\. 庚 \\#辛 \\]\\]\\> \\&lt;」[^1]"
    )


@given(st.text(alphabet=st.sampled_from("甲乙*_`~<>[]()!#+-=:.|\\&$^{}1 \n\t@h"), min_size=1, max_size=40))
@example("---")
@example("1) 甲\n=\n甲 | 乙\n-|-")
@example("甲\n\n    乙")
@example("&amp; &#42;")
def test_any_text_is_shown_character_for_character(text: str) -> None:
    document = a_document(text)
    assert "".join(f"「{text}」".split()) in shown(write_markdown(document))
