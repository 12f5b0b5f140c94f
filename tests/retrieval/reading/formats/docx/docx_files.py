"""Makes small Word files of WordprocessingML."""

from __future__ import annotations

import io
import zipfile

import docx

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = {"html": "text/html", "txt": "text/plain", "rtf": "application/rtf", "mht": "message/rfc822"}


def word_file(body: str, **parts: str | bytes) -> bytes:
    """A .docx file with this body; parts are named footnotes, comments, header1, or by file: page_html."""
    stream = io.BytesIO()
    docx.Document().save(stream)
    source = zipfile.ZipFile(stream)
    files = {name: source.read(name) for name in source.namelist()}
    files["word/document.xml"] = (
        f"<w:document {_NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>".encode()
    )
    relations, overrides = [], []
    for name, content in parts.items():
        kind = name.rstrip("0123456789")
        if "_" in name:
            ending = name.rsplit("_", 1)[1]
            path, relation, content_type = f"{name.replace('_', '.')}", "aFChunk", _KINDS[ending]
            files[f"word/{path}"] = content if isinstance(content, bytes) else content.encode()
        else:
            path, relation = f"{name}.xml", kind
            content_type = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
            root = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
            files[f"word/{path}"] = f"<w:{root} {_NAMES}>{content!s}</w:{root}>".encode()
        relations.append(f'<Relationship Id="{name}" Type="{_OFFICE}/{relation}" Target="{path}"/>')
        overrides.append(f'<Override PartName="/word/{path}" ContentType="{content_type}"/>')
    rels, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    files[rels] = files[rels].replace(b"</Relationships>", "".join(relations).encode() + b"</Relationships>")
    files[types] = files[types].replace(b"</Types>", "".join(overrides).encode() + b"</Types>")
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return result.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*content: str) -> str:
    """A paragraph of runs and other inline elements; plain text becomes a run."""
    return "<w:p>" + "".join(item if item.startswith("<") else run(item) for item in content) + "</w:p>"


def field(code: str, result: str) -> str:
    """A complex field inside a paragraph."""
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def control(content: str, properties: str = "") -> str:
    """A content control."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def cell(content: str, properties: str = "") -> str:
    """A table cell; plain text becomes a paragraph."""
    inside = content if content.startswith("<") or not content else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside or '<w:p/>'}</w:tc>"


def table(*rows: str) -> str:
    """A table; a row that is written as its cells is wrapped."""
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' if row.startswith('<w:tc>') else row for row in rows)}</w:tbl>"
