"""Results of slow programs, kept by the digest of the file and the version of the program.

In: bytes of a file and a `Tool`. Out: folders and files below the cache folder of the user, or below `CONVERSION_CACHE`.
"""

from retrieval.reading.formats.conversion.cache import (
    Tool,
    drop_conversions,
    entry_folder,
    find_kept,
    keep,
    source_of,
    write_part,
)
from retrieval.reading.formats.conversion.progress import report_progress, reporting_progress

__all__ = [
    "Tool",
    "drop_conversions",
    "entry_folder",
    "find_kept",
    "keep",
    "report_progress",
    "reporting_progress",
    "source_of",
    "write_part",
]
