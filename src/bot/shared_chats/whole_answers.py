"""The whole of an answer that a shared chat shows in a few lines: in the private chat, or in its place."""

from __future__ import annotations

from telegram import Update

from bot.handlers import Context, asking, sending
from bot.replies import callback_data, markup
from bot.reports import with_verdicts
from bot.serving import Answerer
from bot.state import records


async def open_whole(update: Update, context: Context) -> None:
    """Answer the deep link of a short answer: send the whole one, and go on from it in this chat."""
    link = callback_data.WHOLE_PAYLOAD.match(context.arguments)
    given = context.services.conversations.answer(link["id"]) if link else None
    if given is None:
        await sending.send(update, context, markup.text_reply(context.texts.answer_forgotten))
        return
    reply = await _whole(context, given)
    context.services.conversations.save_turn(context.conversation_key, given.turn)
    title = f"<b>{markup.escape(markup.clip(given.turn.question, markup.LONGEST_NAMES))}</b>"
    await sending.send(update, context, markup.with_preface(reply, title))


async def unfold(update: Update, context: Context) -> None:
    """Show the whole answer in the place of the short one whose button was pressed."""
    query = update.callback_query
    if query is None:
        return
    given = context.services.conversations.answer(context.matched("id"))
    await sending.acknowledge(query, "" if given else context.texts.answer_forgotten, alert=given is None)
    if given:
        await sending.turn_into(update, context, await _whole(context, given))


async def _whole(context: Context, given: records.GivenAnswer) -> markup.Reply:
    """The answer, found again in the index of now, from the collections of the chat in which it was asked for."""
    scoped = _answerer_of(context, given)
    skip = _shown_before(given)
    exchange = await scoped.repeat(given.turn.question, skip)
    reply = asking.whole_reply(context, exchange, given.answer_id, answerer=scoped)
    return with_verdicts(context, reply, given.answer_id)


def _answerer_of(context: Context, given: records.GivenAnswer) -> Answerer:
    answerer = context.services.answerer
    saved = context.services.conversations.collections_of(given.chat_id or given.user_id)
    return answerer.within([name for name in saved if name in answerer.collections])


def _shown_before(given: records.GivenAnswer) -> frozenset[str]:
    """The passages that the answer left out, because an earlier one to the same question quoted them."""
    before = given.before
    return before.shown if before and before.question == given.turn.question else frozenset()
