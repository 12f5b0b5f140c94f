"""The news of a generation for a subscription: the matching passages whose text it has not been compared with before.

A subscription remembers the texts that matched, so that it does not matter how many rebuilds there were meanwhile. What came by
a full rebuild, with another encoder or as a first build is no news; after a rollback nothing is, nor what comes back after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.subscriptions.matches import TooManyMatchesError, digests, matching_passages
from bot.subscriptions.subscription import Subscription
from retrieval.building import reports
from retrieval.errors import BulletinBotError
from retrieval.index import Index, collections, generations


@dataclass(frozen=True, slots=True)
class Comparison:
    """A subscription compared with a generation."""

    generation: str
    seen: frozenset[str]
    """Digests, as in `Subscription`."""
    news: tuple[str, ...]
    """Ids of the passages to tell of."""


def compare(subscription: Subscription, whole: Index, index_folder: Path) -> Comparison:
    """The subscription compared with the index in service, all collections of which are given."""
    generation, before = whole.name, subscription.seen
    try:
        index = collections.within(whole, subscription.collections)
        found = digests(matching_passages(subscription.words, index))
    except (
        TooManyMatchesError,
        BulletinBotError,
    ):  # the collection is gone, or the topic has grown into all of it
        return Comparison(generation, before, ())
    now = frozenset(found.values())
    if generation < subscription.generation:  # names are times: this one was rolled back to
        return Comparison(generation, before | now, ())
    quiet = _quiet_passages(subscription.generation, generation, index_folder)
    if quiet is None:
        return Comparison(generation, now, ())
    news = (
        passage_id for passage_id, digest in found.items() if digest not in before and passage_id not in quiet
    )
    return Comparison(generation, now, tuple(news))


def _quiet_passages(after: str, until: str, index_folder: Path) -> frozenset[str] | None:
    """The passages that came by builds that are no news, of those whose reports are there; None if one was a first build."""
    quiet: set[str] = set()
    for folder in generations.generation_folders(index_folder):
        report = reports.read_report(folder) if after < folder.name <= until else None
        if report is None:
            continue
        if report.replaces is None:
            return None
        if report.full or report.encoder_before not in (None, report.encoder):
            quiet |= {change.passage_id for change in report.details if change.kind != "removed"}
    return frozenset(quiet)
