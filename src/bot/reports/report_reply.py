"""Renders a report for admins: what was asked, what was answered with its citation, why it is wrong; and its buttons."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.locales import Texts
from bot.replies import callback_data, markup
from bot.state import feedback, records
from retrieval.types import Passage

_LONGEST_QUESTION = 500
_LONGEST_QUOTE = 600
_QUOTES_SHOWN = 3
_LONGEST_GOLD = 120


@dataclass(frozen=True, slots=True)
class ReportedQuote:
    """A quote of the reported answer."""

    passage: Passage | None
    """None if the paragraph is no longer in the index."""
    start: int
    end: int


def report_reply(
    report: feedback.Feedback,
    quotes: Sequence[ReportedQuote],
    texts: Texts,
    link: markup.LinkTo,
    *,
    asks_gold: bool = False,
    note: str = "",
) -> markup.Reply:
    """The report with its state and buttons; with `asks_gold`, the buttons say which answer is right.

    `note` is a plain line above it all. Who asked and who reported is in no part of it.
    """
    blocks = [f"<i>{markup.escape(note)}</i>"] if note else []
    blocks += ["\n".join(_head(report, texts)), "\n".join(_answer(quotes, texts, link))]
    blocks += [state] if (state := "\n".join(_state(report, texts))) else []
    if asks_gold:
        blocks.append(texts.admin.inbox.how)
    rows = _gold_rows(report, texts) if asks_gold else _rows(report, texts)
    return markup.Reply(("\n\n".join(blocks),), rows)


def _head(report: feedback.Feedback, texts: Texts) -> Iterator[str]:
    inbox = texts.admin.inbox
    when = datetime.fromtimestamp(report.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    yield inbox.title.format(
        number=report.feedback_id, verdict=inbox.verdicts.get(report.verdict, report.verdict), when=when
    )
    if report.verdict is records.Verdict.BAD:
        reason = texts.reports.reasons[report.reason] if report.reason else inbox.no_reason
        yield inbox.reason.format(reason=markup.escape(reason))
    yield inbox.question.format(question=markup.escape(markup.clip(report.question, _LONGEST_QUESTION)))


def _answer(quotes: Sequence[ReportedQuote], texts: Texts, link: markup.LinkTo) -> Iterator[str]:
    inbox = texts.admin.inbox
    yield inbox.answer
    if not quotes:
        yield inbox.refused
    for quote in quotes[:_QUOTES_SHOWN]:
        if quote.passage is None:
            yield inbox.quote_gone
            continue
        text = markup.clip(quote.passage.text[quote.start : quote.end], _LONGEST_QUOTE)
        yield f"「{markup.escape(text)}」"
        path = markup.citation_path(quote.passage, texts)
        yield markup.anchor(path, link(quote.passage.passage_id, (quote.start, quote.end)))


def _state(report: feedback.Feedback, texts: Texts) -> Iterator[str]:
    inbox = texts.admin.inbox
    if report.decision:
        yield inbox.decisions[report.decision]
    if report.confirmed:
        golds = json.loads(report.confirmed)["gold"]
        answer = markup.clip(golds[0]["answer"], _LONGEST_GOLD) if golds else inbox.unanswerable
        yield inbox.made.format(answer=markup.escape(answer))


def _rows(report: feedback.Feedback, texts: Texts) -> markup.Rows:
    inbox = texts.admin.inbox
    return (
        (
            _button(inbox.right, callback_data.ReportAct.RIGHT, report),
            _button(inbox.wrong, callback_data.ReportAct.WRONG, report),
            _button(inbox.make, callback_data.ReportAct.ASK_GOLD, report),
        ),
        (_button(inbox.next, callback_data.ReportAct.NEXT, report),),
    )


def _gold_rows(report: feedback.Feedback, texts: Texts) -> markup.Rows:
    inbox = texts.admin.inbox
    quote = (
        ((_button(inbox.gold_quote, callback_data.ReportAct.GOLD_QUOTE, report),),) if report.quotes else ()
    )
    return (
        *quote,
        (_button(inbox.gold_near, callback_data.ReportAct.GOLD_NEAR, report),),
        (_button(inbox.gold_far, callback_data.ReportAct.GOLD_FAR, report),),
        (_button(inbox.back, callback_data.ReportAct.OPEN, report),),
    )


def _button(label: str, act: callback_data.ReportAct, report: feedback.Feedback) -> markup.Button:
    return markup.Button(label, callback_data.acts_on_report(act, report.feedback_id))
