"""Coverage of the index in service, and its quality on held-out questions as `bulletin-bot evaluate --store` keeps it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.index import Index
from retrieval.reading import date_of
from retrieval.storage import manifests

RESULTS = "results"
"""The folder beside the evaluation questions where `bulletin-bot evaluate --store` writes."""

_FILE_NAME = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})-(?P<commit>\w+)")


_HELD_OUT = "heldout"
"""The `set` of a stored result whose figures may be shown: the development questions were tuned on."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of questions with its 95 % interval, each 0 to 1."""

    value: float
    low: float
    high: float

    @property
    def rest(self) -> Share:
        """The share of the other questions."""
        return Share(1.0 - self.value, 1.0 - self.high, 1.0 - self.low)


@dataclass(frozen=True, slots=True)
class Quality:
    """Measured quality on held-out questions; None where no question of the kind was asked."""

    questions: int
    first_hit: Share | None
    first_quote: Share | None
    wrong_refusals: Share | None
    """Of the questions with an answer."""
    near_answered: Share | None
    """Of the questions without an answer whose topic is covered; each such answer is wrong."""
    far_answered: Share | None
    day: str
    commit: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts, names and dates of an index."""

    places: tuple[str, ...]
    bulletins: int
    passages: int
    dates: tuple[str, ...]
    """Dates in the titles of bulletins, each once, in their order; often none."""
    built_at: str
    """UTC, ISO 8601."""


def coverage_of(index: Index) -> Coverage:
    """Counts, names, dates and build time of an index, for `/about`."""
    bulletins = index.passages.bulletins
    return Coverage(
        places=tuple(place.name for place in index.places),
        bulletins=len({(bulletin.file, bulletin.label) for bulletin in bulletins}),
        passages=len(index.passages),
        dates=_dates(bulletin.title for bulletin in bulletins),
        built_at=index.manifest.built_at,
    )


def _dates(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(date for title in dict.fromkeys(titles) if (date := date_of(title))))


def measured_quality(questions: Path, manifest: manifests.Manifest) -> Quality | None:
    """The newest stored measurement on held-out questions of the same files and encoder; None if there is none."""
    folder = (questions if questions.is_dir() else questions.parent) / RESULTS
    for path in sorted(folder.glob("*.json"), reverse=True):
        fields = _read(path)
        is_same_encoder = manifests.is_served_by(str(fields.get("encoder")), manifest.encoder)
        is_same = is_same_encoder and fields.get("sources") == manifest.sources
        if is_same and fields.get("set") == _HELD_OUT:
            return _quality(fields, path)
    return None


def _read(path: Path) -> Mapping[str, object]:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _quality(fields: Mapping[str, object], path: Path) -> Quality:
    name = _FILE_NAME.fullmatch(path.stem)
    questions, intervals = fields.get("questions"), fields.get("intervals")
    shares = intervals if isinstance(intervals, dict) else {}
    near, far = _share(shares, "near_misses_refused"), _share(shares, "far_refused")
    return Quality(
        questions=questions if isinstance(questions, int) else 0,
        first_hit=_share(shares, "hit_at_1"),
        first_quote=_share(shares, "first_quote"),
        wrong_refusals=_share(shares, "wrong_refusals"),
        near_answered=near and near.rest,
        far_answered=far and far.rest,
        day=name["day"] if name else path.stem,
        commit=name["commit"] if name else "—",
    )


def _share(intervals: Mapping[str, object], name: str) -> Share | None:
    stored = intervals.get(name)
    numbers = [stored.get(part) for part in ("value", "low", "high")] if isinstance(stored, dict) else []
    found = [float(number) for number in numbers if isinstance(number, int | float)]
    return Share(*found) if len(found) == 3 else None
