from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import EN, ZH_HANS, ZH_HANT, Texts
from bot.replies.answers import answer_reply
from bot.replies.markup import Reply
from retrieval.questions.follow_ups import ResolvedMessage
from retrieval.types import (
    Elsewhere,
    FigureOrder,
    Hit,
    Place,
    PlaceAnswer,
    QuestionType,
    Quote,
    RenamedPlace,
    SmallTalk,
    SmallTalkReply,
)
from tests.chatting import a_passage, answered, link, plain_link, refused, utf16_length
from tests.e2e.bot_api.formatting import parse_html

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6000)


def _shown(message: str) -> str:
    return parse_html(message)[0]


def test_an_answer_is_the_quote_then_its_citation_then_the_folded_evidence() -> None:
    passage = a_passage("先公示。每月發佈10名月榜人物。再年審。")
    (message,) = answer_reply(answered(Quote(passage, 4, 16, 1.0)), [], ZH_HANT, plain_link).messages
    assert _shown(message).split("\n") == [
        "「每月發佈10名月榜人物。」〔1〕",
        "〔1〕北京・篇3・二、把好“三關”",
        "先公示。每月發佈10名月榜人物。再年審。",
    ]
    assert message.count('<a href="https://t.me/a_bot?start=p_0123456789abcdef">') == 2
    assert "<blockquote expandable>先公示。<b>每月發佈10名月榜人物。</b>再年審。</blockquote>" in message


def test_what_answers_is_bold_inside_the_quote() -> None:
    quote = Quote(a_passage(), 0, 12, 1.0, marks=((4, 7),))
    (message,) = answer_reply(answered(quote), [], ZH_HANT, plain_link).messages
    assert message.startswith("「每月發佈<b>10名</b>月榜人物。」")


def test_only_what_answers_is_bold_and_in_the_paragraph_only_the_first_quote() -> None:
    passage = a_passage("甲一。乙二。")
    (message,) = answer_reply(
        answered(Quote(passage, 0, 3, 1.0), Quote(passage, 3, 6, 0.9)), [], ZH_HANT, plain_link
    ).messages
    assert message.startswith("「甲一。」")
    assert "「乙二。」" in message
    assert message.endswith("<blockquote expandable><b>甲一。</b>乙二。</blockquote>")


@pytest.mark.parametrize(("confidence", "is_near"), [(0.15, True), (0.05, False)])
def test_a_refusal_names_the_nearest_paragraph_only_if_it_is_near(
    confidence: float, *, is_near: bool
) -> None:
    answer = replace(refused("not_found", Hit(a_passage(), 0.5, 1)), confidence=confidence)
    (message,) = answer_reply(answer, [], ZH_HANT, plain_link).messages
    assert (ZH_HANT.nearest_paragraph in message) == is_near
    assert len(_shown(message).splitlines()) <= 2


def test_an_overview_is_the_lead_and_a_button_for_each_section() -> None:
    lead = replace(a_passage("北京推出好人。"), section_path=())
    section = replace(a_passage("二是把關。再說。"), passage_id="1" * 16)
    quotes = (Quote(lead, 0, 7, 1.0), Quote(section, 0, 5, 1.0))
    answer = replace(answered(*quotes), question_type=QuestionType.OVERVIEW)
    reply = answer_reply(answer, [], ZH_HANT, plain_link, answer_id="id")
    assert _shown(reply.messages[0]).split("\n") == [
        "「北京推出好人。」〔1〕",
        "〔1〕北京・篇3・導語",
        "",
        "共 1 節，點一下閱讀：",
    ]
    assert [button.data for button in reply.rows[0]] == [f"r:{'1' * 16}:0"]


