"""Faults of Telegram and the network, made by a proxy: every question gets its answer, exactly once."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.locales import ZH_HANT
from tests.e2e.bot_api import Person, SentMessage
from tests.e2e.fault_proxy import Fault
from tests.e2e.light import ANSWER, QUESTION, QUESTIONS, START_SECONDS, Rig, answers_to, kill, lines, rig
from tests.e2e.light_bot import DEADLY, ENDLESS

SAID = ZH_HANT.delivery
SOON = 15.0


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One bot for all tests that leave it as they found it."""
    with rig(tmp_path_factory.mktemp("faults")) as made:
        made.start(PERSON_BURST="1000")
        person = made.telegram.person(1)
        person.says("/lang")
        person.waits_for_message(timeout=START_SECONDS)
        yield made
        # An edit whose answer was lost is made again, and then changes nothing.
        assert [call for call in made.telegram.refused if "not modified" not in call.description] == []
        assert "Traceback" not in made.started[0].output
        assert made.telegram.token.partition(":")[2] not in made.started[0].output


def settled(person: Person, asked: SentMessage) -> list[SentMessage]:
    """What came for a message, once the bot has also answered another that was sent behind it."""
    last = person.says("/lang")
    person.waits_for_message(timeout=SOON, after=last, containing="語言")
    return [message for message in answers_to(person, asked) if message.message_id < last.message_id]


def asks(person: Person) -> tuple[SentMessage, SentMessage]:
    """A question and its answer."""
    asked = person.says(QUESTION)
    return asked, person.waits_for_message(timeout=SOON)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessage", status=429, retry_after=1),
        Fault("sendMessage", status=429, retry_after=1, times=3),
        Fault("sendMessage", status=500),
        Fault("sendMessage", status=502, times=3),
        Fault("sendMessage", status=504),
        Fault("sendMessage", reset="before", times=2),
        Fault("sendMessage", keep=60),
        Fault("sendMessage", keep=60, honest=True),
        Fault("sendMessage", keep=14, honest=True),
        Fault("sendMessage", dribble=1.0),
        Fault("getUpdates", status=500, times=2),
        Fault("getUpdates", reset="before"),
        Fault("getUpdates", reset="after"),
        Fault("getUpdates", keep=100),
        Fault("getUpdates", keep=100, honest=True),
        Fault("getUpdates", status=429, retry_after=1),
        Fault("*", status=502, times=4),
    ],
    ids=str,
)
def test_a_fault_costs_no_answer_and_doubles_none(shared: Rig, fault: Fault) -> None:
    person = shared.telegram.person(2)
    shared.proxy.inject(fault)
    asked, answer = asks(person)
    shared.proxy.clear()
    assert ANSWER in answer.text
    assert len(settled(person, asked)) == 1


def test_only_an_answer_whose_taking_nobody_can_know_of_may_come_twice(shared: Rig) -> None:
    person = shared.telegram.person(2)
    shared.proxy.inject(Fault("sendMessage", reset="after"))
    asked, _ = asks(person)
    answers = settled(person, asked)
    assert len(answers) in (1, 2)
    assert all(ANSWER in answer.text for answer in answers)


def test_an_answer_that_an_edit_brings_survives_faults_too(shared: Rig) -> None:
    person = shared.telegram.person(3)
    person.says("/lang")
    languages = person.waits_for_message()
    for fault in (Fault("answerCallbackQuery", status=500, times=2), Fault("editMessageText", reset="after")):
        shared.proxy.inject(fault)
    person.taps(languages, "English")
    assert "English" in person.waits_for_edit(languages, timeout=SOON).text
    assert len(answers_to(person, languages)) == 0


def test_who_waits_for_a_429_does_not_hold_up_others(shared: Rig) -> None:
    first, second = shared.telegram.person(4), shared.telegram.person(5)
    shared.proxy.inject(Fault("sendMessage", status=429, retry_after=3))
    first.says(QUESTION)
    assert shared.telegram.log.wait_until(lambda: shared.proxy.struck["sendMessage"] or None, SOON)
    time.sleep(0.3)
    started = time.monotonic()
    asks(second)
    assert time.monotonic() - started < 2.5
    first.waits_for_message(timeout=SOON)


