"""Screens of subscriptions: the answer to `/follow`, the list of `/following`, and the message with the news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from bot.locales import Texts
from bot.replies import markup
from bot.subscriptions.subscription import Subscription
from retrieval.types import Passage

MOST_LINKS = 5
LONGEST_WORDS = 60
"""Characters of what is followed: a name or a few words, which fit a button and a line."""

_LONGEST_LABEL = 14


class Press(StrEnum):
    """Actions of the buttons below a screen."""

    END = "x"
    ANYTIME = "a"
    """Have the messages of a subscription come at night too, or no longer."""
    LIST = "l"


PRESS = re.compile(r"z:(?P<press>[xal]):(?P<id>[0-9a-f]{12})\Z")
LISTS = f"z:{Press.LIST}:{'0' * 12}"


def _data(press: Press, subscription: Subscription) -> str:
    return f"z:{press}:{subscription.subscription_id}"


def followed_reply(subscription: Subscription, texts: Texts, *, is_new: bool) -> markup.Reply:
    """The screen after `/follow`: the subscription, new or known, and the hours at which the chat is told."""
    said = texts.following.followed if is_new else texts.following.known
    when = texts.following.anytime if subscription.is_anytime else texts.following.by_day
    return markup.text_reply(
        f"{said.format(words=subscription.words)}\n{when}", *_rows([subscription], texts)
    )


def following_reply(subscriptions: Sequence[Subscription], texts: Texts) -> markup.Reply:
    """The subscriptions of a chat: a row for each, with the buttons that end it and that choose its time."""
    if not subscriptions:
        return markup.text_reply(texts.following.none)
    return markup.text_reply(texts.following.list, *_rows(subscriptions, texts))


def _rows(subscriptions: Sequence[Subscription], texts: Texts) -> markup.Rows:
    return tuple(
        (
            markup.Button(f"✕ {markup.clip(each.words, _LONGEST_LABEL)}", _data(Press.END, each)),
            markup.Button(
                texts.following.button_by_day if each.is_anytime else texts.following.button_anytime,
                _data(Press.ANYTIME, each),
            ),
        )
        for each in subscriptions
    )


def news_reply(
    words: Sequence[str], passages: Sequence[Passage], texts: Texts, link: markup.LinkTo
) -> markup.Reply:
    """One message: how many passages are new or changed, links to the first of them, and the number of the others."""
    names = markup.shortened_names(list(dict.fromkeys(words)), texts)
    title = texts.following.news.format(words=f"<b>{markup.escape(names)}</b>", count=len(passages))
    links = [
        f"{number}. {markup.anchor(markup.short_citation(passage, texts), link(passage.passage_id, None))}"
        for number, passage in enumerate(passages[:MOST_LINKS], start=1)
    ]
    others = len(passages) - len(links)
    more = [markup.escape(texts.following.more.format(count=others))] if others else []
    rows = ((markup.Button(texts.following.button_list, LISTS),),)
    return markup.Reply(("\n".join([title, *links, *more]),), rows)
