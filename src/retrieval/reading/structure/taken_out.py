"""Bulletins that were taken out for good: a record beside the files, by which every later reading leaves them out.

The record holds digests of the paragraphs and not their text, so that it recognises a copy under another name.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import BulletinBotError
from retrieval.language import fold
from retrieval.storage import durable_files
from retrieval.types import Finding, Passage

TAKEN_OUT_FILE = "taken_out.jsonl"
"""Name of the record in the folder of bulletins; whoever deletes a line of it lets the bulletin come back."""

_DIGITS = 16
# A bulletin of another name is the same if so large a share of its paragraphs was taken out.
_SAME_SHARE = 0.5

_Key = tuple[str, str, str]
"""File, label and title."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A bulletin that was taken out."""

    file: str
    """The name under which the file is cited."""
    label: str
    title: str
    day: str
    """ISO date, UTC."""
    paragraphs: tuple[str, ...]
    """Digests, as `paragraph_digest` gives them."""

    def is_of(self, key: _Key, digests: Sequence[str]) -> bool:
        """Whether a bulletin with these paragraphs is this one: by its name if any of them is, else by half of them."""
        known = frozenset(self.paragraphs)
        common = sum(digest in known for digest in digests)
        return (
            common > 0 if key == (self.file, self.label, self.title) else common >= _SAME_SHARE * len(digests)
        )


def paragraph_digest(text: str) -> str:
    """16 hexadecimal digits of a hash of the text, the same in both scripts and however it is spaced."""
    return folded_digest(fold(text))


def folded_digest(folded: str) -> str:
    """The digest of a paragraph whose text is folded already."""
    return hashlib.sha256("".join(folded.split()).encode(errors="replace")).hexdigest()[:_DIGITS]


def read_entries(folder: Path) -> tuple[TakenOut, ...]:
    """The record of a folder; raises BulletinBotError, with the line, if it cannot be read."""
    path = folder / TAKEN_OUT_FILE
    if not path.is_file():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BulletinBotError(f"{path} cannot be read: let this user read it, as UTF-8.") from error
    return tuple(_entry(line, number, path) for number, line in enumerate(lines, start=1) if line.strip())


def _entry(line: str, number: int, path: Path) -> TakenOut:
    try:
        fields = json.loads(line)
        return TakenOut(**{**fields, "paragraphs": tuple(fields["paragraphs"])})
    except (ValueError, KeyError, TypeError) as error:
        raise BulletinBotError(
            f"{path}, line {number}: this is no record of a bulletin that was taken out; mend the line, or delete it to "
            "let the bulletin come back."
        ) from error


def add_entry(folder: Path, entry: TakenOut) -> None:
    """Add a bulletin to the record, in one step that is durable; one that is there stays once."""
    entries = read_entries(folder)
    if entry not in entries:
        text = "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in (*entries, entry))
        durable_files.replace_text(folder / TAKEN_OUT_FILE, text)


def without(
    passages: Sequence[Passage], entries: Sequence[TakenOut]
) -> tuple[Sequence[Passage], tuple[Finding, ...]]:
    """The passages but for those of bulletins that were taken out, and a finding for each of these."""
    if not entries:
        return passages, ()
    found = {
        key: entry for key, digests in _digests(passages).items() if (entry := _of(key, digests, entries))
    }
    kept = [passage for passage in passages if _key(passage) not in found]
    return kept, tuple(_finding(key, entry) for key, entry in found.items())


def _digests(passages: Iterable[Passage]) -> dict[_Key, list[str]]:
    """The digests of the paragraphs of each bulletin."""
    digests: dict[_Key, list[str]] = defaultdict(list)
    for passage in passages:
        digests[_key(passage)].append(paragraph_digest(passage.text))
    return digests


def _of(key: _Key, digests: Sequence[str], entries: Sequence[TakenOut]) -> TakenOut | None:
    return next((entry for entry in entries if entry.is_of(key, digests)), None)


def _key(passage: Passage) -> _Key:
    return passage.file, passage.bulletin, passage.bulletin_title


def _finding(key: _Key, entry: TakenOut) -> Finding:
    file, label, title = key
    sentence = (
        f"{title or label} was taken out on {entry.day} and is left out; delete its line in {TAKEN_OUT_FILE} to let it "
        "come back"
    )
    return Finding(file, None, sentence)
