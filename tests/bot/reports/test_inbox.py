"""The inbox: reports reach the admins, are decided and made into questions, and vanish with what they are about."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.locales import EN, ZH_HANT
from bot.reports import inbox_messages
from bot.reports.inbox_copies import update_inbox
from bot.serving.answerer import Answerer
from bot.settings import Settings, load_settings
from bot.state import feedback, retention
from bot.state.records import Decision, Verdict
from retrieval.evaluation.dataset import read_questions
from tests.bot.reports.test_verdicts import press
from tests.chatting import Chat, new_chat
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import SentMessage
from tests.e2e.bot_api.state import User

SAID = ZH_HANT.admin.inbox
QUESTION, QUOTED = "北京榜樣每個月評出多少人?", "每月發佈10名月榜人物"
READER, ADMIN, SECOND_ADMIN = 7, 8, 9


@dataclass(frozen=True, slots=True)
class Office:
    """A reader and two admins of one bot."""

    chat: Chat
    admin: Telegram
    second: Telegram
    settings: Settings

    @property
    def reader(self) -> Telegram:
        return self.chat.person

    def reports(self, admin: Telegram) -> list[SentMessage]:
        """What the bot has sent an admin after its greeting."""
        return admin.shown()[1:]

    async def settle(self) -> None:
        """Wait for what the bot does beside the updates."""
        await self.chat.services.transport.background_tasks.close(5.0)

    async def report(self, label: str = "引用有誤", question: str = QUESTION) -> SentMessage:
        """The answer to a question, reported by the reader."""
        (answer,) = await self.reader.says(question)
        await press(self.reader, answer, label)
        await self.settle()
        return answer

    async def acts(
        self, message: SentMessage, label: str, admin: Telegram | None = None
    ) -> tuple[str, SentMessage]:
        """The notice of an admin's press, and the message as it is then."""
        done = await press(admin or self.admin, message, label)
        await self.settle()
        return done


@pytest.fixture
async def office(answerer: Answerer, tmp_path: Path) -> AsyncIterator[Office]:
    settings = load_settings(admin_ids={ADMIN, SECOND_ADMIN}, development_questions=tmp_path / "eval")
    chat = new_chat(answerer, settings=settings)
    state = chat.person.state
    first, second = (
        Telegram(state, chat.application, User(number, "Admin", "", "zh-hant"))
        for number in (ADMIN, SECOND_ADMIN)
    )
    async with chat.application:
        for admin in (first, second):
            await admin.says("/start")
        yield Office(chat, first, second, settings)
        await chat.services.transport.background_tasks.close(5.0)
    assert chat.request.refused == []


async def test_a_report_reaches_every_admin_with_question_quote_and_citation_and_without_the_reader(
    office: Office,
) -> None:
    answer = await office.report()
    for admin in (office.admin, office.second):
        (report,) = office.reports(admin)
        assert "引用有誤" in report.text
        assert QUESTION in report.text
        assert QUOTED in report.text
        (_, opens), (_, asked) = report.links[0], answer.links[0]
        assert opens.startswith(asked)
        assert not re.search(r"Person|\b7\b", report.text)
        assert report.labels == [[SAID.right, SAID.wrong, SAID.make], [SAID.next]]


async def test_a_thumbs_down_reaches_the_admins_at_once_and_its_reason_is_added_to_the_same_message(
    office: Office,
) -> None:
    (answer,) = await office.reader.says(QUESTION)
    await press(office.reader, answer, "👎")
    await office.settle()
    (report,) = office.reports(office.admin)
    assert SAID.no_reason in report.text
    await press(office.reader, answer, ZH_HANT.reports.reasons["o"])
    await office.settle()
    (report,) = office.reports(office.admin)
    assert "已經過時" in report.text


async def test_a_thumbs_up_reaches_nobody_and_a_report_taken_back_is_emptied(office: Office) -> None:
    answer = await office.report("👍")
    assert office.reports(office.admin) == []
    await press(office.reader, answer, "👎")
    await office.settle()
    await press(office.reader, answer, "✓ 👎")
    await office.settle()
    (emptied,) = office.reports(office.admin)
    assert (emptied.text, emptied.buttons) == (SAID.gone, ())


async def test_what_one_admin_decides_is_shown_to_all_and_leaves_the_inbox(office: Office) -> None:
    await office.report()
    (report,) = office.reports(office.admin)
    _, decided = await office.acts(report, SAID.wrong)
    assert SAID.decisions["w"] in decided.text
    assert SAID.decisions["w"] in office.reports(office.second)[0].text
    (empty,) = await office.second.says("/inbox")
    assert empty.text == SAID.empty
    _, changed = await office.acts(office.reports(office.second)[0], SAID.right, office.second)
    assert SAID.decisions["r"] in changed.text
    (stored,) = feedback.all_feedback(office.chat.services.database)
    assert stored.decision is Decision.RIGHT


async def test_the_command_opens_what_waits_one_after_the_other(office: Office) -> None:
    for question in (QUESTION, "重慶有多少志願者?"):
        await office.report(question=question)
    (first,) = await office.admin.says("/inbox")
    assert QUESTION in first.text
    _, second = await office.acts(first, SAID.next)
    assert "重慶有多少志願者" in second.text
    await office.acts(second, SAID.right)
    _, first_again = await office.acts(second, SAID.next)
    assert QUESTION in first_again.text
    notice, _ = await office.acts(first_again, SAID.next)
    assert notice == SAID.only_this


