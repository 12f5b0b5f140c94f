"""The sandbox's job of OCR: renders pages and recognises their lines with RapidOCR, each page kept as it is done."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import io
import json
from pathlib import Path
from typing import Any

from retrieval.reading.formats.conversion import Tool, write_part

INSTALL = "`make ocr` adds the reading of scans"
DPI = 200
# Of a rendered page, on its longer side: A3 at 200 dots an inch; a larger page is rendered coarser.
_MOST_PIXELS = 3_400
_QUALITY = 60
# Raised when pages are rendered or recognised otherwise than before.
_SETTINGS = 1


def ocr_tool() -> Tool:
    """The OCR engine with its version, found without importing it."""
    try:
        versions = [importlib.metadata.version(name) for name in ("rapidocr", "onnxruntime")]
    except importlib.metadata.PackageNotFoundError:
        return Tool("rapidocr", None)
    return Tool("rapidocr", "-".join([*versions, str(_SETTINGS)]))


def page_part(number: int) -> str:
    """The name under which the lines of a page, counted from 0, are kept; its picture has the ending .jpg."""
    return f"page-{number + 1:04}.json"


def picture_part(number: int) -> str:
    """The name under which the picture of a page is kept."""
    return f"page-{number + 1:04}.jpg"


def recognize_into_folder(request: bytes) -> bytes:
    """The job: a line of JSON (folder, page numbers), then the PDF; writes each page's lines and picture."""
    import pypdfium2 as pdfium

    header, _, content = request.partition(b"\n")
    folder, pages = json.loads(header)
    engine = _engine()
    pdf = pdfium.PdfDocument(content)
    for number in pages:
        picture = _rendered(pdf[number])
        lines = _lines(engine, picture)
        height, width = picture.shape[:2]
        write_part(Path(folder), picture_part(number), _jpeg(picture))
        # The lines are written last: a page is done when they are there.
        write_part(Path(folder), page_part(number), json.dumps([width, height, lines]).encode())
    return b""


def _engine() -> Any:
    """RapidOCR on one thread; it drops no line by its score, since what is left out has to be named."""
    from rapidocr import RapidOCR

    settings = {
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.text_score": 0.0,
        "Global.log_level": "critical",
    }
    return RapidOCR(params=settings)


def _rendered(page: Any) -> Any:
    """The page as (height, width, 3) bytes."""
    width, height = page.get_size()
    scale = min(DPI / 72, _MOST_PIXELS / max(width, height, 1))
    return page.render(scale=scale).to_numpy()[:, :, :3]


def _lines(engine: Any, picture: Any) -> list[tuple[str, float, list[list[float]]]]:
    """Text, score and the four corners, from the upper left one clockwise in pixels, of each line.

    `use_cls=False`: the step that looks for lines upside down turns upright ones over and loses them.
    """
    result = engine(picture, use_cls=False)
    if result.txts is None:
        return []
    boxes = [[[float(x), float(y)] for x, y in box] for box in result.boxes]
    return [*zip(result.txts, map(float, result.scores), boxes, strict=True)]


def _jpeg(picture: Any) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(picture).convert("L").save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
