"""Reads Excel workbooks (.xlsx): each sheet as tables, with merged cells; what is hidden or struck out apart."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from retrieval.reading import sandbox
from retrieval.reading.formats import oversize, read_in_child
from retrieval.reading.formats.sheets.blocks import SheetRow, Side, sheet_lines
from retrieval.reading.formats.sheets.cell_values import shown_value
from retrieval.reading.lines import Document, Line, LineKind, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

# Cells with a value in one workbook; a year of statistics of a province is a tenth of it.
_MOST_CELLS = 300_000
_DEFAULT_SHEET = re.compile(r"^(?:sheet|工作表|工作簿|表)\s*\d*$", re.IGNORECASE)
_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


def read_workbook(content: bytes, name: str) -> Document:
    """The rows of every shown sheet, read in a child process; macros and links of the file do nothing."""
    if reason := oversize(content):
        return unread(name, f"{reason}; skipped")
    return read_in_child(read_sheets, content, name)


def read_sheets(content: bytes, name: str) -> Document:
    """As `read_workbook`, in this process."""
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    sheets = [_Sheet(sheet, name) for sheet in workbook.worksheets]
    if sum(sheet.cells for sheet in sheets) > _MOST_CELLS:
        raise sandbox.UnreadableFileError(f"more than {_MOST_CELLS} cells")
    lines: list[Line] = []
    for sheet in sheets:
        if not sheet.is_hidden:
            lines.extend(sheet.lines(has_heading=len(sheets) > 1))
    left_out = tuple(entry for sheet in sheets for entry in sheet.left_out())
    findings = (*_findings(sheets, name), *_formula_findings(content, name))
    if not lines:
        findings = (*findings, Finding(name, None, "the workbook holds no text; skipped"))
    return Document(
        name, tuple(lines), findings, (workbook.properties.title or "").strip(), left_out=left_out
    )


class _Sheet:
    """One sheet: its shown rows with merged cells repeated, and what of it is not shown."""

    def __init__(self, sheet: Any, file: str) -> None:
        self.title = str(sheet.title)
        self.is_hidden = sheet.sheet_state != "visible"
        self._file, self._sheet = file, sheet
        # Only cells with a value: a format may reach down to row 1,048,576.
        self._values = {at: cell for at, cell in sheet._cells.items() if cell.value is not None}
        self.cells = len(self._values)
        self._merged = dict(self._repetitions())
        self._unshown_rows = {row for row, d in sheet.row_dimensions.items() if d.hidden}
        self._unshown_columns = set(self._hidden_columns())

    def _hidden_columns(self) -> Iterator[int]:
        for dimension in self._sheet.column_dimensions.values():
            if dimension.hidden and dimension.min and dimension.max:
                yield from range(dimension.min, min(dimension.max, 16_384) + 1)

    def _repetitions(self) -> Iterator[tuple[tuple[int, int], tuple[tuple[int, int], Side]]]:
        """For each cell that a merged one covers, the merged cell and its side."""
        for area in self._sheet.merged_cells.ranges:
            origin = (area.min_row, area.min_col)
            if origin in self._values and area.size["rows"] * area.size["columns"] <= _MOST_CELLS:
                for row in range(area.min_row, area.max_row + 1):
                    for column in range(area.min_col, area.max_col + 1):
                        if (row, column) != origin:
                            yield (row, column), (origin, "left" if column > area.min_col else "above")

    def lines(self, *, has_heading: bool) -> Iterator[Line]:
        if has_heading and self._values and not _DEFAULT_SHEET.match(self.title):
            yield Line(None, self.title, LineKind.HEADING)
        yield from sheet_lines([*self._rows()])

    def _rows(self) -> Iterator[SheetRow]:
        used = sorted({row for row, _ in self._values} - self._unshown_rows)
        columns = sorted({column for _, column in self._values} - self._unshown_columns)
        for row in used:
            cells, merged = [], {}
            for index, column in enumerate(columns):
                origin, side = self._merged.get((row, column), ((row, column), None))
                cells.append(self._text(origin))
                if side:
                    merged[index] = side
            yield SheetRow(row, tuple(cells), merged)

    def _text(self, at: tuple[int, int]) -> str:
        cell = self._values.get(at)
        return (
            ""
            if cell is None or cell.font.strike
            else shown_value(cell.value, cell.number_format or "General")
        )

    def left_out(self) -> Iterator[LeftOut]:
        for (row, column), cell in sorted(self._values.items()):
            shown = shown_value(cell.value, cell.number_format or "General")
            text = shown or shown_value(cell.value, "General")
            is_unshown = not shown or row in self._unshown_rows or column in self._unshown_columns
            if text and (self.is_hidden or is_unshown):
                yield LeftOut(self._file, row, text, LeftOutReason.HIDDEN)
            elif text and cell.font.strike:
                yield LeftOut(self._file, row, text, LeftOutReason.STRUCK_OUT)
            if cell.comment is not None and cell.comment.text:
                yield LeftOut(self._file, row, cell.comment.text.strip(), LeftOutReason.COMMENT)


def _findings(sheets: list[_Sheet], name: str) -> Iterator[Finding]:
    for sheet in sheets:
        if sheet.is_hidden and sheet.cells:
            yield Finding(
                name, None, f"the sheet {sheet.title} is hidden: left out; show it in Excel to have it read"
            )


def _formula_findings(content: bytes, name: str) -> Iterator[Finding]:
    """A finding for formulas whose result the program that wrote the file did not store."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [part for part in archive.namelist() if part.startswith("xl/worksheets/")]
        count = sum(len(_WITHOUT_VALUE.findall(archive.read(part))) for part in sheets)
    if count:
        yield Finding(
            name, None, f"{count} formulas without a stored result: open and save the file in Excel"
        )