async def test_a_report_becomes_a_question_of_the_operators_own_in_the_form_that_evaluate_reads(
    office: Office,
) -> None:
    await office.report()
    (report,) = office.reports(office.admin)
    _, choice = await office.acts(report, SAID.make)
    assert SAID.how in choice.html
    notice, made = await office.acts(choice, SAID.gold_quote)
    file = office.settings.development_questions / "questions_feedback.jsonl"
    assert notice == SAID.kept.format(file=file.name)
    assert "已做成評測題目" in made.text
    (question,) = read_questions(file)
    assert question.text == QUESTION
    assert QUOTED in question.golds[0].answer
    await office.acts(await _asks_again(office, made), SAID.gold_quote)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


async def _asks_again(office: Office, made: SentMessage) -> SentMessage:
    return (await office.acts(made, SAID.make))[1]


@pytest.mark.parametrize(
    ("label", "note"), [(SAID.gold_near, "near miss: from feedback"), (SAID.gold_far, "far: from feedback")]
)
async def test_a_report_becomes_a_question_that_the_bulletins_do_not_answer(
    office: Office, label: str, note: str
) -> None:
    await office.report("👎", "深圳垃圾分類怎麼罰？")
    (report,) = office.reports(office.admin)
    assert SAID.refused in report.text
    _, choice = await office.acts(report, SAID.make)
    assert SAID.gold_quote not in [text for row in choice.labels for text in row]
    await office.acts(choice, label)
    (question,) = read_questions(office.settings.development_questions / "questions_feedback.jsonl")
    assert (question.golds, question.note) == ((), note)


async def test_a_reply_with_words_of_the_bulletins_says_what_is_right_and_any_other_words_are_refused(
    office: Office,
) -> None:
    await office.report()
    (report,) = office.reports(office.admin)
    (unknown,) = await office.admin.says("這句話哪裡都沒有", report)
    assert unknown.text == SAID.words_unknown.format(words="這句話哪裡都沒有")
    (common,) = await office.admin.says("志願", report)
    assert "段含有「志願」" in common.text
    (kept,) = await office.admin.says("每月发布10名月榜人物", report)
    assert kept.text == SAID.kept.format(file="questions_feedback.jsonl")
    (question,) = read_questions(office.settings.development_questions / "questions_feedback.jsonl")
    assert question.golds[0].answer == QUOTED
    await office.settle()
    assert "已做成評測題目" in office.reports(office.second)[0].text


async def test_a_reply_of_an_admin_to_anything_else_and_of_others_is_a_question(office: Office) -> None:
    for person in (office.admin, office.reader):
        (answer,) = await person.says("重慶有多少志願者?")
        (followed,) = await person.says("那大連呢?", answer)
        assert followed.text.startswith("理解為")


async def test_who_is_forgotten_is_forgotten_in_the_chats_of_admins_too(office: Office) -> None:
    await office.report()
    (opened,) = await office.second.says("/inbox")
    (asked,) = await office.reader.says("/forget")
    assert "評價和回報 1" in asked.text
    await press(office.reader, asked, ZH_HANT.about.forget_yes)
    await office.settle()
    shown = [*office.reports(office.admin), *office.reports(office.second)]
    assert len(shown) == 3
    assert {message.text for message in shown} == {SAID.gone}
    assert office.second.sees(opened).buttons == ()
    assert office.chat.services.database.number("SELECT count(*) FROM inbox_messages") == 0


async def test_a_number_given_again_to_a_later_report_does_not_keep_the_earlier_one_on_show(
    office: Office,
) -> None:
    answer = await office.report()
    office.chat.services.database.write("DELETE FROM feedback")
    await office.report(question="重慶有多少志願者?")
    assert QUESTION not in "".join(message.text for message in office.reports(office.admin))
    assert answer.text


async def test_a_report_that_expires_is_emptied_too(office: Office) -> None:
    await office.report()
    database = office.chat.services.database
    retention.prune(database, now=database.now() + 366 * 24 * 60 * 60)
    await update_inbox(office.chat.services)
    assert [message.text for message in office.reports(office.admin)] == [SAID.gone]


async def test_what_was_not_sent_before_the_bot_died_is_sent_at_its_next_start(office: Office) -> None:
    (answer,) = await office.reader.says(QUESTION)
    answer_id = answer.button("👎").callback_data.rpartition(":")[2]
    office.chat.services.conversations.save_verdict(answer_id, READER, Verdict.BAD)
    for _ in range(2):
        await update_inbox(office.chat.services)
    assert [len(office.reports(admin)) for admin in (office.admin, office.second)] == [1, 1]


async def test_an_admin_reads_the_inbox_in_the_language_they_chose(office: Office) -> None:
    office.chat.services.conversations.save_language(ADMIN, "en")
    await office.report()
    assert EN.admin.inbox.make in office.reports(office.admin)[0].labels[0]
    assert SAID.make in office.reports(office.second)[0].labels[0]


async def test_an_admin_who_never_wrote_to_the_bot_costs_the_others_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.chat.person.state.chats[ADMIN].started = False
    await office.report()
    await office.report("👎")
    office.chat.request.refused.clear()
    assert len(office.reports(office.second)) == 2
    assert caplog.text.count("An admin gets no reports") == 1


def test_the_state_of_a_report_is_the_same_in_sql_and_in_python(office: Office) -> None:
    database = office.chat.services.database
    database.write(
        "INSERT INTO feedback (answer_id, person, asker, verdict, question, generation, quotes, at, reason, decision, confirmed) "
        "VALUES ('a', 7, 7, 'd', 'q', 'g', '[]', 0, 'p', 'w', '{}')"
    )
    (report,) = feedback.all_feedback(database)
    shown = inbox_messages.state_of(report)
    inbox_messages.save_message(database, inbox_messages.InboxMessage(ADMIN, 5, report.feedback_id, shown))
    assert inbox_messages.outdated(database) == ()
