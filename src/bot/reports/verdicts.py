"""The buttons 👍, 👎 and 引用有誤 below an answer: saved, shown as pressed, taken back; and the reason of a 👎."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Update
from telegram.error import TelegramError

from bot.handlers import Context, sending
from bot.replies import markup
from bot.reports.inbox_copies import update_inbox
from bot.reports.verdict_keyboard import (
    REASONS_OF_ANSWERS,
    REASONS_OF_REFUSALS,
    Verdicts,
    keyboard_with,
    rows_with,
)
from bot.state import records
from bot.telegram import error_kinds


async def judge(update: Update, context: Context) -> None:
    """Save the verdict of the button, or take it back if it is the one given; a thumbs-down asks why."""
    query, texts = update.callback_query, context.texts
    answer = context.services.conversations.answer(context.matched("id"))
    if query is None:
        return
    if answer is None:
        await sending.acknowledge(query, texts.answer_forgotten, alert=True)
        return
    verdict = records.Verdict(context.matched("verdict"))
    is_withdrawn = _save(context, answer.answer_id, verdict)
    asks_why = verdict is records.Verdict.BAD and not is_withdrawn
    await sending.acknowledge(query, texts.reports.withdrawn if is_withdrawn else _thanks(context, verdict))
    reasons = REASONS_OF_ANSWERS if answer.quotes else REASONS_OF_REFUSALS
    await _show(context, answer.answer_id, reasons if asks_why else ())
    _tell_admins(context)


def _save(context: Context, answer_id: str, verdict: records.Verdict) -> bool:
    """Save the verdict of the person; returns True if it was the one given, and is taken back."""
    conversations, (_, user_id) = context.services.conversations, context.conversation_key
    if conversations.verdicts_on(answer_id).get(user_id) is verdict:
        conversations.withdraw_verdict(answer_id, user_id)
        return True
    conversations.save_verdict(answer_id, user_id, verdict)
    return False


def _thanks(context: Context, verdict: records.Verdict) -> str:
    texts = context.texts
    match verdict:
        case records.Verdict.GOOD:
            return texts.verdict_kept
        case records.Verdict.BAD:
            return texts.reports.why
        case records.Verdict.WRONG_CITATION:
            return texts.citation_reported


async def give_reason(update: Update, context: Context) -> None:
    """Save why the answer got a thumbs-down; whoever had given none gives one with it."""
    query, texts, answer_id = update.callback_query, context.texts, context.matched("id")
    conversations, (_, user_id) = context.services.conversations, context.conversation_key
    if query is None:
        return
    if conversations.answer(answer_id) is None:
        await sending.acknowledge(query, texts.answer_forgotten, alert=True)
        return
    if conversations.verdicts_on(answer_id).get(user_id) is not records.Verdict.BAD:
        conversations.save_verdict(answer_id, user_id, records.Verdict.BAD)
    conversations.save_reason(answer_id, user_id, records.Reason(context.matched("reason")))
    await sending.acknowledge(query, texts.reports.reason_kept)
    await _show(context, answer_id, ())
    _tell_admins(context)


async def _show(context: Context, answer_id: str, reasons: Sequence[records.Reason]) -> None:
    """Bring the buttons below the answer up to date; a message that is gone or too old stays as it is."""
    message, (_, user_id) = context.message, context.conversation_key
    if message is None or message.reply_markup is None:
        return
    by_person = context.services.conversations.verdicts_on(answer_id)
    verdicts = Verdicts(answer_id, by_person, user_id if context.is_private else None, reasons)
    keyboard = keyboard_with(message.reply_markup, verdicts, context.texts)
    if keyboard == message.reply_markup:
        return
    try:
        await context.bot.edit_message_reply_markup(
            message.chat.id, message.message_id, reply_markup=keyboard
        )
    except TelegramError as error:
        if not (error_kinds.is_harmless(error) or error_kinds.is_of_the_chat(error)):
            raise


def with_verdicts(context: Context, reply: markup.Reply, answer_id: str) -> markup.Reply:
    """The reply, which shows an earlier answer again, with its verdicts on the buttons: another press takes one back."""
    by_person, (_, user_id) = context.services.conversations.verdicts_on(answer_id), context.conversation_key
    verdicts = Verdicts(answer_id, by_person, user_id if context.is_private else None)
    return replace(reply, rows=rows_with(reply.rows, verdicts, context.texts))


def _tell_admins(context: Context) -> None:
    context.services.transport.background_tasks.start(update_inbox(context.services))
