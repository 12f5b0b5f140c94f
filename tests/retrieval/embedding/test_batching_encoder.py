from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from retrieval.embedding.batching_encoder import MOST_TEXTS, BatchingEncoder
from retrieval.types import Encoder, Encoding
from tests.doubles import HashEncoder

QUESTIONS = [f"第{number}個問題:北京榜樣每月評出多少人?" for number in range(40)]


class GatedEncoder(HashEncoder):
    """Keeps the sizes of its batches and their threads; waits in the first until it is let go, and refuses one text."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []
        self.threads: list[int] = []
        self.interrupts_second = False
        self.is_in_first, self.go_on = Event(), Event()

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        self.batches.append(len(texts))
        self.threads.append(threading.get_ident())
        self.is_in_first.set()
        assert self.go_on.wait(10)
        if "refused" in texts:
            raise ValueError("refused")
        if self.interrupts_second and len(self.batches) == 2:
            raise KeyboardInterrupt
        return super().encode_queries(texts)


@pytest.fixture
def gated() -> GatedEncoder:
    return GatedEncoder()


@pytest.fixture
def batching(gated: GatedEncoder) -> Iterator[BatchingEncoder]:
    encoder = BatchingEncoder(gated)
    yield encoder
    gated.go_on.set()
    encoder.close()


def ask_together(batching: BatchingEncoder, gated: GatedEncoder, texts: list[str]) -> list[object]:
    """What each of the texts got, asked by a thread each while the model is busy with the first."""

    def ask(text: str) -> object:
        try:
            return batching.encode_queries([text]).vectors[0]
        except (ValueError, KeyboardInterrupt) as error:
            return error

    with ThreadPoolExecutor(len(texts)) as people:
        first = people.submit(ask, texts[0])
        assert gated.is_in_first.wait(10)
        others = [people.submit(ask, text) for text in texts[1:]]
        while len(batching._waiting) < len(texts):
            pass
        gated.go_on.set()
        return [asked.result(10) for asked in (first, *others)]


def test_a_question_alone_goes_at_once_and_those_that_come_meanwhile_go_together(
    batching: BatchingEncoder, gated: GatedEncoder
) -> None:
    ask_together(batching, gated, QUESTIONS)
    assert gated.batches == [1, MOST_TEXTS, len(QUESTIONS) - 1 - MOST_TEXTS]


def test_everyone_gets_the_vectors_of_their_own_question(
    batching: BatchingEncoder, gated: GatedEncoder
) -> None:
    found = ask_together(batching, gated, QUESTIONS)
    alone = HashEncoder().encode_queries(QUESTIONS).vectors
    np.testing.assert_array_equal(
        np.stack([vector for vector in found if isinstance(vector, np.ndarray)]), alone
    )


def test_an_error_reaches_who_caused_it_and_nobody_else(
    batching: BatchingEncoder, gated: GatedEncoder
) -> None:
    found = ask_together(batching, gated, ["北京", "上海", "refused", "重慶"])
    assert [isinstance(one, ValueError) for one in found] == [False, False, True, False]


def test_a_question_alone_is_embedded_in_the_thread_of_its_caller(
    batching: BatchingEncoder, gated: GatedEncoder
) -> None:
    gated.go_on.set()
    batching.encode_queries(QUESTIONS[:1])
    assert gated.threads == [threading.get_ident()]


def test_an_interrupt_in_the_thread_that_embeds_leaves_nobody_waiting(
    batching: BatchingEncoder, gated: GatedEncoder
) -> None:
    gated.interrupts_second = True
    found = ask_together(batching, gated, QUESTIONS[:5])
    assert gated.batches == [1, 4, 3]
    assert sum(isinstance(one, KeyboardInterrupt) for one in found) == 1
    assert sum(isinstance(one, np.ndarray) for one in found) == 4


def test_an_interrupt_while_waiting_leaves_nobody_else_waiting(
    batching: BatchingEncoder, gated: GatedEncoder
) -> None:
    with ThreadPoolExecutor(3) as people:
        first = people.submit(batching.encode_queries, ["北京"])
        assert gated.is_in_first.wait(10)

        def interrupt() -> object:
            while len(batching._waiting) < 2:
                pass
            last = people.submit(batching.encode_queries, ["上海"])
            while len(batching._waiting) < 3:
                pass
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            while len(batching._waiting) > 2:
                pass
            gated.go_on.set()
            return last.result(10)

        last = people.submit(interrupt)
        with pytest.raises(KeyboardInterrupt):
            batching.encode_queries(["interrupted"])
        assert isinstance(first.result(10), Encoding)
        assert isinstance(last.result(10), Encoding)


def test_a_call_of_more_texts_than_a_batch_takes_is_answered_whole() -> None:
    batching = BatchingEncoder(HashEncoder())
    assert len(batching.encode_queries(QUESTIONS).tokens) == len(QUESTIONS) > MOST_TEXTS
    batching.close()


def test_once_closed_it_refuses_rather_than_lets_wait() -> None:
    batching = BatchingEncoder(HashEncoder())
    assert len(batching.encode_queries(["北京"]).vectors) == 1
    batching.close()
    with pytest.raises(RuntimeError):
        batching.encode_queries(["北京"])


def test_questions_embedded_together_have_the_vectors_they_have_alone(encoder: Encoder) -> None:
    together = encoder.encode_queries(QUESTIONS)
    for spot, text in enumerate(QUESTIONS[:8]):
        alone = encoder.encode_queries([text])
        assert alone.vectors[0] @ together.vectors[spot] > 1 - 1e-5
        assert (alone.tokens[0] * together.tokens[spot]).sum(axis=1).min() > 1 - 1e-5
