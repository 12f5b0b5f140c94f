"""Each kind of rewording: one sentence that holds and one, of the same quote, that does not."""

from __future__ import annotations

import pytest

from retrieval.answering.wording_check import Evidence, WordedSentence, check_wording

TRAMS = "常州市天寧區在十二個路口設立文明勸導崗，每月培訓志願者兩次，其中退休教師占三成。"
GARDEN = "嘉善縣計劃在2025年底前建成口袋公園十六處，目前已建成九處。"
LIBRARY = "如遇雷雨，寧海縣的露天書市改在文化館內舉行，不得臨時取消。"
RANK = "德清縣志願者人數高於安吉縣。"
STEPS = "申報人先由村民小組提名，再由鎮政府審核。"


def _holds(sentence: str, quote: str) -> bool:
    (checked,) = check_wording([WordedSentence(sentence, (1,))], [Evidence(quote)])
    return checked.holds


@pytest.mark.parametrize(
    ("kind", "sentence", "quote"),
    [
        ("shortened", "天寧區在十二個路口設立文明勸導崗。", TRAMS),
        ("numerals", "常州市天寧區在12個路口設立文明勸導崗。", TRAMS),
        ("script", "常州市天宁区在十二个路口设立文明劝导岗。", TRAMS),
        ("plan kept", "嘉善縣計劃在2025年底前建成口袋公園16處。", GARDEN),
        ("negation kept", "寧海縣的露天書市不得臨時取消。", "寧海縣的露天書市不得臨時取消。"),
        ("condition kept", "如遇雷雨，寧海縣的露天書市改在文化館內舉行。", LIBRARY),
        ("comparison", "德清縣志願者人數高於安吉縣。", RANK),
        ("order", "申報人先由村民小組提名，再由鎮政府審核。", STEPS),
    ],
)
def test_a_sentence_that_says_less_in_the_words_of_its_quote_holds(
    kind: str, sentence: str, quote: str
) -> None:
    assert _holds(sentence, quote), kind


@pytest.mark.parametrize(
    ("kind", "sentence", "quote"),
    [
        ("figure", "天寧區在二十個路口設立文明勸導崗。", TRAMS),
        ("unit", "天寧區在十二個社區設立文明勸導崗。", TRAMS),
        ("place", "鐘樓區在十二個路口設立文明勸導崗。", TRAMS),
        ("frequency", "天寧區每年培訓志願者兩次。", TRAMS),
        ("claim added", "天寧區在十二個路口設立文明勸導崗，深受市民歡迎。", TRAMS),
        ("plan as fact", "嘉善縣在2025年底前建成口袋公園十六處。", GARDEN),
        ("date", "嘉善縣計劃在2024年底前建成口袋公園十六處。", GARDEN),
        ("figure moved", "嘉善縣目前已建成口袋公園十六處。", GARDEN),
        ("negation lost", "寧海縣的露天書市可以臨時取消。", LIBRARY),
        ("condition lost", "寧海縣的露天書市改在文化館內舉行。", LIBRARY),
        ("comparison turned", "安吉縣志願者人數高於德清縣。", RANK),
        ("order turned", "申報人先由鎮政府審核，再由村民小組提名。", STEPS),
        ("quantity", "全部路口設立文明勸導崗。", TRAMS),
    ],
)
def test_a_sentence_that_changes_what_its_quote_says_does_not_hold(
    kind: str, sentence: str, quote: str
) -> None:
    assert not _holds(sentence, quote), kind
