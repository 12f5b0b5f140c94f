"""Questions: typed, by command, tapped, in groups, as replies and edited."""

from __future__ import annotations

import time

from telegram import Update

from bot.handlers.context import (
    Context,
    arguments,
    conversation_of,
    conversations_of,
    desk_of,
    link_to,
    matched,
    message_of,
    metrics_of,
    pseudonym_of,
    received_update_of,
    settings_of,
    texts_of,
)
from bot.handlers.sending import acknowledge, send, typing
from bot.observability import Delivery, log_answer, stage_times
from bot.replies.answers import answer_reply
from bot.replies.callback_data import Example
from bot.replies.markup import Reply, escape, text_reply
from bot.replies.passages import converted_answer_reply
from bot.replies.welcome import usage_reply
from bot.state.conversations import GivenAnswer, QuotedSpan, new_answer_id
from bot.telegram import addressing
from retrieval.questions import follow_ups
from retrieval.types import Answer


async def ask(update: Update, context: Context) -> None:
    """`/ask QUESTION`."""
    question = arguments(context)
    if question:
        await answer_question(update, context, question)
    else:
        await send(update, context, usage_reply(Example.ASK, texts_of(update, context)))


async def compare(update: Update, context: Context) -> None:
    """`/compare PLACE PLACE TOPIC`; without a place, all that are covered."""
    words = arguments(context)
    if words:
        await compare_places(update, context, words)
    else:
        await send(update, context, usage_reply(Example.COMPARE, texts_of(update, context)))


async def compare_places(update: Update, context: Context, words: str, title: str = "") -> None:
    """The places named in the words side by side."""
    question = words if desk_of(context).names_places(words) else f"各地{words}"
    await answer_question(update, context, question, title)


async def question(update: Update, context: Context) -> None:
    """Plain text is a question, but for a paragraph that the person has just chosen by inline mode."""
    message = message_of(update)
    if message is None or not addressing.is_from(message, context.bot):
        await answer_question(
            update, context, addressing.without_name(message, context.bot) if message else ""
        )


async def group_question(update: Update, context: Context) -> None:
    """In a group, text that mentions the bot or replies to it; all other is none of its business."""
    message = message_of(update)
    is_for_bot = message is not None and not addressing.is_from(message, context.bot)
    words = addressing.words_to(message, context.bot) if message and is_for_bot else None
    if words:
        await answer_question(update, context, words)
    elif words is not None:
        await send(update, context, usage_reply(Example.ASK, texts_of(update, context)))


async def answer_question(update: Update, context: Context, text: str, title: str = "") -> None:
    """Answer, remember and log a question; the title repeats it if no message of the person shows it."""
    received_update, taken = received_update_of(update, context), time.monotonic()
    waited_before = (taken - received_update.at) * 1000 if received_update else 0.0
    answerer, conversations = desk_of(context), conversations_of(context)
    index, (before, place) = answerer.index.name, _turn_before(update, context)
    started = time.monotonic()
    with typing(update, context):
        exchange = await answerer.reply(text, before, place)
    answer, waited = exchange.answer, _milliseconds_since(started)
    if exchange.turn:  # kept before the answer is sent, so that the person can go on from it after a crash
        conversations.count_answer(answer, waited)
        conversations.save_turn(conversation_of(update), exchange.turn)
    answer_id, answered = new_answer_id(), time.monotonic()
    reply = answer_reply(
        answer,
        answerer.covered_places(),
        texts_of(update, context),
        link_to(update, context),
        resolved=exchange.resolved,
        answer_id=answer_id,
    )
    sent = await send(update, context, _titled(reply, title))
    if exchange.turn:
        conversations.save_answer(_given(update, exchange.turn, before, answer, (answer_id, index), sent))
    chat = pseudonym_of(conversation_of(update)[0], context)
    waiting = waited_before + max(0.0, waited - answer.took_ms)
    times = (waiting, _milliseconds_since(answered), waited_before + _milliseconds_since(taken))
    delivery = Delivery(answer_id, chat, index, *times)
    log_answer(answer, delivery, text if settings_of(context).log_questions else None)
    metrics_of(context).count_answer(answer, stage_times(answer, delivery))


def _milliseconds_since(started: float) -> float:
    return (time.monotonic() - started) * 1000


def _titled(reply: Reply, title: str) -> Reply:
    first, *others = reply.messages
    return Reply((f"<b>{escape(title)}</b>\n\n{first}", *others), reply.rows) if title else reply


def _turn_before(update: Update, context: Context) -> tuple[follow_ups.Turn | None, str | None]:
    """The turn that the message may follow up on, and the place of the answer that it replies to.

    The turn is that of the answer, or the one before the edited message, or the last one; a tapped question has none.
    """
    conversations, message, chat_id = (
        conversations_of(context),
        message_of(update),
        conversation_of(update)[0],
    )
    if message is None or update.callback_query:
        return None, None
    if update.edited_message:
        earlier = conversations.sent_for(chat_id, message.message_id)
        edited = conversations.answer_in(chat_id, earlier[-1]) if earlier else None
        return edited.before if edited else None, None
    answered = message.reply_to_message and conversations.answer_in(
        chat_id, message.reply_to_message.message_id
    )
    if answered:
        return answered.turn, _place_of(context, answered)
    return conversations.last_turn(conversation_of(update)), None


def _place_of(context: Context, answered: GivenAnswer) -> str | None:
    positions = (desk_of(context).catalog.spot(quote.passage_id) for quote in answered.quotes)
    return next((position.passage.place_name for position in positions if position), None)


def _given(
    update: Update,
    turn: follow_ups.Turn,
    before: follow_ups.Turn | None,
    answer: Answer,
    ids: tuple[str, str],
    sent: tuple[int, ...],
) -> GivenAnswer:
    chat_id, user_id = conversation_of(update)
    answer_id, index = ids
    return GivenAnswer(
        answer_id=answer_id,
        chat_id=chat_id,
        user_id=user_id,
        message_ids=sent,
        turn=turn,
        before=before,
        generation=index,
        quotes=tuple(QuotedSpan(quote.passage.passage_id, quote.start, quote.end) for quote in answer.quotes),
    )


async def convert_answer(update: Update, context: Context) -> None:
    """A button that shows the quotes of an answer in Simplified characters."""
    query, texts = update.callback_query, texts_of(update, context)
    if query is None:
        return
    given = conversations_of(context).answer(matched(context, "id"))
    await acknowledge(query, "" if given else texts.answer_forgotten, alert=given is None)
    if given:
        catalog = desk_of(context).catalog
        cited = [(catalog.spot(quote.passage_id), quote) for quote in given.quotes]
        quotes = [position.passage.text[quote.start : quote.end] for position, quote in cited if position]
        await send(
            update,
            context,
            converted_answer_reply(quotes, texts) if quotes else text_reply(texts.unknown_passage),
        )