def test_english_readers_get_the_usual_spelling_of_a_place_and_what_the_quote_is_about() -> None:
    passage = a_passage("重慶的志願者參加培訓。再說。")
    quote = Quote(replace(passage, place=Place("重慶", "重慶市")), 0, 11, 1.0)
    (message,) = answer_reply(answered(quote), [], EN, plain_link).messages
    assert _shown(message).split("\n")[1:3] == [
        "About: volunteers, training",
        "〔1〕Chongqing 重慶・篇3・二、把好“三關”",
    ]


def test_a_paragraph_that_is_quoted_whole_is_not_shown_twice() -> None:
    (message,) = answer_reply(answered(Quote(a_passage(), 0, 12, 1.0)), [], ZH_HANT, plain_link).messages
    assert "blockquote" not in message


def test_each_quote_links_to_where_it_stands() -> None:
    passage = a_passage("甲一。乙二。")
    (message,) = answer_reply(
        answered(Quote(passage, 0, 3, 1.0), Quote(passage, 3, 6, 0.9)), [], ZH_HANT, link
    ).messages
    assert [message.count(f"p_0123456789abcdef_{span}") for span in ("0_3", "3_6")] == [2, 1]


def test_the_buttons_read_on_copy_and_judge() -> None:
    rows = answer_reply(answered(Quote(a_passage(), 0, 5, 1.0)), [], ZH_HANT, link, answer_id="id").rows
    assert [[button.label for button in row] for row in rows] == [
        ["閱讀全節", "更多結果", "複製引文"],
        ["🧺 收進籃子", "📄 Word", "Markdown"],
        ["👍", "👎", "引用有誤"],
    ]
    assert [button.data for row in rows for button in row] == [
        "r:0123456789abcdef:0",
        "m:id",
        "",
        "ba:id",
        "bx:w:id",
        "bx:m:id",
        "f:u:id",
        "f:d:id",
        "f:c:id",
    ]
    assert rows[0][2].copies == "「每月發佈1」（《簡報 篇3》，北京・二、把好“三關”）"


def test_who_reads_simplified_is_offered_a_conversion() -> None:
    rows = answer_reply(answered(Quote(a_passage(), 0, 5, 1.0)), [], ZH_HANS, link, answer_id="id").rows
    assert rows[-1][-1].label == "简"


def test_an_answer_without_an_id_has_no_buttons() -> None:
    assert answer_reply(answered(Quote(a_passage(), 0, 5, 1.0)), [], ZH_HANT, link).rows == ()


def test_a_refusal_says_so_and_offers_two_questions() -> None:
    reply = answer_reply(
        refused("not_found", Hit(a_passage(), 0.5, 1)),
        ["北京"],
        ZH_HANT,
        link,
        answer_id="id",
        examples=[(0, "北京有什麼？"), (2, "上海有什麼？"), (3, "日照有什麼？")],
    )
    assert _shown(reply.messages[0]) == f"{ZH_HANT.not_found}\n最接近的一段：北京・篇3・二、把好“三關”"
    assert [[button.label for button in row] for row in reply.rows] == [
        ["北京有什麼？"],
        ["上海有什麼？"],
        ["更多結果", "🗺 地方", "👍", "👎"],
    ]
    assert [row[0].data for row in reply.rows[:2]] == ["e:a:0", "e:a:2"]


@pytest.mark.parametrize("texts", [ZH_HANT, ZH_HANS, EN])
def test_a_place_inside_a_covered_one_is_told_so(texts: Texts) -> None:
    answer = replace(
        refused("place_not_covered", Hit(a_passage(), 0.5, 1), uncovered=("杭州",)),
        around=Elsewhere("杭州", "浙江"),
    )
    (message,) = answer_reply(answer, [], texts, plain_link).messages
    assert "杭州" in message
    assert "浙江" in message


@pytest.mark.parametrize("texts", [ZH_HANT, ZH_HANS, EN])
def test_a_refusal_says_of_which_other_place_the_bulletins_tell_it(texts: Texts) -> None:
    told = replace(refused("not_found", Hit(a_passage(), 0.5, 1)), elsewhere=Elsewhere("大<連", "江西瑞金"))
    (message,) = answer_reply(told, [], texts, plain_link).messages
    assert "大&lt;連" in message
    assert "江西瑞金" in message


