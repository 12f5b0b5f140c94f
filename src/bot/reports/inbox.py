"""The inbox of admins: `/inbox`, the buttons below a report, and the reply that says which words answer."""

from __future__ import annotations

import asyncio
import json

from telegram import Update

from bot.handlers import Context, admission, asking, sending
from bot.operations import evaluation_questions
from bot.replies import callback_data, markup
from bot.reports import inbox_messages
from bot.reports.inbox_copies import only_pass, render_report, update_inbox
from bot.reports.inbox_messages import InboxMessage
from bot.state import feedback, records
from retrieval.errors import BulletinBotError

_LONGEST_WORDS = 60

_GOLDS = {
    callback_data.ReportAct.GOLD_QUOTE: evaluation_questions.Correction(is_quote_right=True),
    callback_data.ReportAct.GOLD_NEAR: evaluation_questions.Correction(unanswerable="near"),
    callback_data.ReportAct.GOLD_FAR: evaluation_questions.Correction(unanswerable="far"),
}
_DECISIONS = {
    callback_data.ReportAct.RIGHT: records.Decision.RIGHT,
    callback_data.ReportAct.WRONG: records.Decision.WRONG,
}


@admission.for_admins
async def open_inbox(update: Update, context: Context) -> None:
    """Answer `/inbox` with the oldest report that waits."""
    report = inbox_messages.next_report(context.services.database, 0)
    if report is None:
        await sending.send(update, context, markup.text_reply(context.texts.admin.inbox.empty))
        return
    sent = await sending.send(update, context, render_report(context.services, report, context.texts))
    _note(context, report, sent[-1])


@admission.for_admins
async def act(update: Update, context: Context) -> None:
    """Do what a button below a report says, and show the report as it is then."""
    query, texts = update.callback_query, context.texts.admin.inbox
    if query is None:
        return
    wanted, number = callback_data.ReportAct(context.matched("act")), int(context.matched("id"))
    report = feedback.feedback_by_id(context.services.database, number)
    if wanted is callback_data.ReportAct.NEXT:
        report = inbox_messages.next_report(context.services.database, number)
    if report is None or not report.is_report:
        is_next = wanted is callback_data.ReportAct.NEXT
        await sending.acknowledge(query, texts.only_this if is_next else texts.gone, alert=not is_next)
        return
    is_repeated = wanted in _DECISIONS and report.decision is _DECISIONS[wanted]
    notice = await _done(context, report, wanted)
    await sending.acknowledge(query, notice, alert=len(notice) > _LONGEST_WORDS)
    if not is_repeated:
        await _show(update, context, report.feedback_id, asks_gold=wanted is callback_data.ReportAct.ASK_GOLD)


async def _done(context: Context, report: feedback.Feedback, wanted: callback_data.ReportAct) -> str:
    """Carry the act out; returns a notice about it, empty where the message itself shows it."""
    if wanted in _DECISIONS:
        decision = _DECISIONS[wanted]
        feedback.save_decision(context.services.database, report.feedback_id, decision)
        return context.texts.admin.inbox.decisions[decision]
    return await _make_question(context, report, _GOLDS[wanted]) if wanted in _GOLDS else ""


@admission.admins_or(asking.question)
async def take_words(update: Update, context: Context) -> None:
    """Make a question of the report that an admin replies to, with the words of the reply as its answer.

    Any other reply is a question as it is from everybody.
    """
    message = context.message
    replied_to = message.reply_to_message if message else None
    chat_id, _ = context.conversation_key
    database = context.services.database
    report = inbox_messages.report_in(database, chat_id, replied_to.message_id) if replied_to else None
    if report is None or message is None:
        await asking.question(update, context)
        return
    words = " ".join((message.text or "").split())
    notice = await _make_question(context, report, evaluation_questions.Correction(words=words))
    await sending.send(update, context, markup.text_reply(notice))
    context.services.transport.background_tasks.start(update_inbox(context.services))


async def _make_question(
    context: Context, report: feedback.Feedback, correction: evaluation_questions.Correction
) -> str:
    """Add the question to the operator's own file and say so, or say what is lacking."""
    services, texts = context.services, context.texts.admin.inbox
    file = evaluation_questions.own_questions_file(services.settings)
    passages = services.answerer.whole.passages
    try:
        line = await asyncio.to_thread(evaluation_questions.question_line, report, passages, correction)
        await asyncio.to_thread(evaluation_questions.append_questions, file, [line])
    except evaluation_questions.NoGoldError as error:
        return _lack(error, correction.words or "", context)
    except BulletinBotError:
        return texts.not_written.format(file=file.name)
    feedback.save_confirmation(services.database, report.feedback_id, json.dumps(json.loads(line)))
    return texts.kept.format(file=file.name)


def _lack(error: evaluation_questions.NoGoldError, words: str, context: Context) -> str:
    """The sentence about the missing answer, in the language of the admin."""
    texts, shown = context.texts.admin.inbox, markup.clip(words, _LONGEST_WORDS)
    match error.lack:
        case evaluation_questions.Lack.UNKNOWN_WORDS:
            return texts.words_unknown.format(words=shown)
        case evaluation_questions.Lack.COMMON_WORDS:
            return texts.words_common.format(words=shown, count=error.count)
        case _:
            return texts.quote_missing


async def _show(update: Update, context: Context, feedback_id: int, *, asks_gold: bool) -> None:
    """Turn the message into the report as it is now, and bring the messages of the other admins up to date."""
    report = feedback.feedback_by_id(context.services.database, feedback_id)
    if report is None:
        return
    reply = render_report(context.services, report, context.texts, asks_gold=asks_gold)
    async with only_pass(context.services):
        if context.message:  # noted first: whatever shows a report can be emptied later
            _note(context, report, context.message.message_id)
        await sending.turn_into(update, context, reply)
    context.services.transport.background_tasks.start(update_inbox(context.services))


def _note(context: Context, report: feedback.Feedback, message_id: int) -> None:
    chat_id, _ = context.conversation_key
    state = inbox_messages.state_of(report)
    message = InboxMessage(chat_id, message_id, report.feedback_id, state)
    inbox_messages.save_message(context.services.database, message)
