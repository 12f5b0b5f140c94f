from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.answerer import answer
from retrieval.answering.place_topics import topic_of
from retrieval.building.builder import build_generation
from retrieval.index.index import Index
from retrieval.language.folding import fold
from retrieval.reading.structure.passage_builder import read_files
from retrieval.types import Encoder, QuestionType
from tests.answers import places_of
from tests.conftest import DATA
from tests.doubles import HashEncoder, loaded


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("哪些城市提到二維碼?", ("二维码",)),
        ("有幾個地方提到美麗鄉村?都是哪", ("美丽乡村",)),
        ("哪幾個地方喊“內容為王”", ("内容为王",)),
        ("邊幾個地方講過謠言", ("谣言",)),
        ("which cities mention QR codes?", ("qr codes",)),
        ("哪些地方的項目名稱裡帶有數字", ("数字",)),
        ("哪些地方成立了QQ群", ("qq群",)),
        ("哪些城市?", ()),
    ],
)
def test_the_topic_is_what_is_quoted_or_what_is_left_of_the_question(
    question: str, topic: tuple[str, ...]
) -> None:
    assert topic_of(fold(question)) == topic


def test_every_passage_that_has_the_words_is_counted(index: Index, encoder: Encoder) -> None:
    found = answer("有幾個地方提到微信?", index, encoder)
    counted = {place.place: place.passages for place in places_of(found)}
    expected: dict[str, int] = {}
    for passage in index.passages:
        if "微信" in passage.text and passage.place_name:
            expected[passage.place_name] = expected.get(passage.place_name, 0) + 1
    assert found.question_type is QuestionType.COVERAGE
    assert counted == expected
    assert all("微信" in place.quotes[0].text for place in places_of(found))


def test_nearly_all_places_of_the_development_questions_are_found(index: Index, encoder: Encoder) -> None:
    lines = (DATA / "eval" / "questions_written.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [question for line in lines if (question := json.loads(line))["type"] == "coverage"]
    wanted = {(question["q"], gold["place"]) for question in questions for gold in question["gold"]}
    answers = {question["q"]: answer(question["q"], index, encoder) for question in questions}
    found = {(text, place.place) for text, answered in answers.items() for place in places_of(answered)}
    assert len(wanted & found) >= 0.9 * len(wanted)
    assert len(wanted & found) >= 0.9 * len(found)


@pytest.mark.parametrize("question", ["哪些城市提到比特幣?", "哪些城市種水稻?"])
def test_a_topic_that_no_place_has_is_refused(index: Index, encoder: Encoder, question: str) -> None:
    assert answer(question, index, encoder).status == "refused"


@given(st.text(alphabet=st.sampled_from("哪些城市提到有幾個地方修身手冊《》「」?好人 ab"), max_size=30))
def test_any_text_is_answered_or_refused(small_index: Index, text: str) -> None:
    found = answer(f"哪些城市{text}", small_index, HashEncoder())
    for quote in found.quotes:
        assert quote.text in quote.passage.text


def test_a_place_that_holds_most_of_the_topic_word_for_word_is_listed(index: Index, encoder: Encoder) -> None:
    found = answer("哪些城市用微信公众号宣传", index, encoder)
    assert {place.place for place in places_of(found)} == {"浙江", "江蘇南京", "山東日照"}


@pytest.fixture(scope="module")
def towns(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("towns")
    texts = {
        "常州": "常州開辦流動書車服務,每車裝書兩千冊,司機兼任管理員。",
        "鹽城": "鹽城在漁港設圖書角,服務漁民,漁民出海前可以借書,逾期不罰。",
        "揚州": "揚州修復老碼頭,服務遊客,開通水上巴士,票價每人兩元。",
        "鎮江": "鎮江招募手語翻譯,為聽障居民代打求助電話。",
        "宿遷": "宿遷在窗口開設手語服務,每週三上午有人值班。",
        "淮安": "淮安清理背街小巷,服務居民,給老樓加裝電梯六十部。",
    }
    items = "\n\n".join(f"{place}市:工作動態\n{text}" for place, text in texts.items())
    (folder / "towns.txt").write_text(f"工作簡報 第3期\n\n{items}\n", encoding="utf-8")
    passages = read_files([folder / "towns.txt"], folder).passages
    return loaded(build_generation(passages, encoder), encoder)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("哪些地方有手語服務", {"鎮江", "宿遷"}),
        ("邊幾個地方講到水上巴士或者電梯", {"揚州", "淮安"}),
        ("提到手語的地方有幾個?", {"鎮江", "宿遷"}),
        ("有手語嘅地方有邊啲", {"鎮江", "宿遷"}),
        ("除了宿遷,還有哪裡有手語服務", {"鎮江"}),
    ],
)
def test_a_place_counts_by_the_telling_words_or_either_alternative_of_the_topic(
    question: str, places: set[str], towns: Index, encoder: Encoder
) -> None:
    found = answer(question, towns, encoder)
    assert {place.place.removeprefix("江蘇") for place in places_of(found)} == places
    assert found.question_type is QuestionType.COVERAGE
