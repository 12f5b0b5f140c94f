"""Guest mode: a cited answer in a chat that the bot is no member of, to a message that calls it by name.

The answer to a guest query is one inline message (https://core.telegram.org/bots/api#answerguestquery). The id of the chat may
be that of another chat of the bot, so only the person who calls counts: for access, for the collections, in what is stored.
"""

from __future__ import annotations

import re
import time

from telegram import Message, Update
from telegram.helpers import create_deep_linked_url

from bot.groups import short_reply
from bot.handlers import Context, asking, sending
from bot.observability import Delivery, log_answer, stage_times
from bot.replies import callback_data, markup
from bot.serving import Exchange
from bot.state import records
from bot.telegram import addressing
from retrieval.questions import screen_requests
from retrieval.types import Answered

_COMMAND = re.compile(r"^/\w+(?:@\w+)?\s*")
_PAYLOAD_OF_GUESTS = "guest"
"""Opens the first screen, as every unknown payload does."""


async def answer_guest(update: Update, context: Context) -> None:
    """Answer the message that calls the bot as a guest, in at most the lines of a group."""
    message = update.guest_message
    if message is None or not message.guest_query_id:
        return
    text = _COMMAND.sub("", _words(message, context)).strip()
    if not text or screen_requests.requested_screen(text):
        await sending.send(update, context, _usage(context))
        return
    taken = time.monotonic()
    exchange, answer_id = await context.answerer.reply(text), records.new_answer_id()
    waited = _milliseconds_since(taken)
    _remember(context, exchange, answer_id, waited)
    answered = time.monotonic()
    await sending.send(update, context, _reply(context, exchange, answer_id))
    answer, services = exchange.answer, context.services
    times = (max(0.0, waited - answer.took_ms), _milliseconds_since(answered), _milliseconds_since(taken))
    caller = services.pseudonym(context.conversation_key[1])
    delivery = Delivery(answer_id, caller, context.answerer.index.name, *times)
    log_answer(answer, delivery, text if services.settings.log_questions else None)
    services.metrics.count_answer(answer, stage_times(answer, delivery))


def _milliseconds_since(started: float) -> float:
    return (time.monotonic() - started) * 1000


def _words(message: Message, context: Context) -> str:
    """The message without the name of the bot; the one that it replies to, if it says nothing else."""
    words = addressing.words_to(message, context.bot)
    return addressing.without_name(message, context.bot) if words is None else words


def _usage(context: Context) -> markup.Reply:
    texts = context.texts.groups
    address = create_deep_linked_url(context.bot.username, _PAYLOAD_OF_GUESTS)
    return markup.text_reply(texts.start, (markup.Button(texts.open_bot, opens=address),))


def _reply(context: Context, exchange: Exchange, answer_id: str) -> markup.Reply:
    """The short answer; its one button opens the whole answer, or the bot where there is no more to it."""
    whole = asking.whole_reply(context, exchange, answer_id)
    covered = context.answerer.covered_places()
    short = short_reply(exchange, whole, context.texts, context.link, covered=covered)
    texts = context.texts.groups
    is_answered = isinstance(exchange.answer, Answered)
    payload = callback_data.whole_payload(answer_id) if is_answered else _PAYLOAD_OF_GUESTS
    address = create_deep_linked_url(context.bot.username, payload)
    label = texts.whole_answer if is_answered else texts.open_bot
    return markup.Reply(short.messages, ((markup.Button(label, opens=address),),))


def _remember(context: Context, exchange: Exchange, answer_id: str, waited: float) -> None:
    """Count the answer, and save it for its button; the next guest message does not follow up on it."""
    if exchange.turn is None:
        return
    conversations, (chat_id, user_id) = context.services.conversations, context.conversation_key
    conversations.count_answer(exchange.answer, waited)
    conversations.save_answer(
        records.GivenAnswer(
            answer_id=answer_id,
            chat_id=chat_id,
            user_id=user_id,
            message_ids=(),
            turn=exchange.turn,
            before=None,
            generation=context.answerer.index.name,
            quotes=tuple(
                records.QuotedSpan(quote.passage.passage_id, quote.start, quote.end)
                for quote in exchange.answer.quotes
            ),
        )
    )
