"""The container of an OFD file: its pages in the order of Document.xml, with the parts that draw on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import ofdkit
from ofdkit.package import Package

from retrieval.reading import sandbox
from retrieval.reading.formats.ofd.objects import local_name

MOST_PAGES = 2_000
# Left, top, width, height in millimetres.
_A4 = (0.0, 0.0, 210.0, 297.0)
_LARGEST_PAGE = 1e5


@dataclass(frozen=True, slots=True)
class OfdPage:
    """A page and what draws on it; sizes in millimetres."""

    box: tuple[float, float, float, float]
    """Left, top, width, height."""
    content: Element | None
    """None where the part is missing or damaged."""
    templates: tuple[Element, ...]
    annotations: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class OfdFile:
    """The pages of all documents of a file, and what they share."""

    title: str
    pages: tuple[OfdPage, ...]
    units: dict[str, Element]
    """Composite graphic units by id."""
    warnings: tuple[str, ...]


def open_package(content: bytes) -> OfdFile:
    """The file as its XML parts. Raises UnreadableFileError for one that is encrypted, damaged or too long."""
    try:
        with Package(content) as package, ofdkit.open(content) as document:
            if any("encrypt" in name.lower() and name.lower().endswith(".xml") for name in package.names):
                raise sandbox.UnreadableFileError("encrypted: save it without a password")
            if len(document.pages) > MOST_PAGES:
                raise sandbox.UnreadableFileError(f"more than {MOST_PAGES} pages")
            return _opened(package, document)
    except ofdkit.OFDError as error:
        locked = "encrypted" in str(error) or "password" in str(error)
        raise sandbox.UnreadableFileError(
            "encrypted: save it without a password"
            if locked
            else "a damaged OFD file: save it again where it was made"
        ) from error


def _opened(package: Package, document: ofdkit.OFDDocument) -> OfdFile:
    templates, annotations = {}, {}
    for name in package.names:
        if name.rpartition("/")[2].lower() == "document.xml":
            root = _part(package, name)
            templates.update(_templates(package, name, root) if root is not None else {})
            annotations.update(_annotations(package, name, root) if root is not None else {})
    return OfdFile(
        title=document.info.title or "",
        pages=tuple(_page(package, page, templates, annotations) for page in document.pages),
        units=dict(_units(package)),
        warnings=tuple(document.warnings),
    )


def _page(
    package: Package,
    page: ofdkit.Page,
    templates: dict[tuple[str, str], str],
    annotations: dict[tuple[str, str], list[str]],
) -> OfdPage:
    content = _part(package, page.location) if page.location else None
    if content is None:
        return OfdPage(_A4, None, (), ())
    body = page.location.split("/")[0]
    used = (
        templates.get((body, (element.get("TemplateID") or "").strip()))
        for element in content
        if local_name(element) == "Template"
    )
    drawn = (root for name in used if name and (root := _part(package, name)) is not None)
    notes = (_part(package, name) for name in annotations.get((body, page.id or ""), []))
    return OfdPage(_box(page), content, tuple(drawn), tuple(note for note in notes if note is not None))


def _box(page: ofdkit.Page) -> tuple[float, float, float, float]:
    """The page's box, or A4 where the file gives none that a page can have."""
    return page.box if all(0 < side < _LARGEST_PAGE for side in page.box[2:]) else _A4


def _templates(package: Package, name: str, root: Element) -> dict[tuple[str, str], str]:
    """The part of each template page by its document's folder and its id."""
    pairs = ((element.get("ID"), package.resolve(name, element.get("BaseLoc"))) for element in root.iter()
             if local_name(element) == "TemplatePage")  # fmt: skip
    return {(name.split("/")[0], key.strip()): part for key, part in pairs if key and part}


def _annotations(package: Package, name: str, root: Element) -> dict[tuple[str, str], list[str]]:
    """The parts of the annotations of each page by its document's folder and its id."""
    parts: dict[tuple[str, str], list[str]] = {}
    for element in root.iter():
        listed = package.resolve(name, element.text) if local_name(element) == "Annotations" else None
        for page in _iter_part(package, listed):
            location = next((child.text for child in page if local_name(child) == "FileLoc"), None)
            part = package.resolve(listed, location) if local_name(page) == "Page" else None
            if part:
                parts.setdefault((name.split("/")[0], (page.get("PageID") or "").strip()), []).append(part)
    return parts


def _units(package: Package) -> Iterator[tuple[str, Element]]:
    for name in package.names:
        if name.lower().endswith("res.xml"):
            for unit in _iter_part(package, name):
                if local_name(unit) == "CompositeGraphicUnit":
                    yield (unit.get("ID") or "").strip(), unit


def _iter_part(package: Package, name: str | None) -> Iterator[Element]:
    root = _part(package, name) if name else None
    return root.iter() if root is not None else iter(())


def _part(package: Package, name: str) -> Element | None:
    try:
        root: Element = package.read_xml(name)
    except ofdkit.OFDError:
        return None
    return root