def test_however_many_chats_are_told_to_wait_others_are_answered_and_each_chat_keeps_its_order(
    shared: Rig,
) -> None:
    waiting = [shared.telegram.person(200 + number) for number in range(20)]
    struck_before = shared.proxy.struck["sendMessage"]
    shared.proxy.inject(Fault("sendMessage", status=429, retry_after=4, times=len(waiting)))
    first = [person.says(QUESTION) for person in waiting]
    assert shared.telegram.log.wait_until(
        lambda: shared.proxy.struck["sendMessage"] - struck_before >= len(waiting) or None, SOON
    )
    for person in waiting:
        person.says("/lang")
    started = time.monotonic()
    asks(shared.telegram.person(5))
    assert time.monotonic() - started < 2.5
    for person, asked in zip(waiting, first, strict=True):
        person.waits_for_message(timeout=SOON, after=asked, containing="語言")
        texts = [answer.text for answer in answers_to(person, asked) if answer.text != SAID.wait]
        assert [ANSWER in text for text in texts] == [True, False]


@pytest.mark.parametrize("kind", ["refuse", "black hole"])
def test_what_is_asked_in_an_outage_is_answered_after_it_and_the_log_says_two_lines(
    shared: Rig, kind: str
) -> None:
    people = [shared.telegram.person((10 if kind == "refuse" else 20) + number) for number in range(5)]
    time.sleep(0.3)  # until what came before is done with
    before = len(shared.started[0].output)
    shared.proxy.outage("refuse" if kind == "refuse" else "black hole")
    asked = [person.says(QUESTION) for person in people]
    time.sleep(2.0 if kind == "refuse" else 0.5)
    shared.proxy.heal()
    for person, question in zip(people, asked, strict=True):
        assert ANSWER in person.waits_for_message(timeout=SOON).text
        assert len(settled(person, question)) == 1
    assert len(lines(shared.started[0].output[before:], "warning")) <= 1
    if kind == "refuse":
        assert shared.started[0].wait_for_output("Telegram cannot be reached", before)
        assert shared.started[0].wait_for_output("Telegram can be reached again", before)


def test_an_update_that_cannot_be_read_does_not_hold_up_the_others(shared: Rig) -> None:
    person = shared.telegram.person(6)
    person.says("/lang")
    person.waits_for_message()
    bad = {"message_id": "?", "chat": "none", "date": [], "text": "private words"}
    number = shared.telegram.look(
        lambda state: (state.updates.push("message", bad, ""), state.updates.next_id - 1)[1]
    )
    asks(person)
    assert shared.started[0].wait_for_output(f"cannot be read: {number}")
    assert "private words" not in shared.started[0].output


def test_another_copy_with_the_same_token_is_said_once(shared: Rig) -> None:
    person = shared.telegram.person(7)
    struck = shared.proxy.struck["getUpdates"]
    shared.proxy.inject(Fault("getUpdates", status=409, times=2))
    _, answer = asks(person)
    assert ANSWER in answer.text
    # The request that was open when the fault came may have brought the question: the refusals come after it.
    assert shared.telegram.log.wait_until(
        lambda: shared.proxy.struck["getUpdates"] - struck == 2 or None, SOON
    )
    asks(person)
    assert shared.started[0].wait_for_output("Another copy of this bot is running")
    assert shared.started[0].output.count("Another copy of this bot is running") == 1


@pytest.mark.parametrize(
    ("status", "retry_after", "times"),
    [(400, 0, 4), (403, 0, 4), (404, 0, 4), (418, 0, 4), (429, 1, 3), (429, 4, 1)],
)
def test_a_bot_that_is_given_no_updates_says_so_once_and_once_that_it_is_given_them_again(
    shared: Rig, status: int, retry_after: int, times: int
) -> None:
    before = len(shared.started[0].output)
    shared.proxy.inject(Fault("getUpdates", status=status, retry_after=retry_after, times=times))
    _, answer = asks(shared.telegram.person(9))
    assert ANSWER in answer.text
    assert shared.telegram.log.wait_until(
        lambda: "gives updates again" in shared.started[0].output[before:] or None, SOON
    )
    output = shared.started[0].output[before:]
    assert output.count("Telegram gives this bot no updates") == 1
    assert len(lines(output, "warning")) == 1


