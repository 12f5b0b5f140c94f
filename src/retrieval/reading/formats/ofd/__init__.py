"""Reads OFD files (GB/T 33190) by the positions of their characters.

In: the bytes of one file. Out: a `Document` of paragraphs; what templates and annotations draw, and what is invisible, in
the ledger.
"""

from retrieval.reading.formats.ofd.objects import TextCode, text_codes
from retrieval.reading.formats.ofd.package import OfdPage, open_package
from retrieval.reading.formats.ofd.reader import read_ofd

__all__ = ["OfdPage", "TextCode", "open_package", "read_ofd", "text_codes"]
