"""OpenDocument texts (.odt): what LibreOffice writes wrong into a .docx, mended before; and the formulas inside."""

from __future__ import annotations

import io
import re
import zipfile

# An input field, with what is typed into it.
_INPUT = re.compile(rb"<text:text-input\b[^>]*(?<!/)>(.*?)</text:text-input>", re.DOTALL)
_CONTENT = "content.xml"


def mended_open_document(content: bytes) -> bytes:
    """The file with what is typed into input fields as plain text, which LibreOffice 7.4 writes four times into a .docx."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            text, count = _INPUT.subn(rb"\1", source.read(_CONTENT))
            return _with_content(source, text) if count else content
    except Exception:  # noqa: BLE001 - LibreOffice says what is wrong with a damaged archive
        return content


def _with_content(source: zipfile.ZipFile, text: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            archive.writestr(info, text if info.filename == _CONTENT else source.read(info))
    return stream.getvalue()


def formulas_in(content: bytes) -> int:
    """The number of formulas, which LibreOffice without its part Math drops in silence."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            parts = [name for name in source.namelist() if name.endswith("/content.xml")]
            return sum(b"<math" in source.read(name)[:2_000] for name in parts[:200])
    except Exception:  # noqa: BLE001 - as above
        return 0


def has_formulas(converted: bytes) -> bool:
    """Whether a .docx holds formulas that are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(converted)) as source:
            return b"<m:oMath" in source.read("word/document.xml")
    except Exception:  # noqa: BLE001 - as above
        return False
