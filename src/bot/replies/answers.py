"""Renders answers: quotes with their citations, or the refusal with related passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.locales import Texts
from bot.replies import callback_data as callbacks
from bot.replies.callback_data import View
from bot.replies.keyboards import button_rows
from bot.replies.markup import (
    LONGEST_NAMES,
    Button,
    LinkTo,
    Reply,
    Rows,
    anchor,
    citation_path,
    clip,
    escape,
    mark_spans,
    shortened_names,
)
from bot.replies.message_length import pack_blocks
from bot.replies.references import formal_reference
from bot.replies.welcome import browsing_rows
from bot.state import records
from retrieval.questions import follow_ups
from retrieval.types import (
    Answer,
    Answered,
    Citation,
    Hit,
    Passage,
    PlaceAnswer,
    PlaceShift,
    QuestionType,
    Quote,
    Refused,
    RenamedPlace,
    SmallTalk,
    SmallTalkReply,
)

_LONGEST_EVIDENCE = 900
_LONGEST_SNIPPET = 72
_RELATED_SHOWN = 3
_CITATIONS_WITH_BUTTONS = 8
_BUTTONS_IN_A_ROW = 4


def answer_reply(
    answer: Answer,
    covered: Sequence[str],
    texts: Texts,
    link: LinkTo,
    *,
    resolved: follow_ups.ResolvedMessage | None = None,
    answer_id: str | None = None,
) -> Reply:
    """The quotes with their citations, or the refusal; below a line that says how the question was read.

    Buttons need an answer id.
    """
    is_exhausted = resolved is not None and bool(resolved.skip) and answer.status == "refused"
    blocks = [escape(texts.no_more)] if is_exhausted else _blocks(answer, covered, texts, link)
    blocks[:0] = [_renamed_line(place, texts) for place in answer.renamed_places]
    read_as = resolved.description if resolved else answer.read_as
    if read_as:
        line = texts.read_as.format(reading=clip(read_as, LONGEST_NAMES))
        blocks.insert(0, f"<i>{escape(line)}</i>")
    return Reply(pack_blocks(blocks), _rows(answer, texts, answer_id) if answer_id else ())


def _blocks(answer: Answer, covered: Sequence[str], texts: Texts, link: LinkTo) -> list[str]:
    match answer:
        case SmallTalkReply():
            return [escape(_small_talk(answer.small_talk, texts))]
        case Answered(by_place=()):
            return _answered(answer, texts, link)
        case Answered():
            return _by_place(answer, texts, link)
        case Refused(hits=()):
            return [texts.empty_question]
        case Refused():
            return _refused(answer, covered, texts, link)


def _small_talk(kind: SmallTalk, texts: Texts) -> str:
    match kind:
        case SmallTalk.GREETING:
            return texts.greeting
        case SmallTalk.THANKS:
            return texts.thanks
        case SmallTalk.GOODBYE:
            return texts.goodbye
        case SmallTalk.WHO:
            return texts.who_are_you
        case SmallTalk.ACKNOWLEDGEMENT:
            return texts.acknowledgement


def _by_place(answer: Answered, texts: Texts, link: LinkTo) -> list[str]:
    """A block for each place: its name, its quotes or a line that there are none, its citations."""
    citations = {citation.passage.passage_id: citation for citation in answer.citations}
    blocks = [_place_block(place, citations, texts, link) for place in answer.by_place]
    if answer.question_type is QuestionType.COVERAGE:
        blocks.insert(0, escape(texts.places_counted.format(count=len(answer.by_place))))
    return blocks


def _place_block(place: PlaceAnswer, citations: dict[str, Citation], texts: Texts, link: LinkTo) -> str:
    counted = f" {texts.passages_counted.format(count=place.passages)}" if place.passages else ""
    title = f"<b>{escape(clip(place.place, LONGEST_NAMES))}</b>{escape(counted)}"
    if not place.quotes:
        return f"{title}\n<i>{escape(texts.place_silent)}</i>"
    own = dict.fromkeys(citations[quote.passage.passage_id] for quote in place.quotes)
    quotes = [_quote_line(quote, citations[quote.passage.passage_id].number, link) for quote in place.quotes]
    return "\n".join([title, *quotes, _citation_lines(own, place.quotes, texts, link)])


def _answered(answer: Answered, texts: Texts, link: LinkTo) -> list[str]:
    numbers = {citation.passage.passage_id: citation.number for citation in answer.citations}
    first, *others = answer.quotes
    blocks = [_quote_line(first, numbers[first.passage.passage_id], link, is_first=True)]
    if answer.place_shift:
        blocks.insert(0, _place_shift_line(answer.place_shift, texts))
    if others:
        lines = [_quote_line(quote, numbers[quote.passage.passage_id], link) for quote in others]
        blocks.append("\n".join([f"<i>{escape(texts.also)}</i>", *lines]))
    blocks.append(_citation_lines(answer.citations, answer.quotes, texts, link))
    whole = first.passage.text
    return blocks if first.text == whole else [*blocks, _evidence(answer.quotes)]


def _place_shift_line(shift: PlaceShift, texts: Texts) -> str:
    """A line that the answer is about a place inside the one asked about, or around it."""
    line = texts.place_inside if shift.is_inside else texts.place_around
    asked, cited = clip(shift.asked, LONGEST_NAMES), clip(shift.cited, LONGEST_NAMES)
    return f"<i>{escape(line.format(asked=asked, cited=cited))}</i>"


def _renamed_line(place: RenamedPlace, texts: Texts) -> str:
    """A line that the place asked about has another name today."""
    line = texts.place_merged if place.is_merged else texts.place_renamed
    return f"<i>{escape(line.format(asked=place.asked, current=place.current, year=place.year))}</i>"


def _quote_line(quote: Quote, number: int, link: LinkTo, *, is_first: bool = False) -> str:
    """The quote with its marks in bold; the first quote is bold as a whole if it has none."""
    span = (quote.start, quote.end)
    marks = quote.marks or ((span,) if is_first else ())
    text = mark_spans(quote.passage.text, span, marks, "b")
    return f"「{text}」{anchor(f'〔{number}〕', link(quote.passage.passage_id, span))}"


def _citation_lines(
    citations: Iterable[Citation], quotes: Sequence[Quote], texts: Texts, link: LinkTo
) -> str:
    """A line for each citation, all of it a link to the first quote from its passage."""
    spans = {quote.passage.passage_id: (quote.start, quote.end) for quote in reversed(quotes)}
    return "\n".join(
        anchor(
            f"〔{citation.number}〕{citation_path(citation.passage, texts)}",
            link(citation.passage.passage_id, spans.get(citation.passage.passage_id)),
        )
        for citation in citations
    )


def _evidence(quotes: Sequence[Quote]) -> str:
    """The paragraph around the first quote, collapsed, with its quotes in bold."""
    first, text = quotes[0], quotes[0].passage.text
    room = max(_LONGEST_EVIDENCE - (first.end - first.start), 0) // 2
    start, end = max(first.start - room, 0), min(first.end + room, len(text))
    quoted = sorted((quote.start, quote.end) for quote in quotes if quote.passage == first.passage)
    excerpt = mark_spans(text, (start, end), quoted, "b")
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"<blockquote expandable>{before}{excerpt}{after}</blockquote>"


def _refused(answer: Refused, covered: Sequence[str], texts: Texts, link: LinkTo) -> list[str]:
    if answer.reason == "place_not_covered":
        asked = texts.between_names.join(answer.uncovered_places)
        message = texts.place_not_covered.format(
            places=clip(asked, LONGEST_NAMES), covered=shortened_names(covered, texts)
        )
    elif answer.reason == "date_not_covered" and not answer.masked:
        message = texts.date_not_covered
    elif answer.masked:
        message = f"{texts.masked}\n「{answer.masked.text}」"
    elif answer.elsewhere:
        message = texts.said_elsewhere.format(asked=answer.elsewhere.asked, told_of=answer.elsewhere.covered)
    else:
        message = texts.out_of_scope if answer.reason == "out_of_scope" else texts.not_found
    related = related_blocks(answer.hits[:_RELATED_SHOWN], texts, link)
    return [escape(message), f"<b>{escape(texts.maybe_related)}</b>", *related]


def related_blocks(hits: Sequence[Hit], texts: Texts, link: LinkTo) -> list[str]:
    """A block for each hit: a link to the passage, and the beginning of its text."""
    return [_related(hit.rank, hit.passage, texts, link) for hit in hits]


def _related(rank: int, passage: Passage, texts: Texts, link: LinkTo) -> str:
    title = anchor(f"{rank}. {citation_path(passage, texts)}", link(passage.passage_id, None))
    return f"{title}\n{escape(clip(passage.text, _LONGEST_SNIPPET))}"


def _rows(answer: Answer, texts: Texts, answer_id: str) -> Rows:
    if not answer.hits:
        return browsing_rows(texts)
    match answer:
        case SmallTalkReply(small_talk=SmallTalk.GREETING | SmallTalk.WHO):
            return browsing_rows(texts)
        case SmallTalkReply():
            return ()
        case Refused():
            more = Button(texts.more_results, callbacks.shows_more(answer_id))
            return ((more, *_verdict_buttons(answer_id)),)
        case Answered():
            return (*_reading_rows(answer, texts, answer_id), _feedback_row(texts, answer_id))


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
    return (*_verdict_buttons(answer_id), wrong, *(simplified if texts.reads_simplified else ()))


def _verdict_buttons(answer_id: str) -> tuple[Button, Button]:
    return (
        Button("👍", callbacks.judges(records.Verdict.GOOD, answer_id)),
        Button("👎", callbacks.judges(records.Verdict.BAD, answer_id)),
    )
