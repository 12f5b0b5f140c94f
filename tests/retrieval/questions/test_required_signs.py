"""Signs that an answer must show: a cause, a list, a comparison, the time that is asked about."""

from __future__ import annotations

import pytest

from retrieval.language import fold
from retrieval.questions.question import read_question
from retrieval.questions.required_signs import is_of_other_time, lacks_sign


def _lacks(question: str, quotes: str) -> bool:
    read = read_question(question)
    return lacks_sign(read.slot, read.folded, fold(quotes))


@pytest.mark.parametrize(
    ("question", "given", "lacking"),
    [
        ("為什麼改在晚上上課？", "因白天要下地，改在晚上上課。", "每週三晚上七點上課，一次一小時。"),
        ("为啥只收十个人", "为避免拥挤，一次收十人。", "一次收十人，自带水杯。"),
        ("Why is it held at night?", "由於白天要下地，改在晚上。", "每週三晚上七點上課。"),
        ("男的多還是女的多", "女性佔七成。", "評出先進人物120名。"),
        ("城東和城西哪邊更多", "城東71處、城西58處。", "城東用廣場舞隊，城西用退役軍人。"),
        ("為什麼只收十個人", "為避免擁擠，一次收十人。", "一次收十人，提升服務品質。"),
        ("那12支隊伍分別叫什麼", "隊伍有金橋隊、青藤隊、晚晴隊等。", "全區成立12支隊伍。"),
    ],
)
def test_a_quote_without_the_sign_lacks_the_answer(question: str, given: str, lacking: str) -> None:
    assert not _lacks(question, given)
    assert _lacks(question, lacking)


@pytest.mark.parametrize("question", ["最後怎麼處理", "最近辦了什麼", "一個人最多能借幾本", "誰來評"])
def test_questions_that_compare_nothing_need_no_sign(question: str) -> None:
    assert not _lacks(question, "評委到場，借書每人三本。")


def test_two_figures_of_one_measure_can_be_compared() -> None:
    assert not _lacks("東村和西村哪個書屋多", "東村三間書屋，西村五間。")


@pytest.mark.parametrize(
    ("question", "same", "other"),
    [
        ("前年收到多少封信", "上年收到30封信。", "去年收到30封信。"),
        ("二季度掛了幾塊牌", "二季度掛牌9塊。", "三季度掛牌9塊。"),
        ("第二次違反怎麼辦", "再犯者停用一月。", "違反者口頭提醒。"),
        ("第三批有多少人", "第三批24人。", "首批20人。"),
        ("明天會不會下雨", "明日有雨。", "因暴雨天氣多，備有雨傘。"),
        ("聽日體育館開唔開", "體育館每天18時開放。", "體育館向市民開放。"),
        ("下一屆什麼時候辦", "擬於五月再辦。", "本屆於五月舉行。"),
    ],
)
def test_a_text_about_another_time_does_not_answer(question: str, same: str, other: str) -> None:
    assert not is_of_other_time(fold(question), fold(same))
    assert is_of_other_time(fold(question), fold(other))
