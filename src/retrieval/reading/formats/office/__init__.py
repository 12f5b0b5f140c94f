"""Reads files of office programs (.doc, .wps, .rtf, .odt) through LibreOffice and the reader of .docx.

In: the bytes of one file, or of many to convert in one call. Out: a `Document`; without LibreOffice, what to install.
"""

from retrieval.reading.formats.office.conversion import convert_all
from retrieval.reading.formats.office.program import INSTALL, libreoffice
from retrieval.reading.formats.office.reader import convertible, read_office

__all__ = ["INSTALL", "convert_all", "convertible", "libreoffice", "read_office"]
