"""Replies about the bot itself: coverage, measured quality, collections, and the deletion of personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.locales import AboutTexts, Texts
from bot.replies import callback_data
from bot.replies.callback_data import Choosing
from bot.replies.markup import (
    Button,
    Reply,
    clip,
    collection_name,
    escape,
    shortened_names,
    text_reply,
)
from bot.replies.welcome import home_row
from bot.serving import coverage_summary

_MOST_DATES = 12
_LONGEST_LABEL = 24
_MOST_LISTED = 40
"""Collections with buttons: a message takes at most 100 buttons."""


def about_reply(
    coverage: coverage_summary.Coverage, quality: coverage_summary.Quality | None, texts: Texts
) -> Reply:
    """Coverage, build time and error rates of the index in service."""
    covered = texts.about.coverage.format(
        places=len(coverage.places),
        bulletins=coverage.bulletins,
        passages=coverage.passages,
        names=escape(shortened_names(coverage.places, texts)),
    )
    built = texts.about.built.format(built=coverage.built_at[:16].replace("T", " "))
    blocks = (f"{covered}\n{_dates(coverage, texts)}", built, _measured(quality, texts.about))
    return Reply(("\n\n".join(blocks),), (home_row(texts),))


def _dates(coverage: coverage_summary.Coverage, texts: Texts) -> str:
    if not coverage.dates:
        return texts.about.no_dates
    return texts.about.dates.format(dates=escape(shortened_names(coverage.dates[:_MOST_DATES], texts)))


def _measured(quality: coverage_summary.Quality | None, texts: AboutTexts) -> str:
    if quality is None:
        return texts.no_measurement
    return texts.measured.format(
        questions=quality.questions,
        day=escape(quality.day),
        commit=escape(quality.commit),
        hit=_percent(quality.first_hit),
        quote=_percent(quality.first_quote),
        wrong_refusals=_percent(quality.wrong_refusals),
        near=_percent(quality.near_answered),
        far=_percent(quality.far_answered),
    )


def _percent(share: coverage_summary.Share | None) -> str:
    """The share with its interval: 91.2% (88-94%)."""
    return "—" if share is None else f"{share.value:.1%} ({100 * share.low:.0f}-{share.high:.0%})"


def forgotten_reply(rows: int, texts: Texts) -> Reply:
    """Confirmation of a deletion with its number of rows."""
    text = texts.about.forgotten.format(rows=rows) if rows else texts.about.nothing_kept
    return Reply((text,), (home_row(texts),))


@dataclass(frozen=True, slots=True)
class CollectionChoice:
    """The collections that there are, those that answer in a chat, and their descriptions by name."""

    names: Sequence[str]
    chosen: Sequence[str]
    descriptions: Mapping[str, str]


def collections_reply(choice: CollectionChoice, texts: Texts, *, may_choose: bool) -> Reply:
    """A line for each collection, those that answer here ticked; buttons for those who may choose."""
    if len(choice.names) == 1:
        return text_reply(texts.one_collection, home_row(texts))
    names = choice.names[:_MOST_LISTED]
    lines = "\n".join(_line(name, choice, texts) for name in names)
    hint = texts.choose_collection if may_choose else texts.collection_admins_only
    rows = tuple(_buttons(name, choice, texts) for name in names) if may_choose else ()
    return Reply(
        (f"<b>{escape(texts.collections)}</b>\n{lines}\n\n{escape(hint)}",), (*rows, home_row(texts))
    )


def _line(name: str, choice: CollectionChoice, texts: Texts) -> str:
    mark = "✓" if name in choice.chosen else "・"
    description = choice.descriptions.get(name, "")
    told = f"{collection_name(name, texts)}\u3000{description}".strip()
    return f"{mark} {escape(told)}"


def _buttons(name: str, choice: CollectionChoice, texts: Texts) -> tuple[Button, ...]:
    """The collection alone; and added to those chosen, or taken from them, but for the only one."""
    identity, is_chosen = callback_data.collection_id(name), name in choice.chosen
    label = clip(collection_name(name, texts), _LONGEST_LABEL)
    alone = Button(
        f"✓ {label}" if is_chosen else label, callback_data.chooses_collection(Choosing.ALONE, identity)
    )
    if is_chosen and len(choice.chosen) == 1:
        return (alone,)
    sign = texts.remove_collection if is_chosen else texts.add_collection
    return alone, Button(sign, callback_data.chooses_collection(Choosing.TOGETHER, identity))


def unknown_collection_reply(name: str, known: Sequence[str], texts: Texts) -> Reply:
    """Notice that no collection has the name, with the names that there are."""
    listed = texts.between_names.join(collection_name(each, texts) for each in known)
    return text_reply(texts.unknown_collection.format(name=clip(name, 60), known=listed))
