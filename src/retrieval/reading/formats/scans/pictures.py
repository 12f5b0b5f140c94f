"""The picture of a recognised passage, cut from the pages that were kept with it."""

from __future__ import annotations

import io
import json
from dataclasses import astuple

from retrieval.reading import sandbox
from retrieval.reading.formats.conversion import find_kept
from retrieval.reading.formats.scans.engine import ocr_tool, picture_part
from retrieval.types import PageRegion, Recognition

_SECONDS = 20
_WIDEST = 1_280
_GAP = 12
_QUALITY = 70


def cut_picture(recognition: Recognition) -> bytes | None:
    """A JPEG of the regions, one below the other; None where their pages are no longer kept."""
    pages = sorted({region.page for region in recognition.regions})
    pictures = [find_kept(recognition.source, ocr_tool(), picture_part(page)) for page in pages]
    kept = {page: picture for page, picture in zip(pages, pictures, strict=True) if picture}
    if not kept:
        return None
    regions = [region for region in merged(recognition.regions) if region.page in kept]
    header = json.dumps(
        [[len(kept[page]) for page in kept], [*kept], [astuple(region) for region in regions]]
    )
    try:
        return sandbox.run(
            stacked, header.encode() + b"\n" + b"".join(kept.values()), sandbox.Limits(_SECONDS)
        )
    except sandbox.UnreadableFileError:
        return None


def merged(regions: tuple[PageRegion, ...]) -> list[PageRegion]:
    """The regions with those that stand one below the other in a column as one."""
    joined: list[PageRegion] = []
    for region in regions:
        last = joined[-1] if joined else None
        if last and last.page == region.page and last.left < region.right and region.left < last.right:
            joined[-1] = PageRegion(
                region.page,
                min(last.left, region.left),
                min(last.top, region.top),
                max(last.right, region.right),
                max(last.bottom, region.bottom),
            )
        else:
            joined.append(region)
    return joined


def stacked(request: bytes) -> bytes:
    """The sandbox's job: a line of JSON (sizes of the pages in bytes, their numbers, the regions), then the pages."""
    try:
        from PIL import Image
    except ImportError as error:
        raise sandbox.UnreadableFileError("Pillow is missing") from error
    header, _, content = request.partition(b"\n")
    sizes, numbers, regions = json.loads(header)
    pages = {}
    for number, size in zip(numbers, sizes, strict=True):
        pages[number] = Image.open(io.BytesIO(content[:size])).convert("L")
        content = content[size:]
    parts = []
    for page, left, top, right, bottom in regions:
        width, height = pages[page].size
        parts.append(
            pages[page].crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
        )
    sheet = Image.new("L", (max(p.width for p in parts), sum(p.height + _GAP for p in parts) - _GAP), 255)
    top = 0
    for part in parts:
        sheet.paste(part, (0, top))
        top += part.height + _GAP
    sheet.thumbnail((_WIDEST, 4 * _WIDEST))
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
