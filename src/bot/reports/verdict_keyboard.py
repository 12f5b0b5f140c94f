"""The buttons of verdicts below an answer, with those that are pressed, and the reasons of a thumbs-down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.locales import Texts
from bot.replies import callback_data, markup
from bot.state import records

REASONS_OF_ANSWERS = (
    records.Reason.PLACE,
    records.Reason.NOT_AN_ANSWER,
    records.Reason.OUTDATED,
    records.Reason.QUOTE,
)
REASONS_OF_REFUSALS = (
    records.Reason.IN_BULLETINS,
    records.Reason.MISREAD,
    records.Reason.PLACE,
    records.Reason.OUTDATED,
)
_REASONS_IN_A_ROW = 2
_PRESSED = "✓ "


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on an answer as its buttons show them."""

    answer_id: str
    by_person: Mapping[int, records.Verdict]
    viewer: int | None
    """The person whose verdict is ticked; None in a group, where verdicts are counted."""
    reasons: Sequence[records.Reason] = ()
    """The reasons to choose from, while they are asked for."""


def keyboard_with(shown: InlineKeyboardMarkup, verdicts: Verdicts, texts: Texts) -> InlineKeyboardMarkup:
    """The keyboard with the verdicts as they are now; all other buttons stay."""
    rows = [
        [_labelled(button, verdicts, texts) for button in row]
        for row in shown.inline_keyboard
        if not any(_is_reason(button) for button in row)
    ]
    return InlineKeyboardMarkup([*rows, *_reason_rows(verdicts, texts)])


def rows_with(rows: markup.Rows, verdicts: Verdicts, texts: Texts) -> markup.Rows:
    """The rows of a reply with the verdicts as they are now."""
    return tuple(tuple(_as_given(button, verdicts, texts) for button in row) for row in rows)


def _as_given(button: markup.Button, verdicts: Verdicts, texts: Texts) -> markup.Button:
    given = callback_data.FEEDBACK.match(button.data) if button.data else None
    if given is None or given["id"] != verdicts.answer_id:
        return button
    return replace(button, label=_label(records.Verdict(given["verdict"]), verdicts, texts))


def _is_reason(button: InlineKeyboardButton) -> bool:
    return isinstance(button.callback_data, str) and bool(callback_data.REASON.match(button.callback_data))


def _labelled(button: InlineKeyboardButton, verdicts: Verdicts, texts: Texts) -> InlineKeyboardButton:
    """The button with its label as the verdicts are; unchanged unless it gives a verdict on the answer."""
    data = button.callback_data if isinstance(button.callback_data, str) else ""
    given = callback_data.FEEDBACK.match(data)
    if given is None or given["id"] != verdicts.answer_id:
        return button
    return InlineKeyboardButton(
        _label(records.Verdict(given["verdict"]), verdicts, texts), callback_data=data
    )


def _label(verdict: records.Verdict, verdicts: Verdicts, texts: Texts) -> str:
    names = {
        records.Verdict.GOOD: "👍",
        records.Verdict.BAD: "👎",
        records.Verdict.WRONG_CITATION: texts.wrong_citation,
    }
    if verdicts.viewer is None:
        count = Counter(verdicts.by_person.values())[verdict]
        return f"{names[verdict]} {count}" if count else names[verdict]
    is_pressed = verdicts.by_person.get(verdicts.viewer) is verdict
    return f"{_PRESSED}{names[verdict]}" if is_pressed else names[verdict]


def _reason_rows(verdicts: Verdicts, texts: Texts) -> list[list[InlineKeyboardButton]]:
    buttons = [
        InlineKeyboardButton(
            texts.reports.reasons[reason],
            callback_data=callback_data.gives_reason(reason, verdicts.answer_id),
        )
        for reason in verdicts.reasons
    ]
    return [buttons[start : start + _REASONS_IN_A_ROW] for start in range(0, len(buttons), _REASONS_IN_A_ROW)]
