"""Bounds on the requests of one address or one key: a token bucket each."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

Clock = Callable[[], float]
"""Seconds that never go back."""

_MOST_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RequestLimiter:
    """Admits `burst` requests at once and `per_minute` of them in the long run, for each caller alone.

    Of more callers than it remembers, those not seen for the longest time are forgotten.
    """

    def __init__(self, burst: int, per_minute: int, clock: Clock) -> None:
        self._burst, self._per_second, self._clock = float(burst), per_minute / 60, clock
        self._buckets: dict[Hashable, _Bucket] = {}

    def seconds_to_wait(self, caller: Hashable) -> float:
        """0 for a request that is admitted; else the seconds after which the next one would be."""
        now = self._clock()
        bucket = self._buckets.pop(caller, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + max(0.0, now - bucket.at) * self._per_second)
        bucket.at = now
        self._buckets[caller] = bucket
        if len(self._buckets) > _MOST_BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / self._per_second