@pytest.mark.parametrize(
    "said",
    [
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: TOPIC_CLOSED",
        "Bad Request: chat not found",
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: message thread not found",
    ],
)
def test_a_chat_that_takes_no_messages_costs_one_call_and_one_line_of_the_log(shared: Rig, said: str) -> None:
    person = shared.telegram.person(11)
    before, struck = len(shared.started[0].output), shared.proxy.struck["sendMessage"]
    shared.proxy.inject(Fault("sendMessage", status=400, description=said, times=3))
    person.says(QUESTION)
    assert shared.telegram.log.wait_until(
        lambda: lines(shared.started[0].output[before:], "warning") or None, SOON
    )
    time.sleep(0.5)
    shared.proxy.clear()
    (line,) = lines(shared.started[0].output[before:], "warning")
    assert line.endswith(said.removeprefix("Bad Request: ").capitalize())
    assert lines(shared.started[0].output[before:], "error") == []
    assert shared.proxy.struck["sendMessage"] - struck == 1


def test_what_was_asked_in_a_topic_that_is_gone_is_answered_in_the_group(shared: Rig) -> None:
    person, group = shared.telegram.person(12), shared.telegram.group(-12, is_forum=True)
    shared.proxy.inject(Fault("sendMessage", status=400, description="Bad Request: message thread not found"))
    person.says(f"/ask@{shared.telegram.username} {QUESTION}", chat=group, thread=42)
    answer = person.waits_for_message(chat=group, timeout=SOON)
    assert ANSWER in answer.text
    assert answer.thread_id == 0


def test_ten_questions_at_once_are_answered_in_their_order(shared: Rig) -> None:
    person = shared.telegram.person(8)
    asked = [person.says(question) for _ in range(4) for question in QUESTIONS][:10]
    assert shared.telegram.log.wait_until(lambda: _answered(person, asked[0]) == 10 or None, SOON)
    texts = [answer.text for answer in answers_to(person, asked[0]) if answer.text != SAID.wait]
    expected = [answer for _ in range(4) for answer in QUESTIONS.values()][:10]
    assert all(answer in text for answer, text in zip(expected, texts, strict=True))


def test_fifty_people_at_once_are_each_answered_in_their_order(shared: Rig) -> None:
    people = [shared.telegram.person(100 + number) for number in range(50)]
    first = [person.says("志願者走進社區做什麼?") for person in people]
    for person in people:
        person.says("每月發佈多少名月榜人物?")
    for person, asked in zip(people, first, strict=True):
        assert shared.telegram.log.wait_until(lambda: _answered(person, asked) == 2 or None, START_SECONDS)  # noqa: B023
        texts = [answer.text for answer in answers_to(person, asked) if answer.text != SAID.wait]
        assert "教老人使用手機" in texts[0]
        assert "10名" in texts[1]


def _taken(line: Rig, person: Person, questions: list[str]) -> list[SentMessage]:
    """Questions that the bot has taken from Telegram, and is answering or about to."""
    asked = [person.says(question) for question in questions]
    assert line.telegram.log.wait_until(
        lambda: line.telegram.look(lambda state: not state.updates.pending) or None, START_SECONDS
    )
    return asked


def _age(line: Rig, person: Person, seconds: float) -> None:
    """Let what the stopped bot has kept of a person be as much older."""
    with sqlite3.connect(line.folder / "state.sqlite3") as connection:
        connection.execute(
            "UPDATE updates SET at = at - ? WHERE body LIKE ?",
            (seconds, f'%"first_name": "Person {person.user.id}"%'),
        )


def test_a_bot_killed_while_it_answers_answers_the_rest_once_what_is_old_with_an_apology_what_kills_it_never(
    line: Rig,
) -> None:
    quick, patient, deadly = (line.telegram.person(number) for number in (7, 8, 9))
    first = line.start(ANSWER_SECONDS="0.5")
    _taken(line, quick, ["/lang"])
    quick.waits_for_message(timeout=START_SECONDS)
    asked = _taken(line, quick, list(QUESTIONS))
    old = _taken(line, patient, [ENDLESS + QUESTION])[0]
    fatal = _taken(line, deadly, [ENDLESS])[0]
    quick.waits_for_message(timeout=SOON)  # one of three; the second is being answered
    time.sleep(0.2)
    kill(first)

    _age(line, patient, 660)
    _ends_well(line, patient)
    second = line.start()
    line.telegram.log.wait_until(lambda: _answered(quick, asked[0]) == len(QUESTIONS) or None, START_SECONDS)
    answers = [answer for answer in settled(quick, asked[0]) if answer.text != SAID.wait]
    assert [words in shown.text for words, shown in zip(QUESTIONS.values(), answers, strict=True)] == [
        True
    ] * 3
    assert not any(answer.text.startswith(SAID.late) for answer in answers)
    late = patient.waits_for_message(timeout=SOON, containing=ANSWER)
    assert late.text.startswith(SAID.late)
    kill(second)  # while nothing but the endless question was under way
    third = line.start()
    line.telegram.log.wait_until(lambda: _starts(line, deadly) == 3 or None, START_SECONDS)
    kill(third)

    fourth = line.start()
    assert deadly.waits_for_message(timeout=START_SECONDS, containing=SAID.unanswered).text == SAID.unanswered
    for person, question in ((deadly, fatal), (patient, old)):
        # Whoever answers takes back the notice of a bot that was killed.
        (answer,) = settled(person, question)
        assert answer.text != SAID.wait
    assert fourth.terminate() == 0


