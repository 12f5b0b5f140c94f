"""How much one person may send: a bucket of tokens each, measured when a message arrives."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum, auto

Clock = Callable[[], float]

# Who waits for each answer before going on, or leafs through pages, is not what the limit is for.
_COST = 1.0
_COST_WITH_NOTHING_WAITING = 0.5

_MOST_BUCKETS = 10_000


class Admission(Enum):
    """What becomes of a message."""

    TAKEN = auto()
    DROPPED_WITH_NOTICE = auto()
    """The first that is too much: the person is to be told."""
    DROPPED = auto()


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    is_flooding: bool = False


class RateLimiter:
    """Takes `burst` messages at once from a person and `per_minute` of them in the long run.

    What is too much is dropped, with one notice an episode; an episode lasts until the person has been quiet for so
    long that the whole burst is theirs again.
    """

    def __init__(self, burst: int, per_minute: int, clock: Clock) -> None:
        self._burst = float(burst)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: dict[Hashable, _Bucket] = {}
        self.dropped = 0
        """Messages so far."""
        self.episodes = 0
        """Notices so far."""

    def check(self, person: Hashable, *, has_waiting: bool) -> Admission:
        """What becomes of a message of the person; `has_waiting`: an earlier one of theirs is not answered yet."""
        bucket = self._refilled(person)
        cost = _COST if has_waiting else _COST_WITH_NOTHING_WAITING
        if bucket.tokens >= cost:
            bucket.tokens -= cost
            return Admission.TAKEN
        return self._dropped(bucket)

    def drop(self, person: Hashable) -> Admission:
        """Leave out a message of the person that has no room; what they may send otherwise is not touched."""
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
            self._forget_the_quiet(now)
            bucket = self._buckets[person] = _Bucket(self._burst, now)
        bucket.tokens = self._tokens(bucket, now)
        bucket.at = now
        if bucket.tokens >= self._burst:
            bucket.is_flooding = False
        return bucket

    def _tokens(self, bucket: _Bucket, now: float) -> float:
        return min(self._burst, bucket.tokens + max(0.0, now - bucket.at) * self._per_second)

    def _forget_the_quiet(self, now: float) -> None:
        """A full bucket says nothing that a new one does not."""
        if len(self._buckets) >= _MOST_BUCKETS:
            kept = {
                person: bucket
                for person, bucket in self._buckets.items()
                if self._tokens(bucket, now) < self._burst
            }
            self._buckets = kept
