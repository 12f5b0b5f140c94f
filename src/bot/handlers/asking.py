"""Questions: typed, by command, tapped, in groups, as replies and edited."""

from __future__ import annotations

import time

from telegram import Update
from telegram.helpers import create_deep_linked_url

from bot.access import is_limited
from bot.groups import short_reply
from bot.handlers.browsing import open_asked_screen
from bot.handlers.context import Context
from bot.handlers.messages import edit
from bot.handlers.sending import acknowledge, send, typing
from bot.observability import Delivery, keep_out_of_the_log, log_answer, stage_times
from bot.replies import answers, callback_data, keyboards, markup, passages, welcome
from bot.serving import Answerer, Exchange
from bot.state import records
from bot.telegram import addressing
from bot.wording import is_worded, worded_preface
from retrieval.questions import follow_ups
from retrieval.types import Answer, Answered, SmallTalkReply


async def ask(update: Update, context: Context) -> None:
    """Answer `/ask QUESTION`."""
    if context.arguments:
        await _answer_or_open(update, context, context.arguments)
    else:
        await _explain(update, context, callback_data.Example.ASK)


async def compare(update: Update, context: Context) -> None:
    """Answer `/compare PLACE PLACE TOPIC`; without a place, compare all that are covered."""
    if context.arguments:
        await compare_places(update, context, context.arguments)
    else:
        await _explain(update, context, callback_data.Example.COMPARE)


async def compare_places(update: Update, context: Context, words: str, title: str = "") -> None:
    """Answer for the places named in the words side by side; names that no bulletin knows are left out and named in the reply."""
    answerer, texts = context.answerer, context.texts
    known, unknown = answerer.without_unknown_names(words)
    question = known if answerer.names_places(known) else f"各地{known}"
    notes = [texts.name_ignored.format(names=texts.between_names.join(unknown))] if unknown else []
    if unknown and answerer.count_places(known) == 1:
        notes.append(texts.one_place_left)
    await answer_question(update, context, question, title, note=" ".join(notes))


async def question(update: Update, context: Context) -> None:
    """Answer plain text, unless it is a paragraph that the person has just chosen by inline mode."""
    message = context.message
    if message is None or not addressing.is_from(message, context.bot):
        await _answer_or_open(
            update, context, addressing.without_name(message, context.bot) if message else ""
        )


async def group_question(update: Update, context: Context) -> None:
    """Answer text in a group that mentions the bot or replies to it; all other is ignored."""
    message = context.message
    if message is None or addressing.is_from(message, context.bot):
        return
    words = addressing.words_to(message, context.bot)
    if words:
        await _answer_or_open(update, context, words)
    elif words is not None:
        await _explain(update, context, callback_data.Example.ASK)


async def _answer_or_open(update: Update, context: Context, text: str) -> None:
    """Send the screen that the message asks for, or the entry of the last list; else answer it."""
    if not await open_asked_screen(update, context, text):
        await answer_question(update, context, text, note=_note_on_attachment(context))


def _note_on_attachment(context: Context) -> str:
    """A sentence that only the caption was read; empty for a message of text."""
    message = context.message
    if message is None or not message.caption:
        return ""
    return context.texts.picture_not_read if message.photo else context.texts.attachment_not_read


async def _explain(update: Update, context: Context, command: callback_data.Example) -> None:
    await send(update, context, welcome.usage_reply(command, context.texts))


async def answer_question(
    update: Update, context: Context, text: str, title: str = "", *, note: str = ""
) -> None:
    """Answer, remember and log a question; the title repeats it if no message of the person shows it."""
    answerer, conversations = context.answerer, context.services.conversations
    received_update, taken = context.received_update, time.monotonic()
    waited_before = (taken - received_update.at) * 1000 if received_update else 0.0
    index, (before, place) = answerer.index.name, _turn_before(update, context)
    started = time.monotonic()
    with typing(update, context):
        exchange = await answerer.reply(text, before, place)
    answer, waited = exchange.answer, _milliseconds_since(started)
    if exchange.turn:  # saved before the answer is sent, so that the person can go on from it after a crash
        conversations.count_answer(answer, waited)
        conversations.save_turn(context.conversation_key, exchange.turn)
    answer_id, answered = records.new_answer_id(), time.monotonic()
    reply = _reply(context, exchange, answer_id, title=title, note=note)
    sent = await send(update, context, reply)
    if exchange.turn:
        given = _given(context, exchange, before, (answer_id, index), sent)
        conversations.save_answer(given)
        if is_worded(answer) and _wants_wording(context, given):
            context.services.awaiting_wording[given.chat_id, sent[0]] = answer_id
            context.services.transport.background_tasks.start(_word(update, context, given, answer, reply))
    chat = context.services.pseudonym(context.conversation_key[0])
    waiting = waited_before + max(0.0, waited - answer.took_ms)
    times = (waiting, _milliseconds_since(answered), waited_before + _milliseconds_since(taken))
    _report(context, answer, Delivery(answer_id, chat, index, *times), text)


