from __future__ import annotations

import html
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bot.web.chat_html import chat_html

TAGS = {"b", "i", "u", "p", "a", "br", "blockquote", "table", "tr", "th", "td"}


def test_the_tags_of_answers_stay_and_what_is_bold_may_be_marked() -> None:
    message = (
        '<b>甲 &lt;x&gt;</b>\n<a href="/p/1?q=1-2&amp;a=b">〔1〕</a><blockquote expandable>乙</blockquote>'
    )
    assert chat_html(message) == (
        '<b>甲 &lt;x&gt;</b>\n<a href="/p/1?q=1-2&amp;a=b">〔1〕</a><blockquote>乙</blockquote>'
    )
    assert chat_html("<b>甲</b>", marks=True) == "<mark>甲</mark>"


def test_a_link_elsewhere_leads_nowhere() -> None:
    for address in ("javascript:alert(1)", "https://evil.example", "//evil.example"):
        assert chat_html(f'<a href="{address}">x</a>') == '<a href="">x</a>'


@given(st.one_of(st.text(), st.text().map(lambda text: f"<script>{text}</script><img src=x onerror={text}>")))
def test_nothing_but_the_known_tags_comes_out_of_any_text(text: str) -> None:
    class Seen(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag in TAGS
            assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])

    seen = Seen()
    seen.feed(chat_html(text))
    seen.close()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")))
def test_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    assert html.unescape(chat_html(html.escape(text))) == html.unescape(html.escape(text))
