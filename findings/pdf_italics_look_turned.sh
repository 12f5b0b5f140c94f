#!/usr/bin/env bash
# PDFium's angle of a character tells a sheared letter for a turned one.
#
# pypdfium2 5.15.2 (FPDFText_GetCharAngle), a PDF by reportlab 5.1.0 with two lines in the same font: one upright, one under the text
# matrix [1 0 0.33 1], which is how programs write the italics of fonts that have none, as all Chinese fonts.
# Seen: 0.0 for the upright line, 0.32 radians (18 degrees) for the sheared one, whose base line is level: the angle is taken
# of the matrix's second column. FPDFText_GetMatrix gives the base line, atan2(b, a) = 0.
# One would guess 0 for both, as for a reader's eye, and take slanted letters (watermarks) to be what has another angle: that throws
# away emphasised sentences.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pypdfium2==5.15.2 reportlab==5.1.0
"$folder/venv/bin/python" - <<'PY'
import ctypes, io, math, sys
import pypdfium2, pypdfium2.raw as pdfium
from reportlab.pdfgen.canvas import Canvas

written = io.BytesIO()
canvas = Canvas(written)
for y, shear in ((700, 0.0), (660, 0.33)):
    text = canvas.beginText()
    text.setFont("Helvetica", 14)
    text.setTextTransform(1, 0, shear, 1, 80, y)
    text.textLine("emphasis")
    canvas.drawText(text)
canvas.save()
text_page = pypdfium2.PdfDocument(written.getvalue())[0].get_textpage()
angles, base_lines = [], []
for number in range(text_page.count_chars()):
    if chr(pdfium.FPDFText_GetUnicode(text_page, number)) == "m":
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text_page, number, ctypes.byref(matrix))
        angles.append(round(pdfium.FPDFText_GetCharAngle(text_page, number), 2))
        base_lines.append(round(math.atan2(matrix.b, matrix.a), 2))
print("angle of m, upright and sheared:", angles, "base line:", base_lines)
turned = min(angles[1], 2 * math.pi - angles[1])
sys.exit(not (angles[0] == 0.0 and 0.2 < turned < 0.4 and base_lines == [0.0, 0.0]))
PY
echo "as described"
