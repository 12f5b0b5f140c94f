"""`/follow` and `/following` and the buttons below their screens; in a group for its admins only."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from telegram import Update

from bot.handlers import Context, admission, sending
from bot.replies import markup
from bot.subscriptions import screens, store
from bot.subscriptions.matches import TooManyMatchesError, digests, matching_passages
from bot.subscriptions.subscription import Subscription, new_subscription_id

_MOST_OF_A_CHAT = 20
_ANYTIME = re.compile(r"(?:\A|\s+)(?:anytime|隨時|随时)\s*\Z", re.IGNORECASE)
_WORD = re.compile(r"\w")


async def follow(update: Update, context: Context) -> None:
    """Answer `/follow WORDS [anytime]`: the chat is told of what rebuilds add or change there from now on."""
    texts = context.texts.following
    words = _ANYTIME.sub("", context.arguments).strip()
    if not await admission.may_speak_for_chat(update, context):
        await sending.send(update, context, markup.text_reply(texts.admins_only))
        return
    if not _WORD.search(words) or len(words) > screens.LONGEST_WORDS:
        await sending.send(update, context, markup.text_reply(texts.usage))
        return
    subscriptions = store.of_chat(context.services.database, context.conversation_key[0])
    if len(subscriptions) >= _MOST_OF_A_CHAT:
        await sending.send(update, context, screens.following_reply(subscriptions, context.texts))
        return
    await sending.send(update, context, await _followed(context, words))


async def _followed(context: Context, words: str) -> markup.Reply:
    is_anytime = bool(_ANYTIME.search(context.arguments))
    try:
        subscription = await _new_subscription(context, words, is_anytime=is_anytime)
    except TooManyMatchesError:
        return markup.text_reply(context.texts.following.too_many)
    database = context.services.database
    is_new = store.save(database, subscription)
    if not is_new:
        same = (
            each for each in store.of_chat(database, subscription.chat_id) if _is_same(each, subscription)
        )
        subscription = next(same, subscription)
        if is_anytime and not subscription.is_anytime:
            store.set_anytime(database, subscription.subscription_id, is_anytime=True)
            subscription = replace(subscription, is_anytime=True)
    return screens.followed_reply(subscription, context.texts, is_new=is_new)


def _is_same(one: Subscription, other: Subscription) -> bool:
    return (one.words, one.collections) == (other.words, other.collections)


async def _new_subscription(context: Context, words: str, *, is_anytime: bool) -> Subscription:
    """The subscription, with what matches now, which it is not told of."""
    answerer, message = context.answerer, context.message
    index = answerer.index
    matching = await asyncio.to_thread(matching_passages, words, index)
    chat_id, user_id = context.conversation_key
    return Subscription(
        subscription_id=new_subscription_id(),
        chat_id=chat_id,
        person_id=user_id,
        collections=answerer.chosen,
        words=" ".join(words.split()),
        language=context.language_tag,
        thread_id=message.message_thread_id if message and message.is_topic_message else None,
        is_anytime=is_anytime,
        generation=index.name,
        seen=frozenset(digests(matching).values()),
    )


async def following(update: Update, context: Context) -> None:
    """Answer `/following`: what the chat follows."""
    await sending.send(update, context, _list(context))


def _list(context: Context) -> markup.Reply:
    subscriptions = store.of_chat(context.services.database, context.conversation_key[0])
    return screens.following_reply(subscriptions, context.texts)


async def press(update: Update, context: Context) -> None:
    """End a subscription, choose the time of its messages, or show the list below the news."""
    query, texts, database = update.callback_query, context.texts, context.services.database
    if query is None:
        return
    pressed = screens.Press(context.matched("press"))
    if pressed is screens.Press.LIST:
        await sending.acknowledge(query)
        await sending.send(update, context, _list(context))
        return
    if not await admission.may_speak_for_chat(update, context):
        await sending.acknowledge(query, texts.following.admins_only, alert=True)
        return
    subscription = store.by_id(database, context.matched("id"))
    if subscription is None or subscription.chat_id != context.conversation_key[0]:
        await sending.acknowledge(query, texts.following.gone)
    elif pressed is screens.Press.END:
        store.end(database, subscription.subscription_id)
        await sending.acknowledge(query, texts.following.ended.format(words=subscription.words))
    else:
        is_anytime = not subscription.is_anytime
        store.set_anytime(database, subscription.subscription_id, is_anytime=is_anytime)
        await sending.acknowledge(query, texts.following.anytime if is_anytime else texts.following.by_day)
    await sending.turn_into(update, context, _list(context))
