"""Questions that arrive at the same time, embedded in one pass of the model."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise

from retrieval.types import Encoder, Encoding, Extractor

MOST_TEXTS = 32
"""Most texts of one pass: bounds how long a question waits for the others; not tuned."""


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    texts: tuple[str, ...]
    result: Future[Encoding] = field(default_factory=Future)
    woken: threading.Event = field(default_factory=threading.Event)
    """Set when the result is there or, without one, when the thread of this call is to run the next pass."""


class BatchingEncoder:
    """An `Encoder` for many threads around one that runs in a single thread at a time.

    A question that arrives alone is embedded at once, in the thread of its caller; those that arrive while the model runs
    make up the next pass, in the order of their arrival, in the thread of one of them. Each caller gets what it would get
    alone, errors too. (Flat combining, Hendler et al. 2010.)
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._waiting: list[_Call] = []  # in the order of their arrival; the first runs the pass
        self._lock = threading.Lock()
        self._is_closed = False

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def extractor(self) -> Extractor | None:
        """That of the encoder; it runs in the threads of its callers."""
        return self._encoder.extractor

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as questions, in one pass with those of other callers; raises RuntimeError after `close`."""
        call = _Call(tuple(texts))
        self._join(call)
        try:
            call.woken.wait()
            if not call.result.done():
                self._embed_waiting()
        finally:
            self._leave(call)
        return call.result.result()

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as passages, in the thread of the caller."""
        return self._encoder.encode_passages(texts)

    def close(self) -> None:
        """Refuse what is asked from now on; what waits is still embedded."""
        with self._lock:
            self._is_closed = True

    def _join(self, call: _Call) -> None:
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the encoder is closed")
            self._waiting.append(call)
            if self._waiting[0] is call:
                call.woken.set()

    def _leave(self, call: _Call) -> None:
        """Remove a call that is answered or interrupted (Ctrl-C).

        With the first go those that its pass has answered, and the next one is woken.
        """
        with self._lock:
            was_first = self._waiting[:1] == [call]
            self._waiting = [
                other
                for other in self._waiting
                if other is not call and not (was_first and other.result.done())
            ]
            if was_first and self._waiting:
                self._waiting[0].woken.set()

    def _embed_waiting(self) -> None:
        """One pass for the calls that have waited longest, of which the caller's is the first."""
        calls = self._next_calls()
        try:
            encoding = self._encoder.encode_queries(list(chain.from_iterable(call.texts for call in calls)))
        except Exception:  # noqa: BLE001 - raised again for the caller whose texts cause it
            for call in calls:
                self._embed_alone(call)
            return
        ends = accumulate((len(call.texts) for call in calls), initial=0)
        for call, (start, end) in zip(calls, pairwise(ends), strict=True):
            part = slice(start, end)
            call.result.set_result(
                Encoding(encoding.vectors[part], encoding.tokens[part], encoding.spans[part])
            )
            call.woken.set()

    def _next_calls(self) -> list[_Call]:
        """The calls that have waited longest: at least one, and of more at most MOST_TEXTS texts in all."""
        with self._lock:
            ends = accumulate(len(call.texts) for call in self._waiting)
            return [
                call
                for call, end in zip(self._waiting, ends, strict=True)
                if call is self._waiting[0] or end <= MOST_TEXTS
            ]

    def _embed_alone(self, call: _Call) -> None:
        try:
            call.result.set_result(self._encoder.encode_queries(call.texts))
        except Exception as error:  # noqa: BLE001 - raised in the thread of the caller
            call.result.set_exception(error)
        call.woken.set()