def test_a_question_of_which_the_process_dies_is_given_up_after_three_deaths_and_the_others_are_answered_once(
    line: Rig,
) -> None:
    dying = line.start(ANSWER_SECONDS="0.2")
    people = [line.telegram.person(number) for number in range(20, 26)]
    people[0].says("/lang")
    people[0].waits_for_message(timeout=START_SECONDS)
    asked = [person.says(DEADLY if number == 3 else QUESTION) for number, person in enumerate(people)]
    for _ in range(3):
        assert dying.wait() == -signal.SIGKILL
        dying = line.start(ANSWER_SECONDS="0.2")
    assert people[3].waits_for_message(timeout=START_SECONDS, after=asked[3]).text == SAID.unanswered
    for person, question in zip(people, asked, strict=True):
        person.waits_for_message(timeout=SOON, after=question)
        (answer,) = settled(person, question)
        assert (ANSWER in answer.text) == (person is not people[3])
    people[3].says(QUESTION)
    assert ANSWER in people[3].waits_for_message(timeout=SOON, containing=ANSWER).text
    assert dying.terminate() == 0


def _starts(line: Rig, person: Person) -> int:
    """What the stopped bots have noted against the update of a person."""
    with sqlite3.connect(line.folder / "state.sqlite3") as connection:
        ((starts,),) = connection.execute(
            "SELECT starts FROM updates WHERE body LIKE ?", (f'%"first_name": "Person {person.user.id}"%',)
        )
    return int(starts)


def _answered(person: Person, asked: SentMessage) -> int:
    """How many of the messages since then are answers, not notices."""
    return sum(answer.text != SAID.wait for answer in answers_to(person, asked))


def _ends_well(line: Rig, person: Person) -> None:
    """Let the endless question of a person be one that ends."""
    with sqlite3.connect(line.folder / "state.sqlite3") as connection:
        ((body,),) = connection.execute(
            "SELECT body FROM updates WHERE body LIKE ?", (f'%"first_name": "Person {person.user.id}"%',)
        )
        update = json.loads(body)
        update["message"]["text"] = QUESTION
        connection.execute("UPDATE updates SET body = ? WHERE body = ?", (json.dumps(update), body))


def test_a_bot_stopped_in_an_outage_ends_soon_answers_after_the_next_start_and_with_a_revoked_token_ends(
    line: Rig,
) -> None:
    person = line.telegram.person(7)
    bot = line.start()
    _taken(line, person, ["/lang"])
    person.waits_for_message(timeout=START_SECONDS)
    line.proxy.inject(Fault("sendMessage", status=502, times=1000))
    asked = _taken(line, person, [QUESTION])[0]
    time.sleep(0.5)
    line.proxy.outage()
    started = time.monotonic()
    assert bot.terminate() == 0
    assert time.monotonic() - started < 10
    assert answers_to(person, asked) == []

    line.proxy.clear()
    line.proxy.heal()
    again = line.start()
    assert ANSWER in person.waits_for_message(timeout=START_SECONDS).text
    assert len(settled(person, asked)) == 1
    line.proxy.inject(Fault("*", status=401, times=100))
    person.says(QUESTION)
    assert again.wait(SOON) == 1
    assert again.output.splitlines()[-1].startswith("Telegram does not know this")
    assert "Traceback" not in bot.output + again.output


