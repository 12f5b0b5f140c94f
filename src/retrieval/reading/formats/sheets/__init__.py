"""Reads workbooks (.xlsx) and tables as text (.csv): a row is a line, each value behind its heading.

In: the bytes of one file. Out: a `Document`; hidden sheets, rows and columns in the ledger.
"""

from retrieval.reading.formats.sheets.cell_values import shown_value
from retrieval.reading.formats.sheets.delimited import read_delimited
from retrieval.reading.formats.sheets.workbook import read_workbook

__all__ = ["read_delimited", "read_workbook", "shown_value"]