def _wants_wording(context: Context, given: records.GivenAnswer) -> bool:
    """Whether the answer may be worded: in a private chat, for a person who did not turn this off."""
    is_possible = context.services.wording and context.is_private and given.message_ids
    return bool(is_possible) and context.services.conversations.wants_wording(given.user_id)


async def _word(
    update: Update, context: Context, given: records.GivenAnswer, answer: Answered, reply: markup.Reply
) -> None:
    """Put the sentences of the language model that hold above the quotes, which have been sent without waiting for it."""
    services, message = context.services, (given.chat_id, given.message_ids[0])
    conversations, wording, awaiting = services.conversations, services.wording, services.awaiting_wording
    if wording is None:
        return
    keep_out_of_the_log([answer.question])
    worded = await wording.word(answer.question, answer)
    if awaiting.get(message) != given.answer_id:
        return
    del awaiting[message]
    if worded is None or not _shows_unjudged(context, given):
        return
    told = "" if conversations.told_host(given.chat_id) == wording.host else wording.host
    preface = worded_preface(worded, answer, context.texts, context.link, told)
    text = markup.with_preface(reply, preface).messages[0]
    rows = reply.rows if len(reply.messages) == 1 else ()
    if text != reply.messages[0] and await edit(update, context, text, rows, message[1]) and told:
        conversations.save_told_host(given.chat_id, told)


def _shows_unjudged(context: Context, given: records.GivenAnswer) -> bool:
    """Whether the message shows the answer as it was sent: not edited, forgotten, purged or judged meanwhile.

    A verdict is about the words that the person read, and its buttons show it.
    """
    conversations = context.services.conversations
    shown = conversations.answer_in(given.chat_id, given.message_ids[0])
    is_shown = shown is not None and shown.answer_id == given.answer_id
    return is_shown and not conversations.verdicts_on(given.answer_id)


def _milliseconds_since(started: float) -> float:
    return (time.monotonic() - started) * 1000


def _reply(context: Context, exchange: Exchange, answer_id: str, *, title: str, note: str) -> markup.Reply:
    """The whole answer in a private chat; in a group a few lines, and the rest behind a button."""
    if context.is_private:
        return _titled(whole_reply(context, exchange, answer_id), title, note)
    answer, texts = exchange.answer, context.texts
    whole = whole_reply(context, exchange, answer_id)
    covered, notes = context.answerer.covered_places(), [part for part in (title, note) if part]
    short = short_reply(exchange, whole, texts, context.link, covered=covered, notes=notes)
    if isinstance(answer, SmallTalkReply) or not answer.hits:
        return short
    verdicts = keyboards.verdict_buttons(answer_id)
    if not isinstance(answer, Answered):
        return context.with_pages(markup.Reply(short.messages, (verdicts,)), _quoted(answer))
    collecting = markup.Button(texts.basket.collect, callback_data.collects_answer(answer_id))
    opening = _whole_button(context, answer_id)
    reply = markup.Reply(short.messages, ((opening, *verdicts), (collecting,)))
    return context.with_pages(reply, _quoted(answer))


def _quoted(answer: Answer) -> list[tuple[str, markup.Span | None]]:
    """The ids of the quoted passages with the spans of the quotes, best first."""
    return [(quote.passage.passage_id, (quote.start, quote.end)) for quote in answer.quotes]


