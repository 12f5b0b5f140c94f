#!/usr/bin/env bash
# python-calamine says which sheets of a workbook are hidden, and nothing of hidden rows and columns or of struck-out cells.
#
# python-calamine 0.9.1, a workbook by openpyxl 3.1.5 with a hidden row, a hidden column, a struck-out cell, 35.6% and 3,500人.
# Seen: the hidden row and column and the struck-out cell come as any other, the numbers come as 0.356 and 3500.0, and no call
# gives what tells them apart; openpyxl reads all of it back from the same file. One would guess that a row is marked as its
# sheet is (`sheets_metadata` has `visible`); who quotes cells quotes withdrawn figures, and 0.356 where the sheet shows 35.6%.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet python-calamine==0.9.1 openpyxl==3.1.5
"$folder/venv/bin/python" - "$folder/a.xlsx" <<'PY'
import sys
import openpyxl
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook, SheetVisibleEnum

path = sys.argv[1]
book = openpyxl.Workbook()
sheet = book.active
for row in (["city", "share", "people", "draft"], ["Nanjing", 0.356, 3500, 1], ["Suzhou", 0.2, 8, 2], ["Wuxi", 0.1, 9, 3]):
    sheet.append(row)
sheet["B2"].number_format, sheet["C2"].number_format = "0.0%", '#,##0"人"'
sheet.row_dimensions[3].hidden = sheet.column_dimensions["D"].hidden = True
sheet["A4"].font = Font(strike=True)
book.create_sheet("hidden").sheet_state = "hidden"
book.save(path)

read = CalamineWorkbook.from_path(path)
rows = read.get_sheet_by_index(0).to_python()
offered = [name for name in dir(read.get_sheet_by_index(0)) if not name.startswith("_")]
visible = [metadata.visible for metadata in read.sheets_metadata]
print(*rows, offered, visible, sep="\n")
kept = openpyxl.load_workbook(path).worksheets[0]
tells = (kept.row_dimensions[3].hidden, kept.column_dimensions["D"].hidden, kept["A4"].font.strike, kept["B2"].number_format)
print("openpyxl:", *tells)
expected = [["city", "share", "people", "draft"], ["Nanjing", 0.356, 3500.0, 1.0], ["Suzhou", 0.2, 8.0, 2.0], ["Wuxi", 0.1, 9.0, 3.0]]
is_untold = not any(word in name for name in offered for word in ("hidden", "visib", "format", "style", "dimension", "strike"))
is_told_of_sheets = visible == [SheetVisibleEnum.Visible, SheetVisibleEnum.Hidden]
sys.exit(not (rows == expected and is_untold and is_told_of_sheets and tells == (True, True, True, "0.0%")))
PY
echo "as described"
