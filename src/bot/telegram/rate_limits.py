"""Limit on the messages of one person: a token bucket each, measured when a message arrives.

`handlers.dispatch` sends the notice, `texts.delivery.too_many`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum, auto

Clock = Callable[[], float]

# Tokens a message. People who wait for each answer before they go on, or leaf through pages, pay half: the limit is
# against floods.
_COST = 1.0
_COST_WITH_NOTHING_WAITING = 0.5

_MOST_BUCKETS = 10_000


class Admission(Enum):
    """Decision on a message."""

    TAKEN = auto()
    DROPPED_WITH_NOTICE = auto()
    """The first message above the limit: the person is to be informed."""
    DROPPED = auto()


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    """Time when the tokens were counted, in seconds of the clock."""
    is_flooding: bool = False


class RateLimiter:
    """Admits `burst` messages of a person at once and `per_minute` of them in the long run.

    Messages above the limit are dropped, with one notice an episode. An episode lasts until the person has been
    quiet for so long that their bucket is full again.
    """

    def __init__(self, burst: int, per_minute: int, clock: Clock) -> None:
        self._burst = float(burst)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: dict[Hashable, _Bucket] = {}
        self.dropped = 0
        """Number of dropped messages since the start."""
        self.episodes = 0
        """Number of notices since the start."""

    def check(self, person: Hashable, *, has_waiting: bool) -> Admission:
        """Decision on a message of the person; `has_waiting` if an earlier one of theirs is not answered yet."""
        bucket = self._refilled(person)
        cost = _COST if has_waiting else _COST_WITH_NOTHING_WAITING
        if bucket.tokens >= cost:
            bucket.tokens -= cost
            return Admission.TAKEN
        return self._dropped(bucket)

    def drop(self, person: Hashable) -> Admission:
        """Drop a message of the person for lack of room; no token is taken from their bucket."""
        return self._dropped(self._refilled(person))

    def _dropped(self, bucket: _Bucket) -> Admission:
        self.dropped += 1
        if bucket.is_flooding:
            return Admission.DROPPED
        bucket.is_flooding = True
        self.episodes += 1
        return Admission.DROPPED_WITH_NOTICE

    def _refilled(self, person: Hashable) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(person)
        if bucket is None:
            self._remove_full_buckets(now)
            bucket = self._buckets[person] = _Bucket(self._burst, now)
        bucket.tokens = self._tokens(bucket, now)
        bucket.at = now
        if bucket.tokens >= self._burst:
            bucket.is_flooding = False
        return bucket

    def _tokens(self, bucket: _Bucket, now: float) -> float:
        return min(self._burst, bucket.tokens + max(0.0, now - bucket.at) * self._per_second)

    def _remove_full_buckets(self, now: float) -> None:
        """Bound the memory: a full bucket is the same as a new one."""
        if len(self._buckets) >= _MOST_BUCKETS:
            self._buckets = {
                person: bucket
                for person, bucket in self._buckets.items()
                if self._tokens(bucket, now) < self._burst
            }
