"""Quotes with their sources as files to take away: a Word document with footnotes, or Markdown.

In: quotes and the texts of a language. Out: `ExportFile`, a name with its content. python-docx is loaded with the first
Word document.
"""

from bot.export.cited_quotes import ExportDocument, document_of
from bot.export.export_file import ExportFile, ExportFormat, export_file, save

__all__ = ["ExportDocument", "ExportFile", "ExportFormat", "document_of", "export_file", "save"]
