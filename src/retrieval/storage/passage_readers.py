"""Passages from their columns and texts, read one by one and kept while they are used."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from retrieval.storage.array_files import AnyArray
from retrieval.storage.passage_columns import (
    NONE,
    RECOGNIZED,
    Item,
    SectionPath,
    recognition_from_json,
    sections_from_json,
)
from retrieval.storage.text_column import Texts
from retrieval.types import Passage

# Objects cached, the most recently used: all of a small collection, some 20 MB of a large one.
OBJECTS_CACHED = 8192


def passage_readers(
    columns: Mapping[str, AnyArray], texts: Mapping[str, Texts], objects_cached: int
) -> tuple[Callable[[int], Item], Callable[[int], Passage]]:
    """A function from a row to its item, and one from a position to its passage.

    Neither may refer to the store, or a cycle keeps the store alive.
    """
    cached = functools.lru_cache(objects_cached)
    sections = cached(lambda row: sections_from_json(texts["section_texts"][row]))
    items = cached(lambda row: Item.from_json(texts["item_texts"][row]))
    return items, cached(_passage_reader(columns, texts, items, sections))


def _passage_reader(
    columns: Mapping[str, AnyArray],
    texts: Mapping[str, Texts],
    item_of: Callable[[int], Item],
    sections_of: Callable[[int], SectionPath],
) -> Callable[[int], Passage]:
    recognized = texts.get(RECOGNIZED)

    def read(position: int) -> Passage:
        item, line = item_of(int(columns["items"][position])), int(columns["lines"][position])
        return Passage(
            passage_id=f"{int(columns['ids'][position]):016x}",
            file=item.file,
            line=None if line == NONE else line,
            collection=item.collection,
            bulletin=item.bulletin,
            bulletin_title=item.bulletin_title,
            place=item.place,
            section_path=sections_of(int(columns["sections"][position])),
            lead=item.lead,
            text=texts["texts"][position],
            date=item.date,
            issue=item.issue,
            recognized=recognition_from_json(recognized[position]) if recognized else None,
        )

    return read
