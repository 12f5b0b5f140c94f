"""An equation of a Word file in one line of text."""

from __future__ import annotations

import re

from docx.oxml.ns import qn
from lxml.etree import _Element

from retrieval.reading.lines import line_joining

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def math_text(element: _Element) -> str:
    """An equation in one line: a/b for a fraction, raised digits for exponents."""
    name = str(element.tag).removeprefix(MATH)
    if name == "t":
        return element.text or ""
    if element.tag == qn("w:t"):
        return element.text or ""
    children = [child for child in element if isinstance(child.tag, str) and not child.tag.endswith("Pr")]
    parts = [math_text(child) for child in children]
    if name == "f" and len(parts) == 2:
        return "/".join(_grouped(part) for part in parts)
    if name == "sSup" and len(parts) == 2:
        above = line_joining.raised(parts[1], "1")
        return parts[0] + (above if above != parts[1] else f"^{above}")
    if name == "rad":
        return f"{parts[0] if len(parts) > 1 else ''}√{_grouped(parts[-1])}" if parts else ""
    if name == "d":
        return _delimited(element, parts)
    if name == "nary":
        return _property(element, "naryPr", "chr", "∫") + "".join(parts)
    return (" " if name in ("m", "eqArr") else "").join(parts)


def _grouped(part: str) -> str:
    return f"({part})" if re.search(r"[+\-−×÷/ ]", part.strip()) else part


def _delimited(element: _Element, parts: list[str]) -> str:
    opening, closing = (
        _property(element, "dPr", name, default) for name, default in (("begChr", "("), ("endChr", ")"))
    )
    return opening + _property(element, "dPr", "sepChr", "|").join(parts) + closing


def _property(element: _Element, properties: str, name: str, default: str) -> str:
    value = element.find(f"{MATH}{properties}/{MATH}{name}")
    return str(value.get(f"{MATH}val") or "") if value is not None else default
