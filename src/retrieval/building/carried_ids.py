"""Carries the ids of the generation in service over to the next one, for passages whose path changed and whose text did not."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from retrieval.building import diff
from retrieval.errors import BulletinBotError
from retrieval.index import generations
from retrieval.storage import PassageStore, earlier_ids
from retrieval.types import Passage

logger = logging.getLogger(__name__)

# By which a passage is known again, the nearest first: a file may be renamed, and a bulletin be labelled otherwise.
_Key = Callable[[Passage], tuple[str, ...]]
_KEYS: tuple[_Key, ...] = (
    lambda passage: (passage.file, passage.bulletin, passage.text),
    lambda passage: (passage.file, passage.text),
    lambda passage: (passage.text,),
)


def carry_ids(index_folder: Path, passages: PassageStore) -> earlier_ids.EarlierIds:
    """The ids of the generation in service, and those that it carries itself, that the passages no longer have."""
    before = _passages_in_service(index_folder)
    if before is None:
        return earlier_ids.EarlierIds.of(())
    moved = {entry.earlier: entry for entry in _moved(before, passages)}
    carried = (_carried(entry, moved, passages) for entry in before.earlier_ids.entries())
    entries = (*(entry for entry in carried if entry), *moved.values())
    return earlier_ids.EarlierIds.of(entry for entry in entries if not passages.holds(entry.earlier))


def _passages_in_service(index_folder: Path) -> PassageStore | None:
    """The passages in service, also of an index that another version wrote; None if they cannot be read."""
    try:
        return PassageStore.load(generations.current_folder(index_folder) / "passages")
    except BulletinBotError:
        return None  # nothing was built yet
    except (OSError, ValueError, KeyError) as error:
        logger.warning("The links to the passages in service are not carried over: %s", error)
        return None


def _carried(
    entry: earlier_ids.EarlierId, moved: dict[int, earlier_ids.EarlierId], passages: PassageStore
) -> earlier_ids.EarlierId | None:
    """The entry of the generation before as it holds now."""
    if passages.holds(entry.current):
        return entry
    following = moved.get(entry.current)
    if following is None:
        return None
    is_same = entry.is_same_text and following.is_same_text
    return earlier_ids.EarlierId(entry.earlier, following.current, is_same)


def _moved(before: PassageStore, after: PassageStore) -> Iterator[earlier_ids.EarlierId]:
    """The present ids of passages whose ids are gone: first those of the same text, then of what replaced them."""
    gone = diff.only_in(before, after)
    if not gone:
        return
    remaining = gone
    for key in _KEYS:
        known = _grouped(key, _with_texts(after, remaining))
        for passage, same in _paired(key, remaining, known):
            yield earlier_ids.EarlierId(
                int(passage.passage_id, 16), int(same.passage_id, 16), is_same_text=True
            )
        remaining = [passage for passage in remaining if key(passage) not in known]
    for older, newer in diff.replaced_passages(remaining, diff.only_in(after, before)):
        yield earlier_ids.EarlierId(int(older.passage_id, 16), int(newer.passage_id, 16), is_same_text=False)


def _with_texts(passages: Sequence[Passage], wanted: Sequence[Passage]) -> Iterator[Passage]:
    """The passages that have the text of one of the wanted."""
    texts = {passage.text for passage in wanted}
    return (passage for passage in passages if passage.text in texts) if texts else iter(())


def _grouped(key: _Key, passages: Iterable[Passage]) -> dict[tuple[str, ...], list[Passage]]:
    grouped: dict[tuple[str, ...], list[Passage]] = defaultdict(list)
    for passage in passages:
        grouped[key(passage)].append(passage)
    return dict(grouped)


def _paired(
    key: _Key, gone: Sequence[Passage], known: dict[tuple[str, ...], list[Passage]]
) -> Iterator[tuple[Passage, Passage]]:
    """Each with the passage of the same key; of several the first with the first and so on."""
    for value, passages in _grouped(key, gone).items():
        same = known.get(value, [])
        for ordinal, passage in enumerate(passages if same else ()):
            yield passage, same[min(ordinal, len(same) - 1)]
