"""Reads web pages: their blocks, the text among them, and tables.

In: the bytes of one page. Out: a `Document` of headings, paragraphs, list items and table rows; what is beside the text is
left out with its reason.
"""

from retrieval.reading.formats.html.nesting import parse_fragment
from retrieval.reading.formats.html.reader import read_web_page
from retrieval.reading.formats.html.text import BLOCKS, loose_table_texts, table_rows, tidy

__all__ = ["BLOCKS", "loose_table_texts", "parse_fragment", "read_web_page", "table_rows", "tidy"]
