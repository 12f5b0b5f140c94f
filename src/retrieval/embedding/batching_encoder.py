"""Questions that arrive at the same time, embedded in one pass of the model."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise

from retrieval.types import Encoder, Encoding, Extractor

MOST_TEXTS = 32
"""Most texts of one pass: bounds how long a question waits for the others; not tuned."""


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    texts: tuple[str, ...]
    result: Future[Encoding] = field(default_factory=Future)


class BatchingEncoder:
    """An `Encoder` for many threads around one that runs in a single thread.

    A question that arrives alone is embedded at once; those that arrive while the model runs make up the next pass, in
    the order of their arrival. Each caller gets what it would get alone, errors too.
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

    @property
    def extractor(self) -> Extractor | None:
        """That of the encoder; it runs in the threads of its callers."""
        return self._encoder.extractor

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as questions, in one pass with those of other callers; raises RuntimeError after `close`."""
        call = _Call(tuple(texts))
        self._waiting.append(call)
        self._thread.submit(self._embed_waiting)
        return call.result.result()

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as passages, in the thread of the caller."""
        return self._encoder.encode_passages(texts)

    def close(self) -> None:
        """Embed what is still waiting, and end the thread."""
        self._thread.shutdown(wait=True)

    def _embed_waiting(self) -> None:
        """One pass for the calls that wait; does nothing if an earlier pass has taken them all."""
        calls = self._next_calls()
        if not calls:
            return
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

    def _next_calls(self) -> list[_Call]:
        """The calls that have waited longest: at least one, and of more at most MOST_TEXTS texts in all."""
        calls: list[_Call] = []
        texts = 0
        while self._waiting and (not calls or texts + len(self._waiting[0].texts) <= MOST_TEXTS):
            calls.append(self._waiting.popleft())
            texts += len(calls[-1].texts)
        return calls

    def _embed_alone(self, call: _Call) -> None:
        try:
            call.result.set_result(self._encoder.encode_queries(call.texts))
        except Exception as error:  # noqa: BLE001 - raised in the thread of the caller
            call.result.set_exception(error)
