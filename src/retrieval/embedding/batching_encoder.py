"""Questions of many people at the same moment, embedded in one pass of the model."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise

from retrieval.types import Encoder, Encoding

MOST_TEXTS = 32
"""In one pass: a bound on how long one waits for the others; not tuned."""


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    texts: tuple[str, ...]
    result: Future[Encoding] = field(default_factory=Future)


class BatchingEncoder:
    """An `Encoder` for many threads around one that runs in a single thread.

    A question that comes alone goes at once; those that come while the model runs make up the next pass, in the order
    in which they came. Each caller gets what it would get alone, errors too.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._waiting: deque[_Call] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding")

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as questions, together with those of others; raises RuntimeError once it is closed."""
        call = _Call(tuple(texts))
        self._waiting.append(call)
        self._thread.submit(self._embed_waiting)
        return call.result.result()

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as what is searched, in the thread of the caller."""
        return self._encoder.encode_passages(texts)

    def close(self) -> None:
        """Embed what waits, and let the thread go."""
        self._thread.shutdown(wait=True)

    def _embed_waiting(self) -> None:
        """One pass for what waits; nothing where an earlier pass has taken it all."""
        calls = self._next_calls()
        if not calls:
            return
        try:
            together = self._encoder.encode_queries(list(chain.from_iterable(call.texts for call in calls)))
        except Exception:  # noqa: BLE001 - whose it is shows when each is embedded alone
            for call in calls:
                self._embed_alone(call)
            return
        ends = accumulate((len(call.texts) for call in calls), initial=0)
        for call, (start, end) in zip(calls, pairwise(ends), strict=True):
            part = together.vectors[start:end], together.tokens[start:end], together.spans[start:end]
            call.result.set_result(Encoding(*part))

    def _next_calls(self) -> list[_Call]:
        """The first that wait, at most MOST_TEXTS texts in all but always one call; only one thread takes."""
        calls: list[_Call] = []
        texts = 0
        while self._waiting and (not calls or texts + len(self._waiting[0].texts) <= MOST_TEXTS):
            calls.append(self._waiting.popleft())
            texts += len(calls[-1].texts)
        return calls

    def _embed_alone(self, call: _Call) -> None:
        try:
            call.result.set_result(self._encoder.encode_queries(call.texts))
        except Exception as error:  # noqa: BLE001 - it is the caller's
            call.result.set_exception(error)
