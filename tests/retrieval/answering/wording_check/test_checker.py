"""Sentences against quotes: what is not said there does not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.answering.wording_check import (
    CheckedSentence,
    Evidence,
    FaultKind,
    WordedSentence,
    check_wording,
)

DEVELOPMENT = Path(__file__).parents[3] / "data" / "wording_pairs_development.jsonl"
MONTHLY = "通過市屬媒體每週發佈5名周榜人物,每月發佈10名月榜人物。"


def _check(sentence: str, *quotes: str, cites: tuple[int, ...] = (1,)) -> CheckedSentence:
    (checked,) = check_wording([WordedSentence(sentence, cites)], [Evidence(quote) for quote in quotes])
    return checked


def _kinds(sentence: str, *quotes: str) -> set[FaultKind]:
    return {fault.kind for fault in _check(sentence, *quotes).faults}


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("每月發佈10名月榜人物。", MONTHLY),
        ("每月发布10名月榜人物。", MONTHLY),
        ("每月發佈十名月榜人物。", MONTHLY),
        ("每週發佈5名周榜人物，每月發佈10名月榜人物。", MONTHLY),
        ("註冊志願者突破980000人。", "註冊志願者突破98萬人。"),
        ("各部門不得要求社區出具證明。", "各部門不得要求社區出具證明,不再單獨設立考核窗口。"),
        ("蘇州市志願者總數高於無錫市。", "蘇州市志願者總數高於無錫市,但服務時長低於無錫市。"),
    ],
)
def test_a_sentence_that_shortens_its_quote_holds(sentence: str, quote: str) -> None:
    assert _check(sentence, quote).faults == ()


@pytest.mark.parametrize(
    ("sentence", "quote", "kind"),
    [
        ("每月發佈11名月榜人物。", MONTHLY, FaultKind.FIGURE),
        ("每年發佈10名月榜人物。", MONTHLY, FaultKind.RATE),
        ("每月發佈10期月榜人物。", MONTHLY, FaultKind.FIGURE),
        ("2019年啟動項目。", "2018年啟動項目。", FaultKind.DATE),
        ("重慶設立服務站。", "上海設立服務站。", FaultKind.PLACE),
        ("各部門要求社區出具證明。", "各部門不得要求社區出具證明。", FaultKind.NEGATION),
        ("各部門不要求社區出具證明。", "各部門要求社區出具證明。", FaultKind.NEGATION),
        ("社區全部設立服務站。", "部分社區設立服務站。", FaultKind.QUANTITY),
        ("社區設立服務站。", "部分社區設立服務站。", FaultKind.QUANTITY),
        ("社區設立服務站。", "計劃在社區設立服務站。", FaultKind.MODALITY),
        ("無錫市志願者多於蘇州市。", "無錫市志願者少於蘇州市。", FaultKind.COMPARISON),
        ("最後召開動員大會。", "先召開動員大會,最後入户走訪。", FaultKind.ORDER),
        ("因為召開動員大會，所以成立專班。", "召開動員大會,成立專班。", FaultKind.CAUSE),
        ("活動改在室內舉行。", "如遇大雨,活動改在室內舉行。", FaultKind.CONDITION),
        ("每月發佈10名月榜人物，發給獎金。", MONTHLY, FaultKind.UNSAID),
        ("張海琳當選。", "張海林當選。", FaultKind.UNSAID),
        ("局長劉建國介紹情況。", "副局長劉建國介紹情況。", FaultKind.NAME),
        ("每週發佈10名月榜人物。", MONTHLY, FaultKind.ROLE),
    ],
)
def test_what_the_quote_does_not_say_is_told_by_its_kind(sentence: str, quote: str, kind: FaultKind) -> None:
    assert kind in _kinds(sentence, quote)


def test_two_quotes_are_not_joined_into_a_cause() -> None:
    quotes = ("鎮江市召開動員大會。", "揚州市發放倡議書5萬份。")
    assert _check("由於鎮江市召開動員大會，揚州市發放倡議書5萬份。", *quotes, cites=(1, 2)).faults
    assert _check("鎮江市發放倡議書5萬份。", *quotes, cites=(1, 2)).faults
    assert _check("鎮江市召開動員大會，揚州市發放倡議書5萬份。", *quotes, cites=(1, 2)).holds


def test_only_the_cited_quotes_count_and_the_place_of_their_citation() -> None:
    quotes = ("召開動員大會。", "發放倡議書5萬份。")
    assert _check("發放倡議書5萬份。", *quotes, cites=(1,)).faults
    assert _check("發放倡議書5萬份。", *quotes, cites=(2,)).holds
    sentence = [WordedSentence("南京發放倡議書5萬份。", (1,))]
    assert check_wording(sentence, [Evidence("發放倡議書5萬份。", "江蘇南京")])[0].holds
    assert not check_wording(sentence, [Evidence("發放倡議書5萬份。", "江蘇無錫")])[0].holds


@pytest.mark.parametrize("cites", [(), (0,), (2,), (1, 2), (-1,)])
def test_a_sentence_without_a_citation_that_opens_does_not_hold(cites: tuple[int, ...]) -> None:
    assert {fault.kind for fault in _check("每月發佈10名月榜人物。", MONTHLY, cites=cites).faults} == {
        FaultKind.CITATION
    }


def test_of_the_development_pairs_nearly_no_wrong_sentence_holds_and_half_of_the_right_ones_do() -> None:
    kept, dropped = 0, 0
    rows = [json.loads(line) for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        quotes = [Evidence(quote, row.get("place", "")) for quote in row["quotes"]]
        (checked,) = check_wording([WordedSentence(row["sentence"], tuple(row["cites"]))], quotes)
        kept += checked.holds and row["right"]
        dropped += not checked.holds and not row["right"]
    right = sum(row["right"] for row in rows)
    assert dropped >= 0.98 * (len(rows) - right)
    assert kept >= 0.5 * right


_TEXTS = st.text(
    st.sampled_from("北京上海每月年發佈10名人不部分全因為,。、的由被將高於2018%“”() a\x00\ud800"), max_size=40
)


@settings(max_examples=60, deadline=None)
@given(_TEXTS, st.lists(_TEXTS, min_size=1, max_size=3))
def test_any_text_is_judged_without_an_error(sentence: str, quotes: list[str]) -> None:
    check_wording([WordedSentence(sentence, (1,))], [Evidence(quote) for quote in quotes])


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9999), st.integers(2, 9999))
def test_another_figure_never_holds(said: int, worded: int) -> None:
    checked = _check(f"發放倡議書{worded}份。", f"共發放倡議書{said}份。")
    assert checked.holds == (said == worded)
