from __future__ import annotations

import gc
import weakref

from retrieval.answering.answerer import answer
from retrieval.building.builder import build_generation
from retrieval.index.index import Index
from retrieval.index.index_cache import cached_per_index
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded


def test_a_result_is_computed_once_an_index() -> None:
    encoder = HashEncoder()
    first, second = (loaded(build_generation(SMALL_PASSAGES, encoder), encoder) for _ in range(2))
    asked: list[int] = []

    @cached_per_index
    def count(index: Index) -> int:
        asked.append(id(index))
        return len(index.passages)

    assert [count(first), count(first), count(second)] == [6, 6, 6]
    assert asked == [id(first), id(second)]


def test_an_index_that_answered_every_type_of_question_is_freed() -> None:
    encoder = HashEncoder()
    index = loaded(build_generation(SMALL_PASSAGES, encoder), encoder)
    for question in (
        "北京每月發佈多少人?",
        "哪些地方提到志願者",
        "北京和上海有什麼不同",
        "北京的至願者",
        "你好",
        "深圳",
    ):
        answer(question, index, encoder)
    gone = weakref.ref(index)
    del index
    gc.collect()
    assert gone() is None