def _whole_button(context: Context, answer_id: str) -> markup.Button:
    """Opens the whole answer in the private chat; in place where the people of the group may not be served there."""
    label = context.texts.groups.whole_answer
    if is_limited(context.services.settings):
        return markup.Button(label, callback_data.opens_whole(answer_id))
    address = create_deep_linked_url(context.bot.username, callback_data.whole_payload(answer_id))
    return markup.Button(label, opens=address)


def whole_reply(
    context: Context, exchange: Exchange, answer_id: str, *, answerer: Answerer | None = None
) -> markup.Reply:
    """The answer as a private chat shows it; the answerer is by default that of the chat."""
    reply = answers.answer_reply(
        exchange.answer,
        (answerer or context.answerer).covered_places(),
        context.texts,
        context.link,
        resolved=exchange.resolved,
        answer_id=answer_id,
        examples=context.examples if exchange.answer.status == "refused" else (),
    )
    return context.with_pages(reply, _quoted(exchange.answer))


def _report(context: Context, answer: Answer, delivery: Delivery, question: str) -> None:
    log_answer(answer, delivery, question if context.services.settings.log_questions else None)
    context.services.metrics.count_answer(answer, stage_times(answer, delivery))


def _titled(reply: markup.Reply, title: str, note: str) -> markup.Reply:
    lines = [f"<b>{markup.escape(title)}</b>"] if title else []
    lines += [f"<i>{markup.escape(note)}</i>"] if note else []
    return markup.with_preface(reply, "\n".join(lines)) if lines else reply


def _turn_before(update: Update, context: Context) -> tuple[follow_ups.Turn | None, str | None]:
    """The turn that the message may follow up on, and the place of the answer that it replies to.

    The turn is that of the answer, or the one before the edited message, or the last one; a tapped question has none.
    """
    conversations, message = context.services.conversations, context.message
    chat_id, _ = context.conversation_key
    if message is None or update.callback_query:
        return None, None
    if update.edited_message:
        earlier = conversations.sent_for(chat_id, message.message_id)
        edited = conversations.answer_in(chat_id, earlier[-1]) if earlier else None
        return edited.before if edited else None, None
    replied_to = message.reply_to_message
    answered = conversations.answer_in(chat_id, replied_to.message_id) if replied_to else None
    if answered:
        return answered.turn, _place_of(context, answered)
    return conversations.last_turn(context.conversation_key), None


def _place_of(context: Context, answered: records.GivenAnswer) -> str | None:
    """The place of the first quoted passage that is still in the index."""
    answerer = context.answerer
    positions = (answerer.locate(quote.passage_id) for quote in answered.quotes)
    return next((position.passage.place_name for position in positions if position), None)


def _given(
    context: Context,
    exchange: Exchange,
    before: follow_ups.Turn | None,
    ids: tuple[str, str],
    sent: tuple[int, ...],
) -> records.GivenAnswer:
    """The record of an answer; the ids are those of the answer and of the index."""
    chat_id, user_id = context.conversation_key
    answer_id, index = ids
    resolved = exchange.resolved
    return records.GivenAnswer(
        answer_id=answer_id,
        chat_id=chat_id,
        user_id=user_id,
        message_ids=sent,
        turn=exchange.turn or follow_ups.Turn(""),
        before=before,
        generation=index,
        quotes=tuple(
            records.QuotedSpan(quote.passage.passage_id, quote.start, quote.end)
            for quote in exchange.answer.quotes
        ),
        asked=resolved.question if resolved else exchange.answer.read_as or exchange.answer.question,
    )


async def convert_answer(update: Update, context: Context) -> None:
    """Send the quotes of an answer in Simplified characters."""
    query, texts = update.callback_query, context.texts
    if query is None:
        return
    answer = context.services.conversations.answer(context.matched("id"))
    await acknowledge(query, "" if answer else texts.answer_forgotten, alert=answer is None)
    if answer:
        quotes = _quoted_texts(context, answer)
        reply = (
            passages.converted_answer_reply(quotes, texts)
            if quotes
            else markup.text_reply(texts.unknown_passage)
        )
        await send(update, context, reply)


def _quoted_texts(context: Context, answer: records.GivenAnswer) -> list[str]:
    """The quotes whose passages are still in the index."""
    answerer = context.answerer
    positions = [(answerer.locate(quote.passage_id), quote) for quote in answer.quotes]
    return [position.passage.text[quote.start : quote.end] for position, quote in positions if position]
