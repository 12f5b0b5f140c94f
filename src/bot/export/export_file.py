"""An export document as a file: its name, its content, and saving it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.export.cited_quotes import ExportDocument
from bot.export.markdown_writer import write_markdown
from bot.locales import Texts
from retrieval.errors import BulletinBotError


class ExportFormat(StrEnum):
    """Kinds of files; the values are part of callback data."""

    WORD = "w"
    MARKDOWN = "m"

    @property
    def suffix(self) -> str:
        return ".docx" if self is ExportFormat.WORD else ".md"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that is not yet saved or sent."""

    name: str
    content: bytes


def export_file(document: ExportDocument, kind: ExportFormat, texts: Texts) -> ExportFile:
    """The document as a file, named after what it is and its day."""
    return ExportFile(
        f"{texts.basket.document_title}-{document.made_on.isoformat()}{kind.suffix}", _content(document, kind)
    )


def _content(document: ExportDocument, kind: ExportFormat) -> bytes:
    if kind is ExportFormat.MARKDOWN:
        return write_markdown(document).encode("utf-8")
    from bot.export.docx_writer import write_docx

    return write_docx(document)


def save(document: ExportDocument, kind: ExportFormat, path: Path) -> None:
    """Write the document to a new file.

    Raises BulletinBotError if there is a file of that name, which may have been edited, or if it cannot be written; then
    nothing is left behind.
    """
    content = _content(document, kind)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise BulletinBotError(
            f"{path} exists and is not written over: give another name, or remove it."
        ) from None
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise BulletinBotError(
            f"{path} cannot be written ({error.strerror}): give a file in a folder that takes it."
        ) from error
