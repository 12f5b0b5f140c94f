"""OFD files made by hand, as GB/T 33190-2016 describes them: a text object a printed line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE = 5.6
"""Of the print in millimetres, and the width of a Chinese character."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of print with the left end and the height of its base line in millimetres."""

    text: str
    x: float
    y: float
    size: float = SIZE
    is_visible: bool = True
    is_vertical: bool = False
    ctm: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A drawn path: its commands in millimetres from the left and the top of the page."""

    commands: str
    attributes: str = ""

    @classmethod
    def line(cls, start: tuple[float, float], end: tuple[float, float]) -> Path:
        """A straight line."""
        return cls(f"M {start[0]} {start[1]} L {end[0]} {end[1]}")


def grid(columns: Sequence[float], rows: Sequence[float]) -> list[Path]:
    """The rules of a table at these places."""
    across = [Path.line((columns[0], y), (columns[-1], y)) for y in rows]
    return across + [Path.line((x, rows[0]), (x, rows[-1])) for x in columns]


def path_object(path: Path, number: int) -> str:
    return (
        f'<ofd:PathObject ID="{number}" Boundary="0 0 210 297" LineWidth="0.35" {path.attributes}>'
        f"<ofd:AbbreviatedData>{path.commands}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def text_object(text: Text, number: int) -> str:
    steps = [
        text.size if ord(character) > 0x2E7F or character in "“”" else text.size / 2
        for character in text.text
    ]
    deltas = " ".join(f"{step:g}" for step in steps[:-1])
    delta = f'DeltaY="g {len(steps) - 1} {text.size:g}"' if text.is_vertical else f'DeltaX="{deltas}"'
    shown = "" if text.is_visible else ' Visible="false"'
    matrix = f' CTM="{text.ctm}"' if text.ctm else ""
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{text.x} {text.y - text.size} 160 {text.size * 1.4}"{shown}{matrix} '
        f'Font="3" Size="{text.size}"><ofd:TextCode X="0" Y="{text.size}" {delta}>{escape(text.text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def ofd(
    pages: Sequence[Sequence[Text | Path]],
    template: Sequence[Text | Path] = (),
    annotation: str = "",
    extra: Mapping[str, str] | None = None,
    title: str = "",
) -> bytes:
    """A file of one document; its pages lie in folders whose numbers run against their order."""
    objects = [*map(_objects, pages)]
    used = '<ofd:Template TemplateID="90"/>' if template else ""
    parts = {
        "OFD.xml": f"<ofd:OFD {_NAMESPACE} Version='1.0' DocType='OFD'><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>"
        f"<ofd:Title>{title}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": _document(
            len(pages), has_template=bool(template), has_annotation=bool(annotation)
        ),
    }
    for number, drawn in enumerate(objects):
        parts[f"Doc_0/Pages/Page_{len(pages) - number}/Content.xml"] = _page(used + _layer(drawn))
    if template:
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = _page(_layer(_objects(template)))
    if annotation:
        parts["Doc_0/Annots/Annotations.xml"] = (
            f"<ofd:Annotations {_NAMESPACE}><ofd:Page PageID='1'><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc>"
            "</ofd:Page></ofd:Annotations>"
        )
        parts["Doc_0/Annots/Page_0/Annotation.xml"] = (
            f"<ofd:PageAnnot {_NAMESPACE}><ofd:Annot ID='5' Type='Stamp'><ofd:Appearance Boundary='20 20 90 20'>"
            f"{text_object(Text(annotation, 20, 40), 900)}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **(extra or {})}.items():
            archive.writestr(name, content)
    return stream.getvalue()


def lines(*texts: str, top: float = 60.0, left: float = 26.0) -> list[Text]:
    """Printed lines one below the other; one that begins with two ideographic spaces is indented."""
    return [
        Text(
            text.lstrip("\u3000"), left + SIZE * (len(text) - len(text.lstrip("\u3000"))), top + 9.5 * number
        )
        for number, text in enumerate(texts)
    ]


def _objects(drawn: Sequence[Text | Path]) -> str:
    return "".join(
        path_object(each, 100 + number) if isinstance(each, Path) else text_object(each, 100 + number)
        for number, each in enumerate(drawn)
    )


def _layer(objects: str) -> str:
    return f"<ofd:Content><ofd:Layer ID='80' Type='Body'>{objects}</ofd:Layer></ofd:Content>"


def _page(inner: str) -> str:
    return f"<ofd:Page {_NAMESPACE}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>{inner}</ofd:Page>"


def _document(pages: int, *, has_template: bool, has_annotation: bool) -> str:
    listed = "".join(
        f'<ofd:Page ID="{number + 1}" BaseLoc="Pages/Page_{pages - number}/Content.xml"/>'
        for number in range(pages)
    )
    template = '<ofd:TemplatePage ID="90" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if has_template else ""
    annotations = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>" if has_annotation else ""
    return (
        f"<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>{template}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages>{annotations}</ofd:Document>"
    )
