"""Every text node of a Word file is in a line or named as left out, as often as Word shows it."""

from __future__ import annotations

import io
import itertools
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from retrieval.reading.formats.docx.reader import read_word_file
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
from tests.trees import BULLETINS

FILES = sorted([*BULLETINS.rglob("*.docx"), *(Path(__file__).parents[1] / "cases").glob("*.docx")])
PARTS = ("document", "footnotes", "endnotes", "comments", "header1", "footer1")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# The exceptions: text nodes that are neither text nor named line by line.
EXCEPTIONS = (f"{WORD}rt", f"{COMPATIBILITY}Fallback")
"""Readings are named once a file, with their number; the fallback repeats the content that it replaces."""


def plain(text: str) -> str:
    """The text without white space; NFKC makes raised digits (10⁴) and full-width marks alike."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def text_nodes(content: bytes) -> Counter[str]:
    """The characters of the text nodes of all parts that a reader of the file sees; page heads once."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    every: Counter[str] = Counter()
    for part in PARTS:
        if f"word/{part}.xml" in archive.namelist():
            root = etree.fromstring(archive.read(f"word/{part}.xml"))
            for element in root.iter(f"{WORD}t", f"{WORD}delText", f"{MATH}t"):
                if not any(above.tag in EXCEPTIONS for above in element.iterancestors()):
                    every.update(plain(element.text or ""))
    return every


def shown(document: Document) -> Counter[str]:
    """The characters of the lines and of what is left out."""
    texts = [*(line.text for line in document.lines), *(entry.text for entry in document.left_out)]
    return Counter(plain("".join(texts)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_text_node_of_a_file_is_text_or_named(path: Path) -> None:
    content = path.read_bytes()
    assert not text_nodes(content) - shown(read_word_file(content, path.name))


numbers = itertools.count(1)


def atom() -> str:
    """A sentence that no other place of any file holds."""
    return f"钟楼区举办邻里集市{1000 + next(numbers)}场。"


atoms = st.builds(atom) | st.builds(lambda: f"邻里食堂{1000 + next(numbers)}处")
INLINE = (
    "{}", "<w:ins>{}</w:ins>", "<w:del>{}</w:del>", "<w:moveFrom>{}</w:moveFrom>", "<w:smartTag>{}</w:smartTag>",
    "<w:hyperlink>{}</w:hyperlink>", "<w:customXml>{}</w:customXml>", "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "<w:fldSimple w:instr='REF x'>{}</w:fldSimple>", "<w:fldSimple w:instr='TOC'>{}</w:fldSimple>", "field", "toc",
    "<w:r><w:txbxContent><w:p>{}</w:p></w:txbxContent></w:r>", "math", "<w:r><w:br/></w:r>{}", "{}<w:r><w:tab/></w:r>",
    "<w:r><w:br w:type='page'/></w:r>{}",
    "<w:r><w:ruby><w:rt><w:r><w:t>du</w:t></w:r></w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
)  # fmt: skip
PROPERTIES = ("", "<w:vanish/>", "<w:vanish w:val='0'/>", "<w:strike/>", "<w:vertAlign w:val='superscript'/>")


@st.composite
def inline(draw: st.DrawFn) -> str:
    form, text = draw(st.sampled_from(INLINE)), draw(atoms)
    if form == "math":
        number = f"<m:r><m:t>{1000 + next(numbers)}</m:t></m:r>"
        return f"<m:oMath><m:f><m:num>{number}</m:num><m:den>{number}</m:den></m:f></m:oMath>"
    inner = run(text, draw(st.sampled_from(PROPERTIES)))
    if form in ("field", "toc"):
        return field("REF x" if form == "field" else "PAGEREF _Toc1", inner)
    return form.format(inner)


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    return paragraph(*draw(st.lists(inline(), min_size=1, max_size=4)))


@st.composite
def tables(draw: st.DrawFn) -> str:
    columns = draw(st.integers(1, 3))
    rows = ["".join(cell(draw(paragraphs())) for _ in range(columns)) for _ in range(draw(st.integers(1, 4)))]
    if draw(st.booleans()):
        rows.insert(0, cell(draw(atoms), f"<w:gridSpan w:val='{columns}'/>"))
    if draw(st.booleans()):
        rows[-1] = control(f"<w:tr>{rows[-1]}</w:tr>")
    return table(*rows)


blocks = paragraphs() | tables() | paragraphs().map(control) | tables().map(control)
bodies = st.lists(blocks, min_size=1, max_size=5).map("".join)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(bodies, st.lists(atoms, max_size=3), st.booleans())
def test_every_text_node_of_any_file_is_text_or_named(body: str, notes: list[str], refers: bool) -> None:
    references = [f'<w:r><w:footnoteReference w:id="{number}"/></w:r>' for number, _ in enumerate(notes)]
    content = word_file(
        body + (paragraph("见注", *references) if refers else ""),
        footnotes="".join(
            f'<w:footnote w:id="{number}">{paragraph(text)}</w:footnote>' for number, text in enumerate(notes)
        ),
        comments=f'<w:comment w:id="1">{paragraph("请核实")}</w:comment>',
        header1=paragraph("常州市文明简报"),
    )
    assert not text_nodes(content) - shown(read_word_file(content, "a.docx"))
