"""Answers: quotes with their citations, or the refusal with what may be related."""

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
from bot.state.conversations import Verdict
from retrieval.questions import follow_ups
from retrieval.types import (
    Answer,
    Citation,
    Hit,
    Passage,
    PlaceAnswer,
    PlaceShift,
    QuestionType,
    Quote,
    SmallTalk,
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
    reading: follow_ups.Reading | None = None,
    answer_id: str | None = None,
) -> Reply:
    """The quotes with their citations, or the refusal; how the question was read stands first.

    Buttons only for an answer with an id: without one nothing could tell what they belong to.
    """
    is_exhausted = reading is not None and bool(reading.skip) and answer.status == "refused"
    blocks = [escape(texts.no_more)] if is_exhausted else _blocks(answer, covered, texts, link)
    read_as = reading.description if reading else answer.read_as
    if read_as:
        said = texts.read_as.format(reading=clip(read_as, LONGEST_NAMES))
        blocks.insert(0, f"<i>{escape(said)}</i>")
    return Reply(pack_blocks(blocks), _rows(answer, texts, answer_id) if answer_id else ())


def _blocks(answer: Answer, covered: Sequence[str], texts: Texts, link: LinkTo) -> list[str]:
    if answer.small_talk:
        return [escape(_small_talk(answer.small_talk, texts))]
    if answer.by_place:
        return _by_place(answer, texts, link)
    if answer.status == "answered":
        return _answered(answer, texts, link)
    if not answer.hits:
        return [texts.empty_question]
    return _refused(answer, covered, texts, link)


def _small_talk(said: SmallTalk, texts: Texts) -> str:
    match said:
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


def _by_place(answer: Answer, texts: Texts, link: LinkTo) -> list[str]:
    """A block for each place that stands alone: its name, its quotes or that there is none, its citations."""
    citations = {citation.passage.passage_id: citation for citation in answer.citations}
    blocks = [_place_block(place, citations, texts, link) for place in answer.by_place]
    if answer.kind is QuestionType.COVERAGE:
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


def _answered(answer: Answer, texts: Texts, link: LinkTo) -> list[str]:
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
    """That the answer is about another place than was asked about: one inside it, or one around it."""
    said = texts.place_inside if shift.is_inside else texts.place_around
    asked, cited = clip(shift.asked, LONGEST_NAMES), clip(shift.cited, LONGEST_NAMES)
    return f"<i>{escape(said.format(asked=asked, cited=cited))}</i>"


def _quote_line(quote: Quote, number: int, link: LinkTo, *, is_first: bool = False) -> str:
    """The quote with what answers in bold: all of the first one, where nothing in it was marked."""
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
    """The paragraph around the first quote, folded away, what is quoted of it in bold."""
    first, text = quotes[0], quotes[0].passage.text
    room = max(_LONGEST_EVIDENCE - (first.end - first.start), 0) // 2
    start, end = max(first.start - room, 0), min(first.end + room, len(text))
    quoted = sorted((quote.start, quote.end) for quote in quotes if quote.passage == first.passage)
    shown = mark_spans(text, (start, end), quoted, "b")
    return (
        f"<blockquote expandable>{'…' if start else ''}{shown}{'…' if end < len(text) else ''}</blockquote>"
    )


def _refused(answer: Answer, covered: Sequence[str], texts: Texts, link: LinkTo) -> list[str]:
    if answer.reason == "place_not_covered":
        asked = texts.between_names.join(answer.uncovered_places)
        said = texts.place_not_covered.format(
            places=clip(asked, LONGEST_NAMES), covered=shortened_names(covered, texts)
        )
    elif answer.masked:
        said = f"{texts.masked}\n「{answer.masked.text}」"
    elif answer.elsewhere:
        said = texts.said_elsewhere.format(asked=answer.elsewhere.asked, told_of=answer.elsewhere.told_of)
    else:
        said = texts.out_of_scope if answer.reason == "out_of_scope" else texts.not_found
    related = related_blocks(answer.hits[:_RELATED_SHOWN], texts, link)
    return [escape(said), f"<b>{escape(texts.maybe_related)}</b>", *related]


def related_blocks(hits: Sequence[Hit], texts: Texts, link: LinkTo) -> list[str]:
    """Each passage found as a link to it with the beginning of its text."""
    return [_related(hit.rank, hit.passage, texts, link) for hit in hits]


def _related(rank: int, passage: Passage, texts: Texts, link: LinkTo) -> str:
    title = anchor(f"{rank}. {citation_path(passage, texts)}", link(passage.passage_id, None))
    return f"{title}\n{escape(clip(passage.text, _LONGEST_SNIPPET))}"


def _rows(answer: Answer, texts: Texts, answer_id: str) -> Rows:
    if answer.small_talk in (SmallTalk.GREETING, SmallTalk.WHO) or not answer.hits:
        return browsing_rows(texts)
    if answer.small_talk:
        return ()
    good, bad = (
        Button(label, callbacks.judges(verdict, answer_id))
        for label, verdict in (("👍", Verdict.GOOD), ("👎", Verdict.BAD))
    )
    more = Button(texts.more_results, callbacks.shows_more(answer_id))
    if answer.status == "refused":
        return ((more, good, bad),)
    wrong = Button(texts.wrong_citation, callbacks.judges(Verdict.WRONG_CITATION, answer_id))
    copy = Button(texts.copy_reference, copies=formal_reference(answer.quotes))
    simplified = (Button(texts.to_simplified, callbacks.converts_answer(answer_id)),)
    last = (good, bad, wrong, *(simplified if texts.reads_simplified else ()))
    return (*_reading_rows(answer, texts, (more, copy)), last)


def _reading_rows(answer: Answer, texts: Texts, others: tuple[Button, ...]) -> Rows:
    """The section of the one citation that counts, or each of the citations of several places."""
    if not answer.by_place:
        read = callbacks.opens(View.SECTION_BELOW, answer.quotes[0].passage.passage_id)
        return ((Button(texts.read_section, read), *others),)
    cited = [
        Button(f"〔{c.number}〕", callbacks.opens(View.PASSAGE_BELOW, c.passage.passage_id))
        for c in answer.citations[:_CITATIONS_WITH_BUTTONS]
    ]
    return (*button_rows(cited, _BUTTONS_IN_A_ROW), others)