def test_a_wait_of_five_seconds_gets_a_notice_and_a_flood_gets_one(line: Rig) -> None:
    bot = line.start(ANSWER_SECONDS="0.2", PERSON_BURST="30")
    flooder, other = line.telegram.person(7), line.telegram.person(8)
    flooder.says("/lang")
    flooder.waits_for_message(timeout=START_SECONDS)
    sent = [flooder.says(QUESTION) for _ in range(80)]
    flooded = time.monotonic()
    # It may come before the last of them is sent.
    assert line.telegram.log.wait_until(
        lambda: any(SAID.too_many == shown.text for shown in flooder.history()) or None, SOON
    )
    started = time.monotonic()
    other.says(QUESTION)
    assert ANSWER in other.waits_for_message(timeout=SOON).text
    assert time.monotonic() - started < 3
    notice = flooder.waits_for_message(timeout=SOON, containing=SAID.wait)
    assert line.telegram.log.wait_until(
        lambda: notice.message_id not in {shown.message_id for shown in flooder.history()} or None, SOON
    )

    def texts() -> list[str]:
        return [shown.text for shown in answers_to(flooder, sent[0])]

    def answered() -> int:
        return sum(ANSWER in text for text in texts())

    assert line.telegram.log.wait_until(lambda: answered() >= 28 or None, SOON)
    assert answered() <= 32 + time.monotonic() - flooded
    assert texts().count(SAID.too_many) == 1
    assert SAID.wait not in texts()
    assert bot.terminate() == 0


def test_who_floods_a_chat_that_telegram_limits_is_told_once_when_the_chat_can_take_it(
    tmp_path: Path,
) -> None:
    with rig(tmp_path, flood_control=True) as line:
        bot = line.start(PERSON_BURST="5", PERSON_PER_MINUTE="6")
        flooder = line.telegram.person(7)
        flooder.says("/lang")
        flooder.waits_for_message(timeout=START_SECONDS)
        # Beside its limit, which three messages at once reach, the chat takes nothing for a while.
        first = flooder.says(QUESTION)
        line.proxy.inject(Fault("sendMessage", status=429, retry_after=4, times=8))
        for _ in range(15):
            flooder.says(QUESTION)
        assert line.telegram.log.wait_until(
            lambda: any(SAID.too_many == shown.text for shown in answers_to(flooder, first)) or None, 40.0
        )
        languages = next(shown for shown in flooder.history() if "語言" in shown.text)
        for _ in range(5):
            flooder.presses(languages, languages.labels[0][0], timeout=SOON)
        time.sleep(5.0)
        assert [shown.text for shown in answers_to(flooder, first)].count(SAID.too_many) == 1
        assert bot.terminate() == 0


def test_strange_results_of_calls_that_are_said_to_be_good_end_nothing(line: Rig) -> None:
    person = line.telegram.person(7)
    for result in ("{}", "true", "[]"):
        line.proxy.inject(Fault("getMe", status=200, result=result))
    bot = line.start()
    person.says("/lang")
    languages = person.waits_for_message(timeout=START_SECONDS)
    for method in ("getUpdates", "sendMessage", "answerCallbackQuery", "editMessageText"):
        for result in ("{}", "true"):
            line.proxy.inject(Fault(method, status=200, result=result))
    for _ in range(2):
        person.says("/help")
    assert line.telegram.log.wait_until(lambda: line.proxy.struck["sendMessage"] >= 2 or None, SOON)
    for label in ("English", languages.labels[0][0]):
        person.taps(languages, label)
    assert line.telegram.log.wait_until(lambda: line.proxy.struck["editMessageText"] >= 2 or None, SOON)
    _, answer = asks(person)
    assert ANSWER in answer.text
    assert lines(bot.output, "error") == []
    assert bot.terminate() == 0


@pytest.mark.parametrize("is_killed", [True, False])
def test_an_answer_that_may_have_arrived_before_the_bot_ended_is_worded_as_a_repetition(
    line: Rig, is_killed: bool
) -> None:
    person = line.telegram.person(7)
    first = line.start()
    asks(person)
    line.proxy.inject(Fault("sendMessage", dribble=60.0))  # taken, and Telegram's reply is withheld
    asked = person.says(QUESTION)
    arrived = person.waits_for_message(timeout=SOON, after=asked, containing=ANSWER)
    assert SAID.repeated not in arrived.text
    if is_killed:
        kill(first)
    else:
        first.terminate()
    line.proxy.heal()
    line.start()
    again = line.telegram.log.wait_until(
        lambda: [text for text in answers_to(person, asked) if text.message_id > arrived.message_id] or None,
        START_SECONDS,
    )
    assert again
    assert again[0].text.startswith(SAID.repeated)
    assert ANSWER in again[0].text
    fresh = asks(person)[1]
    assert SAID.repeated not in fresh.text