def test_a_place_that_is_not_covered_is_named() -> None:
    answer = refused("place_not_covered", Hit(a_passage(), 0.5, 1), uncovered=("廣州<市>",))
    (message,) = answer_reply(answer, ["北京", "上海"], ZH_HANT, link).messages
    assert _shown(message) == "簡報沒有收錄「廣州<市>」。"


@pytest.mark.parametrize(
    ("texts", "listed"),
    [(ZH_HANT, "廣州、深圳"), (ZH_HANS, "廣州、深圳"), (EN, "Guangzhou 廣州, Shenzhen 深圳")],
)
def test_names_are_listed_as_the_language_lists_them(texts: Texts, listed: str) -> None:
    answer = refused("place_not_covered", Hit(a_passage(), 0.5, 1), uncovered=("廣州", "深圳"))
    (message,) = answer_reply(answer, ["北京", "上海"], texts, plain_link).messages
    assert listed in message


def test_an_empty_question_is_asked_for_in_words() -> None:
    assert answer_reply(refused("not_found"), [], EN, link).messages == (EN.empty_question,)


@given(
    text=ANY_TEXT, heading=ANY_TEXT, place=ANY_TEXT, start=st.integers(0, 6000), length=st.integers(1, 300)
)
def test_whatever_a_bulletin_holds_telegram_takes_the_answer_and_shows_it_unchanged(
    text: str, heading: str, place: str, start: int, length: int
) -> None:
    start = min(start, len(text) - 1)
    passage = a_passage(text, heading)
    quote = Quote(passage, start, min(start + length, len(text)), 1.0, marks=((start, start + 1),))
    hit = Hit(passage, 0.5, 1)
    replies = [
        answer_reply(answered(quote, quote, quote), [], ZH_HANT, link, answer_id="id"),
        answer_reply(refused("place_not_covered", hit, uncovered=(place[:600],)), ["上海"], ZH_HANT, link),
    ]
    for reply in replies:
        for message in reply.messages:
            assert utf16_length(_shown(message)) <= 4096
    assert f"「{quote.text}」".strip() in _shown(replies[0].messages[0])
    copied = replies[0].rows[0][2].copies
    assert 1 <= utf16_length(copied) < 256


def test_a_coverage_says_how_many_places_and_shows_a_block_a_place() -> None:
    quote = Quote(a_passage(), 0, 5, 1.0)
    places = (PlaceAnswer("北京", (quote,), 2), PlaceAnswer("上海", ()))
    answer = replace(answered(quote, quote), question_type=QuestionType.COVERAGE, by_place=places)
    reply = answer_reply(answer, ["北京", "上海"], ZH_HANT, link)
    (message,) = reply.messages
    assert "<tr><td><b>北京 2 段</b></td><td>「每月發佈1」" in reply.rich
    assert _shown(message).split("\n\n") == [
        "2 個地方中有 1 個提到。沒提到：上海。",
        "北京 2 段\n「每月發佈1」〔1〕\n〔1〕北京・篇3・二、把好“三關”",
    ]


@pytest.mark.parametrize(
    ("order", "count", "summary"),
    [
        (FigureOrder.LARGEST_FIRST, 2, "2 個地方寫了這樣的數字，由大到小"),
        (FigureOrder.SMALLEST_FIRST, 2, "2 個地方寫了這樣的數字，由小到大"),
        (FigureOrder.LARGEST_FIRST, 1, "只有一個地方寫了這樣的數字"),
    ],
)
def test_places_in_the_order_of_their_figures_are_said_to_be_so(
    order: FigureOrder, count: int, summary: str
) -> None:
    quote = Quote(a_passage(), 0, 2, 1.0)
    places = tuple(PlaceAnswer(name, (quote,)) for name in ("柳河", "寧安")[:count])
    answer = replace(answered(quote), by_place=places, figure_order=order)
    message = _shown(answer_reply(answer, ["柳河", "寧安", "海陽"], ZH_HANT, link).messages[0])
    assert message.startswith(summary)
    assert "提到" not in message


