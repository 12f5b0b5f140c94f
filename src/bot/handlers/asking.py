"""Questions: typed, by command, tapped, in groups, as replies and edited."""

from __future__ import annotations

import time
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A message with what it is read in the light of."""

    text: str
    before: follow_ups.Turn | None
    reading: follow_ups.Reading | None


async def answer_question(update: Update, context: Context, text: str, title: str = "") -> None:
    """Read, answer, reply and remember; a title says what was asked where no message of the person's does."""
    received_update, taken = received_update_of(update, context), time.monotonic()
    waited_before = (taken - received_update.at) * 1000 if received_update else 0.0
    asked, index = _read(update, context, text), desk_of(context).index.name
    with typing(update, context):
        answer, waited = await _answer(context, asked)
    _remember(update, context, asked, answer, waited)
    answer_id, answered = new_answer_id(), time.monotonic()
    sent = await send(update, context, _titled(_reply(update, context, asked, answer, answer_id), title))
    if not answer.small_talk:
        given = _given(update, asked, answer, (answer_id, index), sent)
        conversations_of(context).save_answer(given)
    chat = pseudonym_of(conversation_of(update)[0], context)
    waiting = waited_before + max(0.0, waited - answer.took_ms)
    times = (waiting, _milliseconds_since(answered), waited_before + _milliseconds_since(taken))
    _report(context, answer, Delivery(answer_id, chat, index, *times), text)


async def _answer(context: Context, asked: _Asked) -> tuple[Answer, float]:
    """The answer, and how many milliseconds it was waited for."""
    started, answerer, reading = time.monotonic(), desk_of(context), asked.reading
    answer = await (
        answerer.answer(reading.question, reading.skip) if reading else answerer.answer(asked.text)
    )
    return answer, _milliseconds_since(started)


def _milliseconds_since(started: float) -> float:
    return (time.monotonic() - started) * 1000


def _remember(update: Update, context: Context, asked: _Asked, answer: Answer, waited: float) -> None:
    """Before the answer is sent: whoever reads it may go on from it, even if the bot dies just then."""
    kept = conversations_of(context)
    if not answer.small_talk:
        kept.count_answer(answer, waited)
        kept.save_turn(conversation_of(update), follow_ups.next_turn(asked.text, answer, asked.reading))


def _reply(update: Update, context: Context, asked: _Asked, answer: Answer, answer_id: str) -> Reply:
    covered, link = desk_of(context).covered_places(), link_to(update, context)
    return answer_reply(answer, covered, texts_of(update, context), link, asked.reading, answer_id)


def _report(context: Context, answer: Answer, delivery: Delivery, question: str) -> None:
    log_answer(answer, delivery, question if settings_of(context).log_questions else None)
    metrics_of(context).count_answer(answer, stage_times(answer, delivery))


def _titled(reply: Reply, title: str) -> Reply:
    first, *others = reply.messages
    return Reply((f"<b>{escape(title)}</b>\n\n{first}", *others), reply.rows) if title else reply


def _read(update: Update, context: Context, text: str) -> _Asked:
    """The text in the light of the answer it replies to, of the turn before it was edited, or of the last turn."""
    kept, message, chat_id = conversations_of(context), message_of(update), conversation_of(update)[0]
    last = kept.last_turn(conversation_of(update))
    if message is None or update.callback_query:
        return _Asked(text, last, None)
    if update.edited_message:
        earlier = kept.sent_for(chat_id, message.message_id)
        edited = kept.answer_in(chat_id, earlier[-1]) if earlier else None
        before = edited.before if edited else None
        return _Asked(text, before, follow_ups.read_follow_up(text, before))
    answered = message.reply_to_message and kept.answer_in(chat_id, message.reply_to_message.message_id)
    if answered:
        place = _place_of(context, answered)
        return _Asked(text, answered.turn, follow_ups.read_reply(text, answered.turn, place))
    return _Asked(text, last, follow_ups.read_follow_up(text, last))


def _place_of(context: Context, answered: GivenAnswer) -> str | None:
    spots = (desk_of(context).catalog.spot(quote.passage_id) for quote in answered.quotes)
    return next((spot.passage.place_name for spot in spots if spot), None)


def _given(
    update: Update, asked: _Asked, answer: Answer, ids: tuple[str, str], sent: tuple[int, ...]
) -> GivenAnswer:
    chat_id, user_id = conversation_of(update)
    answer_id, index = ids
    return GivenAnswer(
        answer_id=answer_id,
        chat_id=chat_id,
        user_id=user_id,
        message_ids=sent,
        turn=follow_ups.next_turn(asked.text, answer, asked.reading),
        before=asked.before,
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
        spots = [(catalog.spot(quote.passage_id), quote) for quote in given.quotes]
        quotes = [spot.passage.text[quote.start : quote.end] for spot, quote in spots if spot]
        await send(
            update,
            context,
            converted_answer_reply(quotes, texts) if quotes else text_reply(texts.unknown_passage),
        )
