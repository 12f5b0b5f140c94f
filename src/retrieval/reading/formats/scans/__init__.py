"""Reads pages that are pictures by OCR, where the extra `ocr` is installed; every text is marked as recognised.

In: a PDF and the numbers of its pages without text. Out: printed rows with scores and regions, in the way of printed text.
"""

from retrieval.reading.formats.scans.engine import INSTALL, ocr_tool
from retrieval.reading.formats.scans.pictures import cut_picture
from retrieval.reading.formats.scans.reader import recognize_file, recognize_pages

__all__ = ["INSTALL", "cut_picture", "ocr_tool", "recognize_file", "recognize_pages"]
