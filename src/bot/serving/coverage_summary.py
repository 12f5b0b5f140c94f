"""Coverage of the index in service, and its quality as stored by `bulletin-bot evaluate --store`."""

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


@dataclass(frozen=True, slots=True)
class Quality:
    """Measured quality as shares of questions, 0 to 1; None where no question of the kind was asked."""

    questions: int
    first_hit: float | None
    first_quote: float | None
    wrong_refusals: float | None
    """Share of the questions with an answer."""
    near_answered: float | None
    """Share of the questions without an answer whose topic is covered; each such answer is wrong."""
    far_answered: float | None
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
    """The newest stored measurement of the same files under the same encoder; None if there is none."""
    folder = (questions if questions.is_dir() else questions.parent) / RESULTS
    for path in sorted(folder.glob("*.json"), reverse=True):
        fields = _read(path)
        is_same_encoder = manifests.is_served_by(str(fields.get("encoder")), manifest.encoder)
        if is_same_encoder and fields.get("sources") == manifest.sources:
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
    questions = fields.get("questions")
    return Quality(
        questions=questions if isinstance(questions, int) else 0,
        first_hit=_share(fields, "hit_at_1"),
        first_quote=_share(fields, "first_quote"),
        wrong_refusals=_share(fields, "wrong_refusals"),
        near_answered=_rest(_share(fields, "near_misses_refused")),
        far_answered=_rest(_share(fields, "far_refused")),
        day=name["day"] if name else path.stem,
        commit=name["commit"] if name else "—",
    )


def _share(fields: Mapping[str, object], name: str) -> float | None:
    value = fields.get(name)
    return float(value) if isinstance(value, int | float) else None


def _rest(share: float | None) -> float | None:
    return None if share is None else 1.0 - share
