"""Renders the difference between the index in service and the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.administration import callback_data
from bot.locales import AdminTexts
from bot.operations import bulletin_removal
from bot.replies import markup
from retrieval.index import Index

_MOST_NAMES = 12
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class IndexChange:
    """The index in service, and the one that would serve instead."""

    now: Index
    then: Index


def rollback_reply(change: IndexChange, texts: AdminTexts) -> markup.Reply:
    """Both generations, the bulletins that go and come back, and the buttons that do it or leave it."""
    row = (
        markup.Button(texts.rollback.confirm, callback_data.rolls_back(change.then.name)),
        markup.Button(texts.cancel, callback_data.KEEPS_INDEX),
    )
    return markup.Reply(("\n\n".join(_blocks(change, texts)),), (row,))


def _blocks(change: IndexChange, texts: AdminTexts) -> Iterator[str]:
    rollback = texts.rollback
    yield rollback.question.format(now=_index(change.now, texts), then=_index(change.then, texts))
    now, then = (
        {each.bulletin_id: each for each in bulletin_removal.bulletins_of(index)}
        for index in (change.now, change.then)
    )
    lost = [each.name for number, each in now.items() if number not in then]
    back = [each.name for number, each in then.items() if number not in now]
    if lost:
        yield "\n".join([rollback.lost.format(count=len(lost)), *_names(lost, texts)])
    if back:
        yield "\n".join([rollback.back.format(count=len(back)), *_names(back, texts)])
    ids_now, ids_then = set(change.now.passages.ids.tolist()), set(change.then.passages.ids.tolist())
    line = rollback.passages if lost or back else rollback.same
    yield line.format(lost=len(ids_now - ids_then), back=len(ids_then - ids_now))


def _index(index: Index, texts: AdminTexts) -> str:
    return texts.rollback.index.format(
        generation=markup.escape(index.name),
        built=f"{index.manifest.built_at[:16].replace('T', ' ')} UTC",
        bulletins=len(index.passages.bulletins),
        passages=len(index.passages),
    )


def _names(names: Sequence[str], texts: AdminTexts) -> Iterator[str]:
    yield from (f"• {markup.escape(markup.clip(name, _LONGEST_NAME))}" for name in names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        yield texts.upload_more.format(count=len(names) - _MOST_NAMES)
