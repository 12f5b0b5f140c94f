"""Documents to bulletins, items, sections and passages with their places.

In: `Document`s. Out: `Reading`: passages in the order of the text, and findings.
"""

from retrieval.reading.structure import taken_out
from retrieval.reading.structure.bulletin_parser import outline_document
from retrieval.reading.structure.passage_builder import read_collection, read_files

__all__ = [
    "outline_document",
    "read_collection",
    "read_files",
    "taken_out",
]