def test_the_citations_of_several_places_have_a_button_each() -> None:
    quote = Quote(a_passage(), 0, 5, 1.0)
    answer = replace(
        answered(quote), question_type=QuestionType.COMPARISON, by_place=(PlaceAnswer("北京", (quote,)),)
    )
    first, *_ = answer_reply(answer, [], ZH_HANT, link, answer_id="id").rows
    assert [(button.label, button.data) for button in first] == [("〔1〕", "n:0123456789abcdef:0")]


@given(place=ANY_TEXT, text=ANY_TEXT, count=st.integers(1, 60))
def test_any_number_of_places_is_split_between_them_before_telegram_refuses(
    place: str, text: str, count: int
) -> None:
    quote = Quote(a_passage(text), 0, min(len(text), 300), 1.0)
    blocks = tuple(PlaceAnswer(place, (quote,) * (number % 3)) for number in range(count))
    answer = replace(
        answered(quote),
        question_type=QuestionType.COMPARISON,
        by_place=(PlaceAnswer("甲", (quote,)), *blocks),
    )
    for message in answer_reply(answer, [], ZH_HANT, link).messages:
        shown, entities = parse_html(message)
        assert utf16_length(shown) <= 4096
        assert len(entities) <= 100


def test_how_a_question_was_read_stands_first_in_italics() -> None:
    resolved = ResolvedMessage("重慶 <志願者>", "重慶・<志願者>")
    (message,) = answer_reply(
        answered(Quote(a_passage(), 0, 5, 1.0)), [], ZH_HANT, link, resolved=resolved
    ).messages
    assert message.startswith("<i>理解為\uff1a重慶・&lt;志願者&gt;</i>\n「每月發佈1」")


@pytest.mark.parametrize("texts", [ZH_HANT, ZH_HANS, EN])
@pytest.mark.parametrize("is_merged", [False, True])
def test_an_answer_says_what_a_place_is_called_today_and_since_when(texts: Texts, is_merged: bool) -> None:
    place = RenamedPlace("沙縣", "沙縣區", 2021, is_merged=is_merged)
    told = replace(answered(Quote(a_passage(), 0, 5, 1.0)), renamed_places=(place,))
    first, *_ = answer_reply(told, [], texts, link).messages[0].split("\n")
    line = texts.place_merged if is_merged else texts.place_renamed
    assert first == f"<i>{line.format(asked='沙縣', current='沙縣區', year=2021)}</i>"
    assert "2021" in first


def test_when_nothing_more_is_left_it_is_said() -> None:
    resolved = ResolvedMessage("問", "問", frozenset({"a"}))
    reply = answer_reply(refused("not_found"), [], ZH_HANT, link, resolved=resolved)
    assert reply == Reply((f"<i>理解為：問</i>\n{ZH_HANT.no_more}",))


def test_more_after_a_refusal_does_not_repeat_the_refusal() -> None:
    resolved = ResolvedMessage("", "", is_exhausted=True)
    reply = answer_reply(refused("not_found"), [], ZH_HANT, link, resolved=resolved, answer_id="id")
    assert reply == Reply((ZH_HANT.nothing_to_go_on_from,))


@pytest.mark.parametrize("said", list(SmallTalk))
def test_small_talk_gets_its_own_short_reply_in_every_language(said: SmallTalk) -> None:
    answer = SmallTalkReply(question="問", small_talk=said)
    replies = {answer_reply(answer, [], texts, link).messages[0] for texts in (ZH_HANT, ZH_HANS, EN)}
    assert len(replies) == 3
    assert not any("簡報裡沒有" in reply for reply in replies)
