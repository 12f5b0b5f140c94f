"""Presentations made by hand, as ECMA-376 describes them: a part a slide, in folders whose numbers run against their order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.presentationml"


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide with its shapes as XML."""

    shapes: Sequence[str]
    notes: str = ""
    is_hidden: bool = False


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph; `properties` are children of a:pPr, `run` the attributes of a:rPr."""
    return f"<a:p><a:pPr>{properties}</a:pPr><a:r><a:rPr {run}/><a:t>{text}</a:t></a:r></a:p>"


def shape(
    *paragraphs: str, kind: str = "", place: tuple[int, int] | None = None, hidden: bool = False
) -> str:
    """A text shape; `kind` is that of its placeholder, `place` left and top in EMU."""
    mark = f'<p:ph type="{kind}"/>' if kind else ""
    offset = f'<a:xfrm><a:off x="{place[0]}" y="{place[1]}"/><a:ext cx="9" cy="9"/></a:xfrm>' if place else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x" hidden="{int(hidden)}"/><p:cNvSpPr/><p:nvPr>{mark}</p:nvPr></p:nvSpPr>'
        f"<p:spPr>{offset}</p:spPr><p:txBody><a:bodyPr/>{''.join(paragraphs)}</p:txBody></p:sp>"
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table; a cell that begins with < continues the one on its left, with ^ the one above."""
    sides = {"<": ' hMerge="1"', "^": ' vMerge="1"'}

    def cell(text: str) -> str:
        side = sides.get(text[:1], "")
        return f"<a:tc{side}><a:txBody>{paragraph('' if side else text)}</a:txBody></a:tc>"

    written = "".join(f"<a:tr>{''.join(map(cell, row))}</a:tr>" for row in rows)
    return (
        '<p:graphicFrame><p:xfrm><a:off x="9" y="3000000"/><a:ext cx="9" cy="9"/></p:xfrm>'
        f"<a:graphic><a:graphicData><a:tbl>{written}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def pptx(*slides: Slide) -> bytes:
    """The file."""
    parts: dict[str, str] = {}
    listed = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(len(slides)))
    parts["ppt/presentation.xml"] = (
        f"<p:presentation {_SPACES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
    )
    parts["ppt/_rels/presentation.xml.rels"] = _relations(
        *(("slide", f"slides/slide{len(slides) - n}.xml") for n in range(len(slides)))
    )
    parts["_rels/.rels"] = _relations(("officeDocument", "ppt/presentation.xml"))
    for n, slide in enumerate(slides):
        number = len(slides) - n
        shown = ' show="0"' if slide.is_hidden else ""
        parts[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {_SPACES}{shown}><p:cSld><p:spTree>{''.join(slide.shapes)}</p:spTree></p:cSld></p:sld>"
        )
        if slide.notes:
            parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = _relations(
                ("notesSlide", f"../notesSlides/notesSlide{number}.xml")
            )
            parts[f"ppt/notesSlides/notesSlide{number}.xml"] = (
                f"<p:notes {_SPACES}><p:cSld><p:spTree>{shape(paragraph(slide.notes), kind='body')}"
                f"{shape(paragraph('7'), kind='sldNum')}</p:spTree></p:cSld></p:notes>"
            )
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_type(name)}"/>' for name in parts if "_rels" not in name
    )
    parts["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _type(name: str) -> str:
    kind = (
        "presentation.main"
        if name.endswith("presentation.xml")
        else "notesSlide"
        if "notes" in name
        else "slide"
    )
    return f"{_CONTENT}.{kind}+xml"


def _relations(*targets: tuple[str, str]) -> str:
    written = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{written}</Relationships>'
