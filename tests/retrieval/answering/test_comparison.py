from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.answerer import answer
from retrieval.answering.comparison import MOST_PLACES, queries_by_place, text_for
from retrieval.index.index import Index
from retrieval.questions.question import read_question
from retrieval.types import Answered, Encoder, Encoding, QuestionType
from tests.answers import places_of
from tests.doubles import HashEncoder


def test_each_place_is_answered_by_its_own_words(index: Index, encoder: Encoder) -> None:
    found = answer("北京跟山東每個月各選多少個好人上榜?", index, encoder)
    assert found.question_type is QuestionType.COMPARISON
    assert [place.place for place in places_of(found)] == ["北京", "山東"]
    first, second = places_of(found)
    assert {quote.passage.place_name for quote in first.quotes} == {"北京"}
    assert any("60名" in quote.text for quote in second.quotes)
    assert found.quotes == (*first.quotes, *second.quotes)


def test_a_place_whose_passages_do_not_say_the_figure_has_no_quote(index: Index, encoder: Encoder) -> None:
    found = answer("北京和重慶各有多少志願者?", index, encoder)
    assert isinstance(found, Answered)
    beijing, chongqing = found.by_place
    assert (beijing.place, beijing.quotes) == ("北京", ())
    assert "5200多名" in chongqing.quotes[0].text


def test_a_linked_place_that_is_not_covered_stands_with_no_quote(index: Index, encoder: Encoder) -> None:
    found = answer("北京和廣州的好人怎麼評?", index, encoder)
    assert found.status == "answered"
    assert [(place.place, bool(place.quotes)) for place in places_of(found)] == [
        ("北京", True),
        ("廣州", False),
    ]


def test_only_places_that_no_bulletin_covers_are_refused_as_such(index: Index, encoder: Encoder) -> None:
    found = answer("廣州和深圳的好人怎麼評?", index, encoder)
    assert (found.status, found.reason, places_of(found)) == ("refused", "place_not_covered", ())


def test_everywhere_keeps_the_places_that_answer_and_quotes_each_once(index: Index, encoder: Encoder) -> None:
    found = answer("各地怎麼做志願服務?", index, encoder)
    names = [place.place for place in places_of(found)]
    assert 2 <= len(names) == len(set(names)) <= 8
    assert all(len(place.quotes) == 1 for place in places_of(found))


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("北京和山東各選多少人?", ["北京各选多少人?", "山东各选多少人?"]),
        ("上海、北京、重慶有什麼獎", ["上海有什么奖", "北京有什么奖", "重庆有什么奖"]),
        ("江蘇請教授、黑龍江請學者,來做什麼", ["江苏请教授、来做什么", "黑龙江请学者,来做什么"]),
    ],
)
def test_a_place_is_asked_about_as_if_it_were_named_alone(question: str, texts: list[str]) -> None:
    read = read_question(question)
    assert [text_for(read, place) for place in read.distinct_places] == texts


@given(st.text(alphabet=st.sampled_from("北京上海江蘇南京和各、,?好人"), max_size=30))
def test_any_text_is_answered_or_refused(small_index: Index, text: str) -> None:
    found = answer(text, small_index, HashEncoder())
    assert found.quotes == tuple(
        quote for place in places_of(found) for quote in place.quotes
    ) or not places_of(found)


class CountingEncoder(HashEncoder):
    """Keeps how many questions it was given at once."""

    at_once = 0

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        self.at_once = max(self.at_once, len(texts))
        return super().encode_queries(texts)


def test_a_list_of_places_as_long_as_a_question_is_not_embedded_place_by_place(
    small_index: Index,
) -> None:
    names = "北京、上海、天津、重慶、河北、山西、遼寧、吉林、黑龍江、江蘇、浙江、安徽、福建、江西、山東、河南"
    encoder = CountingEncoder()
    queries_by_place(read_question(f"{names}的好人怎麼評?"), small_index, encoder)
    assert encoder.at_once == MOST_PLACES


def test_which_place_has_more_needs_a_figure_of_each(index: Index, encoder: Encoder) -> None:
    found = answer("Does Chongqing have more online volunteers than Shanghai?", index, encoder)
    assert (found.status, found.reason) == ("refused", "not_found")
    assert answer("大連和江蘇哪個推出的公益項目更多?", index, encoder).status == "answered"
