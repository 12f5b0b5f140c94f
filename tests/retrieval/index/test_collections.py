"""Questions to one collection of an index: answered as if nothing else had been built."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.answering import answer, search
from retrieval.building.builder import build_generation
from retrieval.errors import BulletinBotError
from retrieval.index import Index, collections
from retrieval.reading import read_collection
from retrieval.types import DEFAULT_COLLECTION, Answer, Passage
from tests.conftest import BULLETINS, DATA
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded, make_passage

ENCODER = HashEncoder()
FIXTURES = Path(__file__).parents[2] / "bulletins"
NAMED = {"市政簡報": "by_place", "旬報": "issues", "通訊": "newsletter"}
QUESTIONS = ("questions", "questions_written", "questions_paraphrased", "questions_near", "questions_far")
ASKED = 500


@pytest.fixture(scope="module")
def passages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Passage, ...]:
    """The seven bulletins as the default collection, beside three others."""
    root = tmp_path_factory.mktemp("bulletins")
    for file in BULLETINS.iterdir():
        shutil.copy(file, root / file.name)
    for name, fixture in NAMED.items():
        shutil.copytree(FIXTURES / fixture, root / name)
        (root / name / "collection.toml").write_text(f'name = "{name}"', encoding="utf-8")
    return read_collection(root).passages


@pytest.fixture(scope="module")
def whole(passages: tuple[Passage, ...]) -> Index:
    return loaded(build_generation(passages, ENCODER), ENCODER)


def _questions() -> Iterator[str]:
    lines = (line for name in QUESTIONS for line in (DATA / "eval" / f"{name}.jsonl").open(encoding="utf-8"))
    return (json.loads(line)["q"] for line in itertools.islice(lines, ASKED))


def _seen(given: Answer) -> tuple[object, ...]:
    """All that a person sees of an answer, and its hits."""
    quotes = [(quote.passage.passage_id, quote.start, quote.end, quote.marks) for quote in given.quotes]
    hits = [hit.passage.passage_id for hit in given.hits]
    return given.status, given.reason, given.read_as, quotes, hits, given.question_type


def test_500_questions_to_one_collection_are_answered_as_if_it_were_built_alone(
    whole: Index, passages: tuple[Passage, ...]
) -> None:
    names = (DEFAULT_COLLECTION, *NAMED)
    alone = {name: _alone([passage for passage in passages if passage.collection == name]) for name in names}
    asked = 0
    for question, name in zip(_questions(), itertools.cycle(names), strict=False):
        given = answer(question, collections.within(whole, [name]), ENCODER)
        assert {hit.passage.collection for hit in given.hits} <= {name}
        assert {quote.passage.collection for quote in given.quotes} <= {name}
        assert _seen(given) == _seen(answer(question, alone[name], ENCODER)), (name, question)
        asked += 1
    assert asked == ASKED


def _alone(passages: list[Passage]) -> Index:
    return loaded(build_generation(passages, ENCODER), ENCODER)


def test_the_places_and_bulletins_of_a_collection_are_its_own(
    whole: Index, passages: tuple[Passage, ...]
) -> None:
    for name in collections.names_of(whole):
        own = [passage for passage in passages if passage.collection == name]
        view = collections.within(whole, [name])
        assert list(view.passages) == own
        assert [place.name for place in view.places] == list(
            dict.fromkeys(p.place.name for p in own if p.place)
        )
        assert {bulletin.label for bulletin in view.passages.bulletins} == {p.bulletin for p in own}
        assert all(view.item_of(passage)[0].file == passage.file for passage in own)


def test_without_a_name_the_default_collection_answers_alone(whole: Index) -> None:
    assert collections.names_of(whole)[0] == DEFAULT_COLLECTION
    assert collections.within(whole) is collections.within(whole, [DEFAULT_COLLECTION])
    assert {passage.collection for passage in collections.within(whole).passages} == {DEFAULT_COLLECTION}


def test_several_are_mixed_where_they_are_named_and_no_others(whole: Index) -> None:
    both = collections.within(whole, ["旬報", "市政简报"])
    assert {passage.collection for passage in both.passages} == {"旬報", "市政簡報"}
    found = search("志愿服务", both, ENCODER, top_k=50)
    assert {hit.passage.collection for hit in found} == {"旬報", "市政簡報"}
    assert collections.within(whole, collections.names_of(whole)) is whole


def test_an_unknown_name_is_one_sentence_with_the_names(whole: Index) -> None:
    with pytest.raises(BulletinBotError) as raised:
        collections.within(whole, ["年報"])
    assert "'年報'" in str(raised.value)
    assert all(name in str(raised.value) for name in collections.names_of(whole))


def test_an_index_without_collections_is_asked_as_it_is(small_index: Index) -> None:
    assert collections.names_of(small_index) == (DEFAULT_COLLECTION,)
    assert collections.within(small_index) is small_index
    assert collections.within(small_index, [DEFAULT_COLLECTION]) is small_index


def test_collections_whose_passages_lie_scattered_are_told_apart_too() -> None:
    scattered = [
        replace(passage, collection="甲" if number % 2 else "乙", file=f"{number % 2}.txt")
        for number, passage in enumerate(SMALL_PASSAGES)
    ]
    whole = loaded(build_generation(scattered, ENCODER), ENCODER)
    for name in ("甲", "乙"):
        own = [passage for passage in scattered if passage.collection == name]
        view, alone = collections.within(whole, [name]), _alone(own)
        assert list(view.passages) == own
        assert view.passages.folded[:] == alone.passages.folded[:]
        for question in ("志願者做什麼?", "上海的手冊發了多少?", "圖書館"):
            assert _seen(answer(question, view, ENCODER)) == _seen(answer(question, alone, ENCODER))


def test_a_quantized_index_is_divided_too() -> None:
    made = [
        replace(
            make_passage(f"{number:016x}", f"第{number}次活動有{number}名志願者參加。"),
            file=f"{number % 2}.txt",
        )
        for number in range(64)
    ]
    passages = [replace(passage, collection="甲乙"[int(passage.file[0])]) for passage in made]
    whole = loaded(build_generation(passages, ENCODER, exact_up_to=1), ENCODER)
    assert whole.tokens.is_quantized
    view = collections.within(whole, ["乙"])
    found = search("第7次活動的志願者", view, ENCODER, top_k=20)
    assert {hit.passage.collection for hit in found} == {"乙"}
    assert "7" in found[0].passage.text
