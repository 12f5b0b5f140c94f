#!/usr/bin/env bash
# Text that PDFium extracts from a PDF hangs on the fonts of the machine that reads it.
#
# pypdfium2 5.15.2 (PDFium), a PDF by reportlab 5.1.0 whose Chinese font (STSong-Light, one of Adobe's standard CID fonts) is named
# and not embedded, as such files usually are. On a machine where PDFium finds no substitute font:
# a text object of one character has an empty box and is left out of the text page: 区, 女 and 。 drawn alone are gone, while the same
# characters within a longer string are read (男女).
# No error, no replacement character. One would guess that extraction needs the font's ToUnicode or CMap alone, which are there: the
# longer strings come out right. Cells of tables, names and full stops at a line's end vanish so, and figures beside them stay.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pypdfium2==5.15.2 reportlab==5.1.0
mkdir "$folder/no-fonts"
"$folder/venv/bin/python" - "$folder" <<'PY'
import ctypes, io, sys
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
import pypdfium2_raw as pdfium

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
written = io.BytesIO()
canvas = Canvas(written)
canvas.setFont("STSong-Light", 14)
for x, words in ((80, "区"), (180, "男女"), (280, "女")):
    canvas.drawString(x, 700, words)
canvas.drawString(80, 660, "每日轮值两班")
canvas.drawString(164, 660, "。")
canvas.save()
data = written.getvalue()

# PDFium looks for substitute fonts in this folder alone, so that the machine's own fonts do not matter.
paths = (ctypes.POINTER(ctypes.c_char) * 2)(ctypes.cast(ctypes.c_char_p(f"{sys.argv[1]}/no-fonts".encode()), ctypes.POINTER(ctypes.c_char)), None)
config = pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=paths, m_pIsolate=None, m_v8EmbedderSlot=0)
pdfium.FPDF_InitLibraryWithConfig(ctypes.byref(config))
buffer = ctypes.create_string_buffer(data, len(data))
document = pdfium.FPDF_LoadMemDocument64(buffer, len(data), None)
page = pdfium.FPDF_LoadPage(document, 0)
text_page = pdfium.FPDFText_LoadPage(page)
text = "".join(chr(pdfium.FPDFText_GetUnicode(text_page, i)) for i in range(pdfium.FPDFText_CountChars(text_page)))
print(repr(text))
drawn = {"区": 1, "男女": 1, "女": 2, "每日轮值两班": 1, "。": 1}
seen = {words: text.count(words) for words in drawn}
print("drawn:", drawn)
print("read: ", seen)
sys.exit(seen != {"区": 0, "男女": 1, "女": 1, "每日轮值两班": 1, "。": 0})
PY
echo "as described"
