"""The buttons below an answer: reading on, keeping the quotes, verdicts; below an overview, its sections."""

from __future__ import annotations

from collections.abc import Sequence

from bot.locales import Texts
from bot.replies import callback_data as callbacks
from bot.replies.callback_data import View
from bot.replies.keyboards import button_rows, keeping_row, verdict_buttons
from bot.replies.markup import Button, Rows, clip, formal_reference
from bot.replies.refusals import refusal_rows
from bot.replies.welcome import browsing_rows
from bot.state import records
from retrieval.types import (
    Answer,
    Answered,
    Passage,
    QuestionType,
    Quote,
    Refused,
    SmallTalk,
    SmallTalkReply,
)

LEADS_SHOWN = 2
_LONGEST_LABEL = 24
_CITATIONS_WITH_BUTTONS = 8
_BUTTONS_IN_A_ROW = 4


def answer_rows(answer: Answer, texts: Texts, answer_id: str, examples: Sequence[tuple[int, str]]) -> Rows:
    """The buttons below an answer or a refusal; the examples (number and text) are offered below a refusal."""
    if not answer.hits:
        return browsing_rows(texts)
    match answer:
        case SmallTalkReply(small_talk=SmallTalk.GREETING | SmallTalk.WHO):
            return browsing_rows(texts)
        case SmallTalkReply():
            return ()
        case Refused():
            others = [example for example in examples if example[1] != answer.question]
            return refusal_rows(answer_id, others, verdict_buttons(answer_id), texts)
        case Answered(question_type=QuestionType.OVERVIEW):
            return (
                *_section_rows(answer, texts),
                keeping_row(answer_id, texts),
                _feedback_row(texts, answer_id),
            )
        case Answered():
            return (
                *_reading_rows(answer, texts, answer_id),
                keeping_row(answer_id, texts),
                _feedback_row(texts, answer_id),
            )


def _section_rows(answer: Answered, texts: Texts) -> Rows:
    """A button for each section of the items, or for each item where these are many."""
    leads, sections = leads_and_sections(answer)
    if sections:
        return tuple((_section_button(quote.passage, texts),) for quote in sections)
    buttons = [
        Button(
            clip(f"{quote.passage.place_name or texts.no_place} {quote.passage.bulletin}", _LONGEST_LABEL),
            callbacks.opens(View.ITEM, quote.passage.passage_id),
        )
        for quote in leads
    ]
    return button_rows(buttons, 2)


def _section_button(passage: Passage, texts: Texts) -> Button:
    numbered = (section.full for section in passage.section_path if section.label)
    label = next(numbered, passage.section_path[0].full if passage.section_path else texts.lead)
    return Button(clip(label, _LONGEST_LABEL), callbacks.opens(View.SECTION_BELOW, passage.passage_id))


def _reading_rows(answer: Answered, texts: Texts, answer_id: str) -> Rows:
    """Buttons that read the section of the first citation, or each citation of several places; then more, and copy."""
    copy = Button(texts.copy_reference, copies=formal_reference(answer.quotes))
    others = (Button(texts.more_results, callbacks.shows_more(answer_id)), copy)
    if not answer.by_place:
        read = callbacks.opens(View.SECTION_BELOW, answer.quotes[0].passage.passage_id)
        return ((Button(texts.read_section, read), *others),)
    cited = [
        Button(f"〔{c.number}〕", callbacks.opens(View.PASSAGE_BELOW, c.passage.passage_id))
        for c in answer.citations[:_CITATIONS_WITH_BUTTONS]
    ]
    return (*button_rows(cited, _BUTTONS_IN_A_ROW), others)


def _feedback_row(texts: Texts, answer_id: str) -> tuple[Button, ...]:
    wrong = Button(texts.wrong_citation, callbacks.judges(records.Verdict.WRONG_CITATION, answer_id))
    simplified = (Button(texts.to_simplified, callbacks.converts_answer(answer_id)),)
    return (*verdict_buttons(answer_id), wrong, *(simplified if texts.reads_simplified else ()))


def leads_and_sections(answer: Answered) -> tuple[list[Quote], list[Quote]]:
    """The first quote of each item, and the quotes that open a section if there are few enough for buttons."""
    first: dict[tuple[str, str, str | None], Quote] = {}
    for quote in answer.quotes:
        passage = quote.passage
        first.setdefault((passage.file, passage.bulletin, passage.place_name), quote)
    sections = [quote for quote in answer.quotes if quote.passage.section_path]
    return list(first.values()), sections if len(first) <= LEADS_SHOWN else []
