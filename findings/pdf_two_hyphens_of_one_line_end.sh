#!/usr/bin/env bash
# PDFium has two other characters for the hyphen at the end of a line, one for each of its calls, and neither is a hyphen.
#
# pypdfium2 5.15.2, a PDF by reportlab 5.1.0 with "cor-" and "ners" on two lines. Seen: FPDFText_GetUnicode gives U+0002 for the
# hyphen, FPDFText_GetText (get_text_range) U+FFFE, and the line end behind it is gone from both. "2023-" and "2024" on two lines
# keep "-" and the line end. One would guess "-" or a soft hyphen, and the same one from both; who drops control characters and
# noncharacters, as a careful reader of strange files does, loses a visible hyphen in one and glues words in the other.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pypdfium2==5.15.2 reportlab==5.1.0
"$folder/venv/bin/python" - <<'PY'
import io, sys
import pypdfium2, pypdfium2.raw as pdfium
from reportlab.pdfgen.canvas import Canvas

def read(first, second):
    written = io.BytesIO()
    canvas = Canvas(written)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(80, 700, first)
    canvas.drawString(80, 684, second)
    canvas.save()
    text_page = pypdfium2.PdfDocument(written.getvalue())[0].get_textpage()
    codes = [pdfium.FPDFText_GetUnicode(text_page, number) for number in range(text_page.count_chars())]
    return text_page.get_text_range(), "".join(map(chr, codes))

words, figures = read("round the cor-", "ners"), read("2023-", "2024")
print(*map(ascii, words + figures), sep="\n")
sys.exit(not (words == ("round the cor\ufffeners", "round the cor\x02ners") and figures[0] == "2023-\r\n2024"))
PY
echo "as described"
