"""Every visible character of a web page is in a line of its text or named as left out, as often as it is shown."""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from retrieval.reading import read_files
from retrieval.reading.formats.html.reader import read_web_page
from retrieval.reading.lines import Document
from tests.trees import BULLETINS

PAGES = sorted(
    [
        path
        for folder in (BULLETINS, Path(__file__).parents[1] / "cases")
        for path in folder.rglob("*")
        if path.suffix in (".html", ".htm") and path.name != "mht_as.html"
    ]
)
NOT_VISIBLE = [
    "head",
    "script",
    "style",
    "template",
    "iframe",
    "canvas",
    "object",
    "embed",
    "audio",
    "video",
    "datalist",
    "annotation",
]
# The exceptions: what a reader may see and what is neither text nor named line by line.
READINGS = ("rt", "rp")
"""Readings beside characters are named once a page, with their number."""


def plain(text: str) -> str:
    """The text without white space; NFKC makes raised digits (10⁴) and full-width marks alike."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\xad", "").split())


def visible(source: bytes) -> Counter[str]:
    """The characters that lxml itself finds in the body of the page."""
    root = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8", remove_comments=True))
    etree.strip_elements(root, *NOT_VISIBLE, *READINGS, with_tail=False)
    return Counter(plain("".join(map(str, root.itertext()))))


def shown(document: Document) -> Counter[str]:
    """The characters of the lines and of what is left out."""
    texts = [*(line.text for line in document.lines), *(entry.text for entry in document.left_out)]
    return Counter(plain("".join(texts)))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_visible_character_of_a_page_is_text_or_named(path: Path) -> None:
    content = path.read_bytes()
    source = content if path.suffix == ".html" else content.decode("gb18030").encode()
    assert not visible(source) - shown(read_web_page(content, path.name))


numbers = itertools.count(1)


def atom(_: object = None) -> str:
    """A sentence that no other place of any page holds."""
    return f"钟楼区举办邻里集市{1000 + next(numbers)}场。"


def word(_: object = None) -> str:
    """A few words without a stop, that no other place of any page holds."""
    return f"邻里食堂{1000 + next(numbers)}处"


sentences = st.builds(atom)
words = st.builds(word)
texts = sentences | words


INLINE = (
    "{}", "<b>{}</b>", "<a", "href='x.html'>{}</a>", "{}<br>{}", "<span>{}</span>{}", "<label>{}</label>",
    "{}<sup>2</sup>", "<ruby>{}<rt>du</rt></ruby>", "<del>{}</del>{}", "<s>{}</s>",
    "{}<span&style='display:none'>{}</span>", "<a&href='#n1'>[1]</a>{}", "{}<wbr>{}", "<ins>{}</ins>{}",
)  # fmt: skip


@st.composite
def inline(draw: st.DrawFn) -> str:
    form = draw(st.sampled_from(INLINE)).replace("&", " ")
    return form.format(*(draw(texts) for _ in range(form.count("{}"))))


@st.composite
def table(draw: st.DrawFn) -> str:
    columns = draw(st.integers(1, 4))
    spanned = draw(st.booleans())
    head = "".join(f"<th>{draw(words)}</th>" for _ in range(columns))
    rows = "".join(
        "<tr>" + "".join(f"<td>{draw(words)}</td>" for _ in range(columns)) + "</tr>"
        for _ in range(draw(st.integers(1, 3)))
    )
    top = f"<tr><th colspan='{columns}'>{draw(words)}</th></tr>" if spanned else ""
    side = f"<tr><td rowspan='2'>{draw(words)}</td></tr><tr><td>{draw(words)}</td></tr>"
    caption = f"<caption>{draw(words)}</caption>" if draw(st.booleans()) else ""
    return f"<table>{caption}{top}<tr>{head}</tr>{rows}{side if draw(st.booleans()) else ''}</table>"


@st.composite
def block(draw: st.DrawFn) -> str:
    body = draw(inline())
    form = draw(
        st.sampled_from(
            [
                "<p>{}</p>", "<h2>{}</h2>", "<h2><a href='y'>{}</a></h2>", "<a class='card' href='z'><h3>{}</h3><p>{}</p></a>",
                "<ul><li>{}</li><li><a href='k'>{}</a></li></ul>", "<ol><li>{}</li><li>{}</li></ol>", "<pre>{}\n{}</pre>",
                "<blockquote>{}</blockquote>", "<dl><dt>{}</dt><dd>{}</dd></dl>", "<svg><text>{}</text></svg>",
                "<textarea>{}</textarea>", "<button>{}</button>", "<select><option>{}</option></select>", "<footer>{}</footer>",
                "<details><summary>{}</summary>{}</details>", "<figure><figcaption>{}</figcaption></figure>", "{}",
                "<noscript>{}</noscript>", "<div hidden>{}</div>", "<nav>{}</nav>", "<header>{}</header>", "<aside>{}</aside>",
                "<div>{}<br><br>{}</div>", "<form><label>{}</label></form>", "<dialog>{}</dialog>", "<center>{}</center>",
            ]
        )
    )  # fmt: skip
    return form.format(*[body, *(draw(inline()) for _ in range(form.count("{}") - 1))])


BOXES = [
    "content",
    "article",
    "body-copy",
    "sidebar",
    "sidebar-content",
    "comments",
    "footer-note",
    "location",
    "related",
    "hot",
    "left",
    "copy",
]


@st.composite
def box(draw: st.DrawFn) -> str:
    inside = "".join(draw(st.lists(block() | table(), min_size=1, max_size=4)))
    tag = draw(st.sampled_from(["div", "section", "article", "aside", "footer", "main", "td"]))
    if tag == "td":
        return f"<table><tr><td>{inside}</td><td>{draw(inline())}</td></tr></table>"
    return f"<{tag} class='{draw(st.sampled_from(BOXES))}'>{inside}</{tag}>"


pages = st.lists(box() | block() | table(), min_size=1, max_size=6).map("\n".join)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(pages)
def test_every_visible_character_of_any_page_is_text_or_named(body: str) -> None:
    source = f"<html><head><title>常州市工作简报</title></head><body>{body}</body></html>".encode()
    document = read_web_page(source, "a.html")
    assert not visible(source) - shown(document)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(pages)
def test_every_visible_character_of_any_page_is_in_a_passage_a_heading_or_named(
    tmp_path_factory: pytest.TempPathFactory, body: str
) -> None:
    path = tmp_path_factory.mktemp("page") / "a.html"
    source = f"<html><head><title>常州市工作简报</title></head><body>{body}</body></html>".encode()
    path.write_bytes(source)
    reading = read_files([path], path.parent)
    sections = {section.full for passage in reading.passages for section in passage.section_path}
    titles = {passage.bulletin + passage.bulletin_title for passage in reading.passages}
    named = [entry.text for entry in reading.left_out]
    every = Counter(
        plain("".join([*(passage.text for passage in reading.passages), *sections, *titles, *named]))
    )
    missing = visible(source) - every
    assert not any(character.isdigit() for character in missing), missing


def test_struck_out_and_hidden_text_is_named_and_in_no_line() -> None:
    page = (
        "<p>邻里节改到<del>5月20日</del><ins>5月27日</ins>举行。</p><p style='display: none'>内部留言。</p>"
        "<p>集市设在<strike>北广场</strike>南广场。</p><p>共<span style='text-decoration:line-through'>30</span>40处。</p>"
    )
    document = read_web_page(page.encode(), "a.html")
    assert [line.text for line in document.lines] == [
        "邻里节改到5月27日举行。",
        "集市设在南广场。",
        "共40处。",
    ]
    named = {entry.text: entry.reason.value for entry in document.left_out}
    assert named == {
        "5月20日": "struck out",
        "内部留言。": "hidden",
        "北广场": "struck out",
        "30": "struck out",
    }
