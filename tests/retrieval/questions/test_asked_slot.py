"""The slot that a question asks for: its kind, measure word and noun."""

from __future__ import annotations

import pytest

from retrieval.language.folding import fold
from retrieval.questions.answer_patterns import bound_counts
from retrieval.questions.asked_slot import parse_slot
from retrieval.questions.measures import value_of
from retrieval.questions.question import read_question
from retrieval.questions.slot_forms import SlotKind


@pytest.mark.parametrize(
    ("question", "measure", "nouns"),
    [
        ("揚州補種多少棵行道樹?", "棵", ("行道树",)),
        ("南通收到多少封感謝信?", "封", ("感谢信",)),
        ("書屋接收多少圖書?", "", ("图书",)),
        ("獲獎作品多少件?", "件", ("获奖作品",)),
        ("項目有多少個?", "个", ("项目",)),
        ("惠及多少家庭?", "", ("家庭",)),
        ("接待多少人次?", "人次", ("接待",)),
        ("有人打電話來,一共多少人?", "人", ()),
        ("罰了多少宗?", "宗", ()),
        ("評出幾多個好人?", "个", ("好人",)),
        ("How many trees were planted?", "", ("trees",)),
    ],
)
def test_a_count_is_bound_to_its_measure_word_and_its_noun(
    question: str, measure: str, nouns: tuple[str, ...]
) -> None:
    slot = parse_slot(fold(question))
    assert slot.kind is SlotKind.COUNT
    assert slot.measure == measure
    assert set(nouns) <= set(slot.nouns)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("收費多少?", SlotKind.MONEY),
        ("發了多少助學金?", SlotKind.MONEY),
        ("會被罰多少?", SlotKind.MONEY),
        ("幾點開門?", SlotKind.TIME),
        ("志願者幾點值班?", SlotKind.TIME),
        ("巡邏隊幾點收工", SlotKind.TIME),
        ("提了幾點意見?", SlotKind.COUNT),
        ("列了幾點主要理由", SlotKind.COUNT),
        ("有幾點值得學習", SlotKind.COUNT),
        ("什麼時候開幕?", SlotKind.WHEN),
        ("幾月幾號開幕?", SlotKind.DAY),
        ("邊一年開嘅?", SlotKind.YEAR),
        ("熱線是多少?", SlotKind.PHONE),
        ("熱線電話接聽多少次?", SlotKind.COUNT),
        ("文明辦的電話?", SlotKind.PHONE),
        ("由哪個單位牽頭?", SlotKind.WHO),
        ("團長是誰?", SlotKind.PERSON),
        ("為什麼要辦?", SlotKind.REASON),
        ("報名需要預約嗎?", SlotKind.PERMISSION),
        ("有沒有字數限制?", SlotKind.PERMISSION),
        ("紀念品是杯子還是袋子?", SlotKind.CHOICE),
        ("有哪些活動?", SlotKind.LIST),
        ("怎樣評選?", SlotKind.METHOD),
        ("志願服務", SlotKind.ANYTHING),
    ],
)
def test_the_question_word_and_what_is_bound_to_it_give_the_kind(question: str, kind: SlotKind) -> None:
    assert parse_slot(fold(question)).kind is kind


# Twelve questions in both languages, then forms that mislead.
@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Which places have a night school?", "哪些地方有夜校?"),
        ("How many volunteers does Yichang have?", "宜昌有多少志願者?"),
        ("Who designed the reading corner in Luoyang?", "洛陽的閱讀角是誰設計的?"),
        ("Why did Wuhu move the market?", "蕪湖為什麼搬走市場?"),
        ("When does the Yantai clinic open?", "煙臺的診所什麼時候開?"),
        ("How often is the bridge in Ganzhou inspected?", "贛州的橋多久檢查一次?"),
        ("Where was the fair in Kaifeng held?", "開封的集市在哪裡舉行?"),
        ("How much money did Foshan spend on lights?", "佛山花了多少錢裝燈?"),
        ("What is the entry fee of the Dali contest?", "大理的比賽收費是多少?"),
        ("What is the film from Mianyang called?", "綿陽的電影叫什麼?"),
        ("Which departments check the stalls in Xi'an?", "西安哪些部門檢查攤位?"),
        ("Which activities does Zhuhai run in summer?", "珠海夏天有哪些活動?"),
        ("Which document does Jining follow?", "濟寧落實哪份文件?"),
        ("What does Jining do for people who fall ill?", "濟寧給生病的人什麼?"),
        ("What happens in Jining when it rains?", "濟寧一下雨會有什麼事?"),
        ("What grows at the places where Jining planted trees?", "濟寧種樹的那些地方長了什麼?"),
        ("In Jining, who drives the bus?", "濟寧誰開車?"),
        ("By whom is the bus in Jining driven?", "濟寧的車由誰開?"),
    ],
)
def test_an_english_question_asks_for_the_same_slot_as_its_chinese_twin(english: str, chinese: str) -> None:
    one, other = read_question(english), read_question(chinese)
    assert one.slot.kind is other.slot.kind
    assert one.type is other.type
    assert [place.code for place in one.places] == [place.code for place in other.places]


@pytest.mark.parametrize(
    ("question", "text", "figures"),
    [
        ("補種多少棵樹?", "補種行道樹一千二百棵,修花壇三十處。", [("一千二百棵", True)]),
        ("補種多少個品種?", "開展一系列活動,打造兩微一端。", []),
        ("收到多少面錦旗?", "收到感謝信七十六封、錦旗三十面。", [("七十六封", False), ("三十面", True)]),
        ("有多少名志願者?", "第3屆共有志願者40餘人,設五處站點。", [("40餘人", True)]),
        ("多少噸?", "回收六點五噸,三十份。", [("六點五噸", False)]),
        ("投入多少資金?", "投入資金七百五十萬元,裝燈九十盞。", [("七百五十萬元", True)]),
    ],
)
def test_a_figure_fills_the_slot_by_its_measure_word_and_is_bound_by_its_clause(
    question: str, text: str, figures: list[tuple[str, bool]]
) -> None:
    counts = bound_counts(parse_slot(fold(question)), fold(text))
    assert [(text[start:end], is_bound) for start, end, is_bound in counts] == figures


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("一千二百棵", 1200),
        ("5200多名", 5200),
        ("近3120萬元"[1:], 31_200_000),
        ("一萬二千場", 12_000),
        ("六點五噸", 6.5),
    ],
)
def test_a_figure_has_a_value(figure: str, value: float) -> None:
    assert value_of(fold(figure)) == value
