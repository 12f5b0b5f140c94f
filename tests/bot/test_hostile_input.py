"""A few inputs of each hostile kind; `python -m benchmarks.faults.fuzz_updates` runs 50,000 cases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest
from benchmarks.faults import hostile_updates
from benchmarks.faults.fuzz_updates import answerer_with, damaged_files, outside, sources, take_all
from benchmarks.faults.hostile_bot import ADMIN, STRANGER, HostileBot, hostile_bot
from benchmarks.faults.hostile_texts import LONGEST, fitting
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import ZH_HANT
from bot.serving.answerer import Answerer
from retrieval.language.folding import fold
from retrieval.questions.question import read_question
from retrieval.ranking.highlighting import matched_spans
from tests.doubles import HashEncoder

CASES = {"updates": 220, "questions": 90, "links": 80, "presses": 120, "documents": 30}
SEED = 20


@pytest.fixture(scope="module")
def hash_desk() -> Iterator[Answerer]:
    """The seven bulletins with the encoder of character hashes."""
    answerer = answerer_with(HashEncoder())
    yield answerer
    answerer.close()


@pytest.fixture
async def bot(hash_desk: Answerer, tmp_path: Path) -> AsyncIterator[HostileBot]:
    """A bot under attack; nothing may have failed at the end."""
    async with hostile_bot(hash_desk, tmp_path) as made:
        yield made
    assert made.failures == []
    assert outside(tmp_path) == []


@pytest.mark.parametrize("kind", CASES)
async def test_nothing_hostile_stops_the_answers_or_is_refused_by_telegram(
    bot: HostileBot, kind: str
) -> None:
    raws = dict(sources(bot, CASES, SEED))[kind]
    await take_all(bot, kind, raws)
    assert bot.taken[kind] == CASES[kind]


async def test_every_kind_of_update_is_taken_as_it_comes(bot: HostileBot) -> None:
    await take_all(bot, "samples", hostile_updates.samples())
    assert bot.skipped == 0


def test_damaged_files_of_every_format_are_read_or_named() -> None:
    failures, _ = damaged_files(80, SEED)
    assert failures == []


async def test_half_a_surrogate_pair_is_left_out_of_question_search_and_inline_query(bot: HostileBot) -> None:
    person = {"id": STRANGER, "is_bot": False, "first_name": "Somebody"}
    message = {"message_id": 3, "date": 1, "from": person, "chat": {"id": STRANGER, "type": "private"}}
    command = {"type": "bot_command", "offset": 0, "length": 7}
    await bot.take("half", {"message": {**message, "text": "北京\ud800榜樣"}})
    await bot.take(
        "half", {"message": {**message, "text": "/search 志願\udc00者 @\ud800", "entities": [command]}}
    )
    await bot.take("half", {"inline_query": {"id": "1", "from": person, "query": "志\ud800願", "offset": ""}})


async def test_a_mention_that_begins_within_a_surrogate_pair_is_no_mention(bot: HostileBot) -> None:
    person = {"id": STRANGER, "is_bot": False, "first_name": "Somebody"}
    message = {
        "message_id": 3,
        "date": 1,
        "from": person,
        "chat": {"id": -1001, "type": "supergroup", "title": "G"},
    }
    mention = {"type": "mention", "offset": 1, "length": 3}
    await bot.take("half", {"message": {**message, "text": "😀😀😀", "entities": [mention]}})


async def test_an_inline_query_that_telegram_no_longer_waits_for_is_let_be(bot: HostileBot) -> None:
    person = {"id": STRANGER, "is_bot": False, "first_name": "Somebody"}
    await bot.take("late", {"inline_query": {"id": "1", "from": person, "query": "志願者", "offset": ""}})


async def test_a_file_that_telegram_does_not_hand_over_is_asked_for_again(bot: HostileBot) -> None:
    document = {"file_id": "gone", "file_unique_id": "u", "file_name": "a.txt", "file_size": 10}
    admin = {"id": ADMIN, "is_bot": False, "first_name": "Admin", "language_code": "zh-hant"}
    message = {"message_id": 3, "date": 1, "from": admin, "chat": {"id": ADMIN, "type": "private"}}
    await bot.take("gone", {"message": {**message, "document": document}})
    assert bot.chat.person.shown()[-1].text == ZH_HANT.admin.upload_unavailable


async def test_a_rebuild_pressed_where_nobody_could_see_it_is_not_started(bot: HostileBot) -> None:
    admin = {"id": 7, "is_bot": False, "first_name": "Admin"}
    press = {"id": "1", "from": admin, "chat_instance": "1", "inline_message_id": "A", "data": "rebuild"}
    await bot.take("rebuild", {"callback_query": press})
    assert bot.chat.services.rebuild._task is None


@given(st.text(max_size=700))
@hypothesis.settings(max_examples=30)
def test_reading_folding_and_highlighting_take_any_text(text: str) -> None:
    question = read_question(text)
    assert len(question.folded) == len(question.text)
    assert len(fold(text)) == len(text)
    assert all(0 <= start < end <= len(text) for start, end in matched_spans(text, text))


@given(st.text(st.characters(exclude_categories=())))
def test_a_text_is_cut_to_what_telegram_lets_through(text: str) -> None:
    longer = fitting(text * 400)
    assert (text * 400).startswith(longer)
    assert len(longer.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST
