"""Arrays, texts and rows in files; durable writes; the manifest, the pointer and the lock of an index folder.

In: arrays and objects. Out: files that are synced before they are used, and mapped views of them.
"""

from retrieval.storage import (
    array_files,
    current_pointer,
    durable_files,
    earlier_ids,
    lock,
    manifests,
    row_ranges,
    text_column,
)
from retrieval.storage.passage_store import PassageStore
from retrieval.storage.spill_files import SpillFile

__all__ = [
    "PassageStore",
    "SpillFile",
    "array_files",
    "current_pointer",
    "durable_files",
    "earlier_ids",
    "lock",
    "manifests",
    "row_ranges",
    "text_column",
]
